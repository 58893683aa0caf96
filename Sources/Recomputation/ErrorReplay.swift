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
  private var parser: LineParser?

  /// Reads lines of a source whose format is `format`, and sees the templates that there are now.
  package init(format: String?, reading db: borrowing Connection) throws(SQLiteError) {
    lines = try StoredLines(reading: db)
    parser = Self.parser(format: format)
  }

  static func parser(format: String?) -> LineParser {
    LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
  }

  /// The error that line `id` of generation `file` shows; nil for none, and for a line that is not stored.
  package mutating func row(
    _ id: Int64, file: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> ErrorRow? {
    guard try lines.seek(id, db) else { return nil }
    lines.parse(with: &parser, into: &head)
    let (error, key) = Self.read(lines, head, &extractor)
    return error.map {
      ErrorRow(
        logID: id, file: file, time: lines.time, severity: head.severity, error: $0, key: key)
    }
  }

  private static func read(
    _ lines: borrowing StoredLines, _ head: LineHead, _ extractor: inout ErrorExtractor
  ) -> (LoggedError?, Int64?) {
    guard let error = extractor.error(in: lines.text, head) else { return (nil, nil) }
    return (error, ErrorExtractor.copyKey(of: lines.text, head, time: lines.time))
  }
}

extension StoredLines {
  /// Parses the first line of the record.
  borrowing func parse(with parser: inout LineParser?, into head: inout LineHead) {
    let text = text
    let end = text.indices.first { text[$0] == 0x0A } ?? text.count
    _ = parser?.parse(text.extracting(0..<end), into: &head)
  }
}
