import Errors
import Formats
import LineStore
import LogModel
package import SQLite
package import Storage

/// Reads stored lines once more for the errors that they show.
package struct ErrorReplay: ~Copyable {
  private var lines: StoredLines
  private var extractor = ErrorExtractor()
  private var head = LineHead()
  private var parser: LineParser

  /// Reads lines of a source whose format is `format`, and sees the templates that there are now.
  package init(format: String?, reading db: borrowing Connection) throws(SQLiteError) {
    lines = try StoredLines(reading: db)
    parser = LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
  }

  /// The error that line `id` of generation `file` shows; nil for none, and for a line that is not stored.
  package mutating func row(
    _ id: Int64, file: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> ErrorRow? {
    guard try lines.seek(id, db) else { return nil }
    let (error, key) = Self.read(lines, &parser, &head, &extractor)
    return error.map {
      ErrorRow(
        logID: id, file: file, time: lines.time, severity: head.severity, error: $0, key: key)
    }
  }

  private static func read(
    _ lines: borrowing StoredLines, _ parser: inout LineParser, _ head: inout LineHead,
    _ extractor: inout ErrorExtractor
  ) -> (LoggedError?, Int64?) {
    let text = lines.text
    let end = text.indices.first { text[$0] == 0x0A } ?? text.count
    _ = parser.parse(text.extracting(0..<end), into: &head)
    guard let error = extractor.error(in: text, head) else { return (nil, nil) }
    return (error, ErrorExtractor.copyKey(of: text, head, time: lines.time))
  }
}
