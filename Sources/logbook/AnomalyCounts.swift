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
    for first in try firsts(from: beginning(hours, db), db) { counts.add(first) }
    counts.catchAll = try db.integer(AnomalyQuery.catchAllSQL)
    return counts.anomalies(in: range)
  }

  /// The first hour that has another two in the day after it: a single line of 1970 comes from a clock
  /// that was not set.
  private static func beginning(
    _ hours: Range<Int64>, _ db: borrowing Connection
  ) throws -> Int64 {
    var (first, second) = (hours.lowerBound, Int64?.none)
    for _ in 0..<maxStrayHours {
      guard let next = try second ?? db.integer(AnomalyQuery.nextHourSQL, first),
        let third = try db.integer(AnomalyQuery.nextHourSQL, next)
      else { break }
      if third - first < 24 { return first }
      (first, second) = (next, third)
    }
    return hours.lowerBound
  }

  private static let maxStrayHours = 100

  /// - Parameter hour: what came up before it and comes later as well came up later.
  private static func firsts(from hour: Int64, _ db: borrowing Connection) throws -> [FirstSight] {
    let start = hour * Int64(Bucket.hour) * Bucket.microseconds
    var firsts: [FirstSight] = []
    var hasEarlier = false
    var row = try db.prepare(AnomalyQuery.firstsSQL)
    while try row.step() {
      let first = FirstSight(
        pattern: row.integer(0), source: row.integer(1),
        level: UInt8(truncatingIfNeeded: row.integer(2)), time: row.integer(3))
      hasEarlier = hasEarlier || first.time < start
      firsts.append(first)
    }
    guard hasEarlier else { return firsts }
    var times: [Series: Int64] = [:]
    var later = try db.prepare(AnomalyQuery.laterFirstsSQL(hour))
    while try later.step() {
      times[Series(source: later.integer(1), pattern: later.integer(0))] =
        later.integer(2) * Bucket.microseconds
    }
    for index in firsts.indices where firsts[index].time < start {
      let series = Series(source: firsts[index].source, pattern: firsts[index].pattern)
      firsts[index].time = times[series] ?? firsts[index].time
    }
    return firsts
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
