import LogModel
import SQLite

/// Where lines came from: the extent found last is kept, because lines that are asked for mostly
/// follow each other.
struct LineOrigin {
  private var ids: Range<Int64> = 0..<0
  /// The file generation's path; nil for a line of no file.
  private(set) var path: String?
  /// Where in the file the line begins, if that is known.
  private(set) var offset: Int64?
  private var start: Int64 = 0

  mutating func find(_ id: Int64, _ db: borrowing Connection) throws(SQLiteError) {
    if !ids.contains(id) {
      ids = id..<id + 1
      path = nil
      var statement = try db.prepare(
        """
        SELECT e.first_id, e.count, e.offset, f.path FROM extent e JOIN file f ON f.id = e.file
        WHERE e.first_id = (SELECT max(first_id) FROM extent WHERE first_id <= ?)
        """)
      try statement.bind(1, id)
      if try statement.step() {
        let first = statement.integer(0)
        if id - first < statement.integer(1) {
          ids = first..<first + statement.integer(1)
          start = statement.integer(2)
          path = statement.text(3)
        }
      }
    }
    offset = path != nil && id == ids.lowerBound ? start : nil
  }
}
