import LogModel
import SQLite

/// `line_count` has the sums of `skeleton_count`, minute by minute.
struct LineCountCheck {
  private struct Group: Hashable {
    var source: Int64
    /// 0 for none.
    var level: Int64
  }

  static func run(
    _ db: borrowing Connection, _ places: Places
  ) throws(SQLiteError) -> Check {
    var faults = Faults()
    let sums = try minutes("line_count", db)
    let counts = try minutes("skeleton_count", db)
    let groups = Set(sums.keys).union(counts.keys).sorted {
      ($0.source, $0.level) < ($1.source, $1.level)
    }
    for group in groups {
      let (sum, count) = (sums[group] ?? Digest(), counts[group] ?? Digest())
      guard sum != count else { continue }
      let level = UInt8(exactly: group.level).flatMap(Severity.init(rawValue:))?.name ?? "no"
      faults.add(
        "\(places.source(group.source)), \(level) level: "
          + (sum.count == count.count
            ? "\(counted(sum.count, "line")), counted in other minutes than their skeletons"
            : "counts \(counted(sum.count, "line")), but skeleton_count has \(count.count)"))
    }
    let lines = sums.values.reduce(0) { $0 &+ $1.count }
    return faults.check("line_count", scope: counted(lines, "line"))
  }

  /// The minutes of each group, each as often as it has lines.
  private static func minutes(
    _ table: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> [Group: Digest] {
    var minutes: [Group: Digest] = [:]
    var row = try db.prepare("SELECT minute, source, level, count FROM \(table)")
    while try row.step() {
      let group = Group(source: row.integer(1), level: row.integer(2))
      minutes[group, default: Digest()].add(row.integer(0), count: row.integer(3))
    }
    return minutes
  }
}
