import LineStore
import LogModel
import SQLite

/// How many lines there are of something, from when to when, and the highest level among them.
struct SkeletonSum: Equatable {
  /// 0 for none.
  var level: Int64 = 0
  var first = Int64.max
  var last = Int64.min
  var count: Int64 = 0

  mutating func add(_ other: SkeletonSum) {
    level = max(level, other.level)
    first = min(first, other.first)
    last = max(last, other.last)
    count &+= other.count
  }

  var described: String { "level \(level) from \(first) to \(last) µs" }
}

/// What the store counts of its skeletons, by source and level and by minute, beside the lines.
struct SkeletonCounts {
  private let places: Places
  private var sources: [PatternTally.Group: SkeletonSum] = [:]
  /// From `skeleton_count`.
  private var minutes: [PatternTally.Group: Digest] = [:]
  /// Its hours and five minutes, and those of `skeleton_hour`.
  private var hours: [PatternTally.Group: Digest] = [:]
  private var storedHours: [PatternTally.Group: Digest] = [:]
  /// Of each skeleton that has lines.
  private(set) var sums: [Int64: SkeletonSum] = [:]
  private(set) var total: Int64 = 0

  init(reading db: borrowing Connection, _ places: Places) throws(SQLiteError) {
    self.places = places
    do {
      var row = try db.prepare(
        "SELECT source, skeleton, level, first_us, last_us, count FROM skeleton_source")
      while try row.step() {
        let group = PatternTally.Group(
          source: row.integer(0), skeleton: row.integer(1), level: row.integer(2))
        let sum = SkeletonSum(
          level: group.level, first: row.integer(3), last: row.integer(4), count: row.integer(5))
        sources[group] = sum
        sums[group.skeleton, default: SkeletonSum()].add(sum)
        total &+= sum.count
      }
    }
    do {
      var row = try db.prepare("SELECT minute, source, level, skeleton, count FROM skeleton_count")
      while try row.step() {
        let group = PatternTally.Group(
          source: row.integer(1), skeleton: row.integer(3), level: row.integer(2))
        minutes[group, default: Digest()].add(row.integer(0), count: row.integer(4))
        let hour = HourCount.hour(ofMinute: row.integer(0))
        let slot = (row.integer(0) - hour * 60) / 5
        var digest = hours[group] ?? Digest()
        digest.add(Self.key(hour), count: row.integer(4))
        digest.add(Self.key(hour, slot: slot), count: row.integer(4))
        hours[group] = digest
      }
    }
    var row = try db.prepare(
      "SELECT hour, source, level, skeleton, \(HourCount.columns) FROM skeleton_hour")
    while try row.step() {
      let group = PatternTally.Group(
        source: row.integer(1), skeleton: row.integer(3), level: row.integer(2))
      var digest = storedHours[group] ?? Digest()
      digest.add(Self.key(row.integer(0)), count: row.integer(4))
      for slot in 0..<Int64(HourCount.slots) {
        digest.add(
          Self.key(row.integer(0), slot: slot), count: row.integer(5 + Int32(slot)))
      }
      storedHours[group] = digest
    }
  }

  /// Of an hour, or of five minutes in it.
  private static func key(_ hour: Int64, slot: Int64 = -1) -> Int64 {
    hour &* Int64(HourCount.slots + 1) &+ slot &+ 1
  }

  /// Adds what differs between the two, and from the lines.
  func compare(
    _ tally: PatternTally, gone: [Int64: Places.Removal], _ faults: inout Faults
  ) {
    let groups = Set(sources.keys).union(minutes.keys).union(tally.groups.keys).union(
      storedHours.keys)
    // A line that is gone stays counted for a while, and says no more under which skeleton.
    var surplus: [Int64: Int64] = [:]
    for group in groups {
      let rows = tally.groups[group].map { tally.lines[$0].minutes.count } ?? 0
      surplus[group.source, default: 0] &+= max(0, (minutes[group]?.count ?? 0) &- rows)
    }
    for group in groups.sorted(by: Self.isBefore) {
      let lines = tally.groups[group].map { tally.lines[$0] } ?? PatternTally.Lines()
      let stored = minutes[group] ?? Digest()
      let sum = sources[group] ?? SkeletonSum()
      if sum.count != stored.count {
        faults.add("\(name(group)): count is \(sum.count), but skeleton_count has \(stored.count)")
      }
      if hours[group] != storedHours[group] {
        faults.add("\(name(group)): skeleton_hour does not have the sums of skeleton_count")
      }
      let mayHaveMore = surplus[group.source] == gone[group.source].map { $0.lines - $0.uncounted }
      let isLess = stored.count > lines.minutes.count && mayHaveMore
      if stored.count != lines.minutes.count && !isLess {
        faults.add(
          "\(name(group)): counts \(stored.count), but \(counted(lines.minutes.count, "line")) stored"
        )
      } else if stored != lines.minutes && !isLess {
        faults.add(
          "\(name(group)): \(counted(stored.count, "line")), counted in other minutes than theirs")
      }
      compareTimes(
        sum, lines, group, isWithin: (gone[group.source]?.lines ?? 0) > 0,
        &faults)
    }
  }

  private func compareTimes(
    _ sum: SkeletonSum, _ lines: PatternTally.Lines, _ group: PatternTally.Group, isWithin: Bool,
    _ faults: inout Faults
  ) {
    guard sum.count > 0, lines.minutes.count > 0 else { return }
    let isSame = sum.first == lines.first && sum.last == lines.last
    if isSame || isWithin && sum.first <= lines.first && sum.last >= lines.last { return }
    faults.add(
      "\(name(group)): from \(sum.first) to \(sum.last) µs, but its lines are from \(lines.first) to \(lines.last)"
    )
  }

  private func name(_ group: PatternTally.Group) -> String {
    let level = UInt8(exactly: group.level).flatMap(Severity.init(rawValue:))?.name ?? "no"
    return "skeleton \(group.skeleton) (\(places.source(group.source)), \(level) level)"
  }

  private static func isBefore(_ left: PatternTally.Group, _ right: PatternTally.Group) -> Bool {
    (left.source, left.skeleton, left.level) < (right.source, right.skeleton, right.level)
  }
}
