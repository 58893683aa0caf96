import TestSupport
import Testing

/// Random logs: what a dry run says for a size is what is then done, and a size is reached or refused.
@Suite struct `Pruning for a size` {
  private struct Store {
    let logs = LogFolder()
    var options: [String] = []
    var about: String

    init(seed: UInt64) {
      var random = SeededRandom(seed: seed)
      let kinds = [2, 60, 3000, 60_000][Int(seed % 4)]
      let sources = Int.random(in: 1...3, using: &random)
      let step = Int.random(in: 3...40, using: &random)
      let errors = Int.random(in: 5...60, using: &random)
      if Bool.random(using: &random) { options = ["--keep-errors"] }
      about =
        "seed \(seed): \(kinds) kinds, \(sources) sources, \(step) s, error each \(errors) \(options)"
      for source in 0..<sources {
        logs.append(
          "\(source).log",
          records: (0..<10_000 / (source + 1)).map { number in
            let level = number % errors == 1 ? "ERROR" : "INFO"
            let kind = Self.text(Int.random(in: 0..<kinds, using: &random))
            return
              "\(LogFolder.time(number * step)) \(level) \(kind) took \(Int.random(in: 0..<99_999, using: &random))"
          })
      }
      logs.shell("touch -d '1 hour ago' *.log")
      logs.ingest()
      logs.shell("cp ../logbook.db ../whole.db")
    }

    private static func text(_ kind: Int) -> String {
      let words = ["alpha", "bravo", "delta", "fancy", "grape", "hotel", "lemon", "mango"]
      return [1, 8, 64, 512, 4096, 32_768].map { words[kind / $0 % 8] }.joined(separator: " ")
    }

    /// The exit status, and what is removed of the whole store, by columns.
    func prune(to size: Int, isDryRun: Bool) -> (status: Int32, columns: [String: Int]) {
      logs.shell("rm -f ../logbook.db-*; cp ../whole.db ../logbook.db")
      let outcome = logs.run(
        ["prune", "--format", "csv", "--max-size", "\(size)"] + options
          + (isDryRun ? ["--dry-run"] : []))
      let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",") }
      guard lines.count == 2 else { return (outcome.status, [:]) }
      let columns = zip(lines[0], lines[1]).map { (String($0), Int($1) ?? -1) }
      return (outcome.status, Dictionary(uniqueKeysWithValues: columns))
    }

    var used: Int {
      Int(
        logs.value(
          """
          SELECT (page_count - freelist_count) * page_size
          FROM pragma_page_count, pragma_freelist_count, pragma_page_size
          """)) ?? 0
    }
  }

  @Test(arguments: [5, 6, 7] as [UInt64])
  func `reaches each that a dry run says it can, with no more lines than it says`(_ seed: UInt64) {
    let store = Store(seed: seed)
    let whole = store.used
    var (low, high) = (0, whole)
    while high - low > 1 << 15 {
      let middle = (low + high) / 2
      if store.prune(to: middle, isDryRun: true).status == 0 { high = middle } else { low = middle }
    }
    let refused = store.prune(to: low, isDryRun: false)
    #expect(
      refused.status == 74 && refused.columns["lines"] == 0 && refused.columns["counts"] == 0,
      "\(store.about): \(low) bytes: \(refused)")
    #expect(store.used == whole, "\(store.about)")
    for percent in [0, 30, 80] {
      let size = high + (whole - high) * percent / 100
      let said = store.prune(to: size, isDryRun: true)
      let done = store.prune(to: size, isDryRun: false)
      let about = "\(store.about): \(size) of \(whole) bytes: \(said), then \(done)"
      #expect(said.status == 0 && done.status == 0 && store.used <= size, "\(about)")
      // A page more or less may need a chunk more or less.
      let lines = (said.columns["lines"] ?? -1, done.columns["lines"] ?? -1)
      #expect(abs(lines.0 - lines.1) <= 4096, "\(about)")
      // Nor does it take more than another step of counts, some hundred kilobytes.
      let bytes = (said.columns["bytes"] ?? -1, done.columns["bytes"] ?? -1)
      #expect(abs(bytes.0 - bytes.1) <= max(100_000, bytes.1 / 10), "\(about)")
      #expect(size - store.used <= whole / 6, "\(about)")
    }
    store.logs.expectVerified()
  }
}
