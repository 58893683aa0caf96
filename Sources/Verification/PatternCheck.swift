import LogModel
import SQLite

/// Patterns and their counts are those of the closed lines.
struct PatternCheck {
  private struct Pattern {
    var level: Int64
    var first: Int64
    var last: Int64
    var count: Int64
    /// From `pattern_count`.
    var counted: Int64 = 0
    /// From the lines.
    var highest: Int64 = 0
    var earliest = Int64.max
    var latest = Int64.min
  }

  private let places: Places
  private var faults = Faults()
  private var patterns: [Int64: Pattern] = [:]
  private var total: Int64 = 0

  static func run(
    _ db: borrowing Connection, _ places: Places, _ audit: borrowing ChunkAudit
  ) throws(SQLiteError) -> Check {
    var check = PatternCheck(places: places)
    try check.readPatterns(db)
    let counts = try check.readCounts(db)
    if audit.uncounted.isEmpty {
      check.compare(counts, audit.tally, dropped: audit.dropped)
      check.comparePatterns(hasDropped: !audit.dropped.isEmpty)
    } else {
      check.faults.add(
        "not compared with the lines: " + audit.uncounted.first.joined(separator: "; "))
    }
    return check.faults.check(
      "patterns",
      scope: "\(counted(check.patterns.count, "pattern")), \(counted(check.total, "line"))")
  }

  private init(places: Places) { self.places = places }

  private mutating func readPatterns(_ db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare(
      "SELECT id, text, coalesce(level, 0), first_us, last_us, count FROM pattern ORDER BY id")
    while try row.step() {
      let id = row.integer(0)
      let named = Int64(SHA256.prefix64(of: row.bytes(1)) >> 12)
      if named != id { faults.add("pattern \(id): its text has the id \(named)") }
      patterns[id] = Pattern(
        level: row.integer(2), first: row.integer(3), last: row.integer(4), count: row.integer(5))
    }
  }

  private mutating func readCounts(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [PatternTally.Group: Digest] {
    var counts: [PatternTally.Group: Digest] = [:]
    var missing: Set<Int64> = []
    do {
      var row = try db.prepare("SELECT minute, source, level, pattern, count FROM pattern_count")
      while try row.step() {
        let group = PatternTally.Group(
          source: row.integer(1), pattern: row.integer(3), level: row.integer(2))
        let count = row.integer(4)
        if count <= 0 { faults.add("\(name(group)): counts \(count) in minute \(row.integer(0))") }
        counts[group, default: Digest()].add(row.integer(0), count: count)
        total &+= count
        if patterns[group.pattern] == nil {
          missing.insert(group.pattern)
        } else {
          patterns[group.pattern]?.counted &+= count
        }
      }
    }
    for id in missing.sorted() { faults.add("pattern \(id): is counted, but does not exist") }
    for (id, pattern) in patterns.sorted(by: { $0.key < $1.key })
    where pattern.count != pattern.counted {
      faults.add(
        "pattern \(id): count is \(pattern.count), but pattern_count has \(pattern.counted)")
    }
    return counts
  }

  private mutating func compare(
    _ counts: [PatternTally.Group: Digest], _ tally: PatternTally, dropped: [Int64: Int64]
  ) {
    // A dropped line stays counted, and says no more under which pattern.
    var surplus: [Int64: Int64] = [:]
    let groups = Set(counts.keys).union(tally.groups.keys)
    for group in groups {
      let rows = tally.groups[group].map { tally.lines[$0].minutes.count } ?? 0
      surplus[group.source, default: 0] &+= max(0, (counts[group]?.count ?? 0) &- rows)
    }
    for group in groups.sorted(by: Self.isBefore) {
      let lines = tally.groups[group].map { tally.lines[$0] } ?? PatternTally.Lines()
      let stored = counts[group] ?? Digest()
      note(group, lines)
      guard stored != lines.minutes else { continue }
      let mayHaveMore = surplus[group.source] == dropped[group.source, default: 0]
      if stored.count > lines.minutes.count && mayHaveMore { continue }
      if stored.count == lines.minutes.count {
        faults.add(
          "\(name(group)): \(counted(stored.count, "line")), counted in other minutes than theirs")
      } else {
        faults.add(
          "\(name(group)): counts \(stored.count), but \(counted(lines.minutes.count, "line")) stored"
        )
      }
    }
  }

  private mutating func note(_ group: PatternTally.Group, _ lines: PatternTally.Lines) {
    guard var pattern = patterns[group.pattern], lines.minutes.count > 0 else { return }
    pattern.highest = max(pattern.highest, group.level)
    pattern.earliest = min(pattern.earliest, lines.first)
    pattern.latest = max(pattern.latest, lines.last)
    patterns[group.pattern] = pattern
  }

  /// The level and the span of time of each pattern are those of its lines.
  private mutating func comparePatterns(hasDropped: Bool) {
    for (id, pattern) in patterns.sorted(by: { $0.key < $1.key }) {
      guard pattern.count > 0, pattern.earliest <= pattern.latest else { continue }
      let isWithin =
        pattern.first <= pattern.earliest && pattern.last >= pattern.latest
        && pattern.level >= pattern.highest
      let isSame =
        pattern.first == pattern.earliest && pattern.last == pattern.latest
        && pattern.level == pattern.highest
      if hasDropped ? isWithin : isSame { continue }
      faults.add(
        "pattern \(id): level \(pattern.level) from \(pattern.first) to \(pattern.last) µs, but its lines have level \(pattern.highest) from \(pattern.earliest) to \(pattern.latest)"
      )
    }
  }

  private func name(_ group: PatternTally.Group) -> String {
    let level = UInt8(exactly: group.level).flatMap(Severity.init(rawValue:))?.name ?? "no"
    return "pattern \(group.pattern) (\(places.source(group.source)), \(level) level)"
  }

  private static func isBefore(_ left: PatternTally.Group, _ right: PatternTally.Group) -> Bool {
    (left.source, left.pattern, left.level) < (right.source, right.pattern, right.level)
  }
}
