import Anomalies
import LogModel
import Querying
import SQLite

/// The counts of the store, as far as they are needed for a range.
enum AnomalyCounts {
  static func anomalies(_ filter: MinuteFilter, _ db: borrowing Connection) throws -> [Anomaly] {
    var extent = try db.prepare(AnomalyQuery.extentSQL)
    guard try extent.step(), extent.columnType(0) != .null else { return [] }
    let hours = extent.integer(0)..<extent.integer(1)
    guard let range = buckets(filter, in: hours) else { return [] }
    var patterns: [Int64: Int64] = [:]
    var skeleton = try db.prepare(AnomalyQuery.patternsSQL)
    while try skeleton.step() { patterns[skeleton.integer(0)] = skeleton.integer(1) }
    var counts = LineCounts()
    for hours in Self.hours(for: range) { try read(hours, patterns, into: &counts, db) }
    var row = try db.prepare(AnomalyQuery.firstsSQL)
    while try row.step() {
      counts.add(
        FirstSight(
          pattern: row.integer(0), source: row.integer(1),
          level: UInt8(truncatingIfNeeded: row.integer(2)), time: row.integer(3)))
    }
    return counts.anomalies(in: range)
  }

  /// What is read for a range that ends now unless it is said when.
  static func sql(_ filter: MinuteFilter, now: Int64) -> [String] {
    let end = Int64(Bucket.holding(filter.until ?? now)) / 12 + 1
    let range = buckets(
      filter, in: min(filter.since.map { Int64(Bucket.holding($0)) / 12 } ?? 0, end)..<end)
    return [AnomalyQuery.firstsSQL, AnomalyQuery.patternsSQL]
      + (range.map(hours(for:)) ?? []).map(AnomalyQuery.hoursSQL)
  }

  /// Nil where the range has none of the hours.
  private static func buckets(_ filter: MinuteFilter, in hours: Range<Int64>) -> Range<Int>? {
    let start = max(
      Int(hours.lowerBound) * Bucket.hour, filter.since.map(Bucket.holding) ?? .min)
    let end = min(
      Int(hours.upperBound) * Bucket.hour,
      filter.until.map { Bucket.holding($0 - 1) + 1 } ?? .max)
    return start < end ? start..<end : nil
  }

  private static func hours(for range: Range<Int>) -> [Range<Int64>] {
    LineCounts.needed(for: range).map { buckets in
      let start = (Double(buckets.lowerBound) / Double(Bucket.hour)).rounded(.down)
      let end = (Double(buckets.upperBound) / Double(Bucket.hour)).rounded(.up)
      return Int64(start)..<Int64(end)
    }
  }

  /// - Parameter patterns: by skeleton.
  private static func read(
    _ hours: Range<Int64>, _ patterns: [Int64: Int64], into counts: inout LineCounts,
    _ db: borrowing Connection
  ) throws {
    var slots = [UInt32](repeating: 0, count: Bucket.hour)
    var row = try db.prepare(AnomalyQuery.hoursSQL(hours))
    while try row.step() {
      guard let pattern = patterns[row.integer(3)] else { continue }
      for slot in 0..<Bucket.hour { slots[slot] = UInt32(clamping: row.integer(4 + Int32(slot))) }
      counts.add(
        hour: Int(row.integer(0)), source: row.integer(1),
        level: UInt8(truncatingIfNeeded: row.integer(2)), pattern: pattern, slots.span)
    }
  }
}
