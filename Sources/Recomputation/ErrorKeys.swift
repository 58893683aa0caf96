import Errors
import Formats
import LineStore
import LogModel
package import SQLite
import Storage

/// What equal records have in common, of lines that are stored.
package struct ErrorKeys: ~Copyable {
  private var lines: StoredLines?
  /// By source.
  private var parsers: [Int64: LineParser] = [:]
  private var head = LineHead()

  package init() {}

  /// Nil for a line whose time is not fine enough, and for one that is not stored.
  ///
  /// Sees the templates that there are when it is first asked; ascending ids inflate each chunk once.
  package mutating func key(
    ofLine id: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    var lines =
      if let reading = lines.take() { reading } else { try StoredLines(reading: db) }
    var key: Int64?
    if try lines.seek(id, db) {
      if parsers[id >> 36] == nil {
        let format = try SourceTable().row(id: id >> 36, in: db)?.format
        parsers[id >> 36] = ErrorReplay.parser(format: format)
      }
      lines.parse(with: &parsers[id >> 36], into: &head)
      key = ErrorExtractor.copyKey(of: lines.text, head, time: lines.time)
    }
    self.lines = consume lines
    return key
  }
}
