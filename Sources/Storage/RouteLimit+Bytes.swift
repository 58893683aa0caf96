import LogModel
import SQLite

// About how many bytes the routes of a source take in the tables `series` and `sample`.

extension RouteLimit {
  struct Bytes {
    var series: Int64
    var samples: Int64

    var total: Int64 { series + samples }
  }

  /// About how many bytes a sample takes, with the room that pages leave.
  ///
  /// The rest of a row of some 1,000 bytes has a page to itself.
  static func bytes(ofSample summary: MetricSummary, classes: Int) -> Int64 {
    let own = 36 + (summary.sum == nil ? 0 : 14) + 5 * Int64(classes) / 4
    return classes > longestClasses ? own / pageBytes * pageBytes + pageBytes + 600 : own
  }

  /// The same of a sample `p`.
  static let sampleBytes = """
    (CASE WHEN length(p.classes) > \(longestClasses) THEN \(ownBytes) / \(pageBytes) * \(pageBytes) + \(pageBytes + 600) \
    ELSE \(ownBytes) END)
    """
  private static let ownBytes =
    "(36 + 14 * (p.sum IS NOT NULL) + 5 * coalesce(length(p.classes), 0) / 4)"
  private static let pageBytes: Int64 = 4096
  private static let longestClasses = 960

  /// Of a series, and of its row in the index.
  static func bytes(ofSeries labels: [UInt8]) -> Int64 { 62 + Int64(labels.count) }

  /// The same of a series `s`.
  static let seriesBytes = "(62 + length(s.labels))"
  static let isOfRoutes =
    "s.rule BETWEEN \(StandardMetric.routeDuration.rawValue) AND \(StandardMetric.routeRequests.rawValue)"
  static let ofRoutes = "\(isOfRoutes) AND s.source = ?1"

  /// About how many bytes the routes of a source take.
  static func bytes(
    of source: Int64, upTo last: Int64 = StandardMetric.routeRequests.rawValue,
    _ db: borrowing Connection
  ) throws(SQLiteError) -> Bytes {
    let series = try db.integer(
      "SELECT CAST(total(\(seriesBytes)) AS INTEGER) FROM series s WHERE \(ofRoutes) AND s.rule <= ?2",
      source, last)
    let samples = try db.integer(
      """
      SELECT CAST(total(\(sampleBytes)) AS INTEGER)
      FROM series s CROSS JOIN sample p ON p.series = s.id WHERE \(ofRoutes) AND s.rule <= ?2
      """, source, last)
    return Bytes(series: series ?? 0, samples: samples ?? 0)
  }
}
