import TestSupport
import Testing

/// Random records in random files, read in random runs: each counts as often as in the file that has it most often.
@Suite struct `Copies of random records` {
  private struct History {
    private static let metrics = ["business_event", "route_requests", "event_duration_ms", "sold"]

    private let logs = LogFolder()
    private var random: SeededRandom
    /// By file, however it is called now: how often it has each record.
    private var files: [Int: [String: Int]] = [:]
    /// The file under each name that is written to.
    private var active: [String: Int] = [:]
    private var records: [String] = []
    private var actions: [String] = []
    private var rotations = 0

    init(seed: UInt64) {
      random = SeededRandom(seed: seed)
      logs.configuration = """
        sources: [{name: shop, path: \(logs.path)/*}]
        metrics: [{name: sold, pattern: '"price":(\\d+)', function: sum}]
        """
    }

    private mutating func chance(_ percent: Int) -> Bool {
      Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func newRecord() -> String {
      let number = records.count / 3 * Int.random(in: 1...2, using: &random)
      let digits = [0, 3, 6].randomElement(using: &random) ?? 0
      let second = LogFolder.time(number, 0).dropLast(5)
      let part = digits == 0 ? "" : "." + String("123456".prefix(digits))
      let time = chance(90) ? #""time":"\#(second)\#(part)Z","# : ""
      let price = Int.random(in: 1...3, using: &random)
      return switch Int.random(in: 0..<3, using: &random) {
      case 0:
        #"{\#(time)"message":"m","details":{"event":"business_event","event_name":"e\#(price)"},"price":\#(price)}"#
      case 1: #"{\#(time)"method":"GET","path":"/p\#(price)","status":200,"price":\#(price)}"#
      default: #"{\#(time)"message":"m","event":"step","duration_ms":\#(price),"price":\#(price)}"#
      }
    }

    private mutating func write() {
      var record = records.randomElement(using: &random) ?? ""
      if records.isEmpty || chance(60) {
        record = newRecord()
        records.append(record)
      } else if chance(70) {
        record = records[max(0, records.count - 4)...].randomElement(using: &random) ?? record
      }
      for name in ["app.log", "app-debug.log", "other.log"] where chance(50) {
        let count = chance(15) ? 2 : 1
        let file = active[name] ?? files.count
        active[name] = file
        files[file, default: [:]][record, default: 0] += count
        for _ in 0..<count { append(record, to: name) }
      }
    }

    private mutating func append(_ record: String, to name: String) {
      guard chance(10) else { return logs.appendText(name, record + "\n") }
      let half = Int.random(in: 0...record.utf8.count, using: &random)
      logs.appendText(name, String(record.prefix(half)))
      actions.append("half of a record in \(name)")
      ingest()
      logs.appendText(name, String(record.dropFirst(half)) + "\n")
    }

    private mutating func rotate() {
      guard let (name, _) = active.sorted(by: { $0.key < $1.key }).randomElement(using: &random)
      else { return }
      rotations += 1
      let rotated = "\(name).\(rotations)"
      switch Int.random(in: 0..<3, using: &random) {
      case 0: logs.shell("mv \(name) \(rotated)")
      case 1: logs.shell("mv \(name) \(rotated); gzip \(rotated)")
      default: logs.shell("cp \(name) \(rotated); : > \(name)")
      }
      actions.append("rotate \(name)")
      active[name] = nil
    }

    private mutating func ingest() {
      actions.append("ingest")
      logs.ingest("--source", "shop", logs.path)
    }

    /// By metric, the counts and sums of the records that are the most of a file, or have no time.
    private func expected() -> [String] {
      var most: [String: Int] = [:]
      for (record, count) in files.values.joined() {
        let isTimed = record.contains(#""time""#)
        most[record] = isTimed ? max(most[record] ?? 0, count) : (most[record] ?? 0) + count
      }
      return Self.metrics.map { metric in
        var (count, sum) = (0, 0)
        for (record, times) in most where Self.isCounted(record, by: metric) {
          count += times
          sum += times * (Int(String(record.dropLast().last ?? "0")) ?? 0)
        }
        let hasSum = ["event_duration_ms", "sold"].contains(metric)
        return "\(metric) \(count) \(hasSum ? "\(sum)" : "-")"
      }
    }

    private static func isCounted(_ record: String, by metric: String) -> Bool {
      switch metric {
      case "business_event": record.contains(metric)
      case "route_requests": record.contains("method")
      case "event_duration_ms": record.contains("duration_ms")
      default: true
      }
    }

    private func stored() -> [String] {
      Self.metrics.map { metric in
        logs.value(
          """
          SELECT '\(metric) ' || coalesce(sum(count), 0) || ' ' || coalesce(CAST(sum(sum) AS INTEGER), '-')
          FROM samples WHERE metric = '\(metric)'
          """)
      }
    }

    /// What is not as it should be; nil: nothing.
    mutating func failure() -> String? {
      for _ in 0..<Int.random(in: 20...60, using: &random) {
        write()
        if chance(15) { ingest() }
        if chance(5) { rotate() }
      }
      logs.shell("touch -d '1 hour ago' *")
      ingest()
      if let wrong = difference("read") { return wrong }
      let verified = logs.run(["verify", "--deep"])
      guard verified.status == 0 else { return verified.output + verified.errorOutput }
      for metric in ["sold", "business_event", "route_requests"] {
        let rebuilt = logs.run(["metrics", "rebuild", metric])
        // Of what was never counted there is no metric.
        let isThere = !expected().contains { $0.hasPrefix(metric + " 0") }
        guard rebuilt.status == 0 || !isThere else { return rebuilt.errorOutput }
      }
      return difference("counted anew")
    }

    private func difference(_ about: String) -> String? {
      let (expected, stored) = (expected(), stored())
      guard expected != stored else { return nil }
      return "\(about): \(stored) instead of \(expected), after\n\(actions.joined(separator: "\n"))"
    }
  }

  @Test func `count as often as in the file that has them most often`() {
    for round in 0..<12 as Range<UInt64> {
      let seed = Seed.value &+ round
      var history = History(seed: seed)
      if let failure = history.failure() {
        Issue.record("SEED=\(seed): \(failure)")
        return
      }
    }
  }
}
