import Patterns
import SQLite

/// Patterns are what the skeletons make, and add up to what these have.
struct PatternCheck {
  private struct Skeleton {
    var id: Int64
    var pattern: Int64
    var text: String
  }

  private var faults = Faults()
  private var patterns: [Int64: SkeletonSum] = [:]
  private var skeletons: [Skeleton] = []

  static func run(
    _ db: borrowing Connection, _ places: Places, _ audit: borrowing ChunkAudit
  ) throws(SQLiteError) -> Check {
    var check = PatternCheck()
    try check.readPatterns(db)
    try check.readSkeletons(db)
    let counts = try SkeletonCounts(reading: db, places)
    try check.compareAssignment(counts, db)
    check.compareSums(counts)
    if audit.uncounted.isEmpty {
      counts.compare(audit.tally, gone: places.removals, &check.faults)
    } else {
      check.faults.add(
        "not compared with the lines: " + audit.uncounted.first.joined(separator: "; "))
    }
    return check.faults.check(
      "patterns",
      scope:
        "\(counted(check.patterns.count, "pattern")) of \(counted(check.skeletons.count, "skeleton")), \(counted(counts.total, "line"))"
    )
  }

  private mutating func readPatterns(_ db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare(
      "SELECT id, text, coalesce(level, 0), first_us, last_us, count FROM pattern ORDER BY id")
    while try row.step() {
      checkID("pattern", row.integer(0), row.text(1))
      patterns[row.integer(0)] = SkeletonSum(
        level: row.integer(2), first: row.integer(3), last: row.integer(4), count: row.integer(5))
    }
  }

  private mutating func readSkeletons(_ db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare("SELECT id, pattern, text FROM skeleton ORDER BY id")
    while try row.step() {
      checkID("skeleton", row.integer(0), row.text(2))
      skeletons.append(
        Skeleton(id: row.integer(0), pattern: row.integer(1), text: row.text(2)))
    }
  }

  private mutating func checkID(_ noun: String, _ id: Int64, _ text: String) {
    let named = PatternText.id(of: text)
    if named != id { faults.add("\(noun) \(id): its text has the id \(named)") }
  }

  private mutating func compareAssignment(
    _ counts: SkeletonCounts, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var pins: [PatternText] = []
    var row = try db.prepare("SELECT text FROM pattern_pin")
    while try row.step() { pins.append(PatternText(row.text(0))) }
    let expected = PatternAssignment.patterns(
      of: skeletons.map { ($0.text, counts.sums[$0.id] != nil) }, pins: pins)
    for (skeleton, text) in zip(skeletons, expected) {
      if patterns[skeleton.pattern] == nil {
        faults.add("skeleton \(skeleton.id): its pattern \(skeleton.pattern) does not exist")
      }
      let pattern = PatternText.id(of: text)
      guard pattern != skeleton.pattern else { continue }
      faults.add(
        "skeleton \(skeleton.id): is of pattern \(skeleton.pattern), but belongs to \(pattern)")
    }
  }

  private mutating func compareSums(_ counts: SkeletonCounts) {
    var sums: [Int64: SkeletonSum] = [:]
    for skeleton in skeletons {
      guard let sum = counts.sums[skeleton.id] else { continue }
      sums[skeleton.pattern, default: SkeletonSum()].add(sum)
    }
    for (id, pattern) in patterns.sorted(by: { $0.key < $1.key }) {
      let sum = sums[id] ?? SkeletonSum(level: 0, first: 0, last: 0, count: 0)
      if pattern.count != sum.count {
        faults.add("pattern \(id): count is \(pattern.count), but its skeletons have \(sum.count)")
      } else if pattern != sum {
        faults.add("pattern \(id): \(pattern.described), but its skeletons have \(sum.described)")
      }
    }
  }
}
