import TestSupport
import Testing

/// Count, first and last time of an error are those of what was asked for: of its lines there.
@Suite struct `Times of errors` {
  @Test(arguments: [1, 2] as [UInt64])
  func `are those of the range, the sources and the levels`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let logs = LogFolder()
    for name in ["a.log", "b.log"] {
      var second = 0
      logs.append(
        name,
        records: (0..<300).map { _ in
          second += Int.random(in: 1...1800, using: &random)
          let error = ["disk full", "no route", "bad gateway"].randomElement(using: &random) ?? ""
          let level = Bool.random(using: &random) ? "ERROR" : "FATAL"
          return "\(LogFolder.time(second)) \(level) \(error)"
        })
    }
    logs.shell("touch -d '1 hour ago' *.log")
    logs.ingest()
    for _ in 0..<6 {
      let times = [
        Int.random(in: 0...250_000, using: &random), Int.random(in: 0...250_000, using: &random),
      ]
      .sorted().map { LogFolder.time($0) }
      let source = Bool.random(using: &random) ? ["--source", logs.file("a.log")] : []
      let level = Bool.random(using: &random) ? ["--level", "fatal"] : []
      for range in [
        ["--since", times[0]], ["--until", times[1]], ["--since", times[0], "--until", times[1]],
      ] {
        let arguments = range + source + level
        let listed = logs.run(["errors", "list", "--format", "csv"] + arguments)
        let rows = listed.output.split(separator: "\n").dropFirst()
          .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(!rows.isEmpty && rows.allSatisfy { $0.count == 9 }, "\(arguments): \(rows)")
        for row in rows where row.count == 9 {
          let lines = logs.run(["search", "error:\(row[0])", "--format", "csv"] + arguments).output
            .split(separator: "\n").dropFirst().compactMap {
              $0.split(separator: ",").dropFirst().first
            }
          let about = "seed \(seed): \(arguments): \(row), not \(lines.count) lines"
          #expect(row[5] == "\(lines.count)", "\(about)")
          #expect(lines.last == row[6] && lines.first == row[7], "\(about)")
        }
        #expect(listed.status == 0, "\(arguments): \(listed.errorOutput)")
      }
    }
    let path = logs.logbook.scratch.file("report.json")
    let until = LogFolder.time(100_000)
    #expect(logs.run(["report", "--json", "--out", path, "--until", until]).status == 0)
    let last = logs.shell("jq -r '[.errors.most_frequent[].last_seen] | max' ../report.json").output
    let newest =
      logs.run(["search", "--until", until, "-n", "1", "--format", "csv"]).output
      .split(separator: "\n").last?.split(separator: ",").dropFirst().first?.prefix(16) ?? ""
    #expect(last.prefix(16) == newest, "\(last), not \(newest)")
  }
}
