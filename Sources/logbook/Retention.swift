import Configuration
import LogModel
import Reporting
import Retention

extension Pruning.Limits {
  /// What the configuration keeps, as of `now`.
  init(_ retention: Configuration.Retention, now: Int64) {
    self.init()
    lines = retention.lines.map { now - $0.microseconds }
    size = retention.size?.bytes
    keepsErrors = retention.keepErrors
    counts = retention.rollups.map { now - $0.microseconds }
    turns = (retention.sessions ?? retention.rollups).map { now - $0.microseconds }
    events = (retention.errors ?? retention.rollups).map { now - $0.microseconds }
    samples = (retention.metrics ?? retention.rollups).map { now - $0.microseconds }
  }
}

extension Pruning.Removed {
  static let columns = ["lines", "chunks", "counts", "turns", "events", "samples", "bytes"]

  private var numbers: [Int64] {
    [lines, Int64(chunks), counts, turns, events, samples, bytes]
  }

  var values: [Value] { numbers.map { .integer($0) } }

  var json: String {
    "{"
      + zip(Self.columns, numbers).map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }

  /// One sentence for people.
  var text: String {
    var parts = [counted(lines, "line")]
    if counts > 0 { parts.append("counts of \(counted(counts, "line"))") }
    if turns > 0 { parts.append(counted(turns, "turn")) }
    if events > 0 { parts.append(counted(events, "event")) }
    if samples > 0 { parts.append(counted(samples, "sample")) }
    return parts.joined(separator: ", ") + ", \(ByteCount(bytes))"
  }
}
