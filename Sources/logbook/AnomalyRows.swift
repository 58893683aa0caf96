import Anomalies
import LogModel
import Querying
import Reporting
import SQLite

/// Anomalies with the names of what they are about, and the command that prints their lines.
struct AnomalyRows {
  static let columns = [
    "kind", "source", "level", "pattern_id", "from", "until", "observed", "expected", "score",
    "low",
    "high", "series", "pattern", "evidence",
  ]

  private var sources: [Int64: String] = [:]
  /// The highest of each pattern in each source.
  private var levels: [Series: UInt8] = [:]

  init(_ db: borrowing Connection) throws {
    var source = try db.prepare("SELECT id, name FROM source")
    while try source.step() { sources[source.integer(0)] = source.text(1) }
    var first = try db.prepare(AnomalyQuery.firstsSQL)
    while try first.step() {
      levels[Series(source: first.integer(1), pattern: first.integer(0))] =
        UInt8(truncatingIfNeeded: first.integer(2))
    }
  }

  /// The number of the level that it is about, 0 for none.
  func level(_ anomaly: Anomaly) -> UInt8 {
    anomaly.series.level ?? (anomaly.series.pattern == nil ? 0 : levels[anomaly.series] ?? 0)
  }

  func name(_ anomaly: Anomaly) -> String { sources[anomaly.series.source] ?? "" }

  func row(_ anomaly: Anomaly, _ db: borrowing Connection) throws -> [Value] {
    let text = try anomaly.series.pattern.flatMap { try PatternLookup.text($0, db) }
    return [
      .text(anomaly.kind.rawValue), .text(name(anomaly)),
      Severity(rawValue: level(anomaly)).map { .text($0.name) } ?? .null,
      anomaly.series.pattern.map { .integer($0) } ?? .null,
      .text(Self.time(anomaly.buckets.lowerBound)), .text(Self.time(anomaly.buckets.upperBound)),
      .integer(Int64(anomaly.observed)), .real(Self.rounded(anomaly.expected)),
      .real(Self.rounded(anomaly.score)), .real(Self.rounded(anomaly.expectedRange.lowerBound)),
      .real(Self.rounded(anomaly.expectedRange.upperBound)), .integer(Int64(anomaly.seriesCount)),
      text.map { .text($0) } ?? .null, .text(evidence(anomaly)),
    ]
  }

  private func evidence(_ anomaly: Anomaly) -> String {
    var words = ["logbook", "search"]
    if let pattern = anomaly.series.pattern {
      words.append("pattern:\(pattern)")
    } else if let level = Severity(rawValue: anomaly.series.level ?? 0) {
      let worse = anomaly.kind == .errorRate ? nil : Severity(rawValue: level.rawValue + 1)
      words.append(shellWord("level:\(level.name)" + (worse.map { " -level:\($0.name)" } ?? "")))
    }
    words += ["--source", shellWord(name(anomaly))]
    words += ["--since", Self.minute(anomaly.buckets.lowerBound)]
    words += ["--until", Self.minute(anomaly.buckets.upperBound)]
    return words.joined(separator: " ")
  }

  private static func time(_ bucket: Int) -> String {
    Instant.text(Int64(bucket) * Bucket.microseconds)
  }

  private static func minute(_ bucket: Int) -> String { time(bucket).prefix(16) + "Z" }

  private static func rounded(_ number: Double) -> Double { (number * 10).rounded() / 10 }
}
