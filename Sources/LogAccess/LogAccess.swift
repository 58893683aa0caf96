import Formats
import LineStore
import Querying
package import SQLite

/// Defines the functions that the store's views and searches call, and that a connection may lack.
package func registerLogFunctions(on db: borrowing Connection) throws(SQLiteError) {
  try registerStoreFunctions(on: db)
  try registerFunctions(on: db)
}

/// Puts the native table `log` in the place of the view of that name, for this connection, which has
/// the functions already.
///
/// `now` is in microseconds since 1970, UTC: it completes times without a year.
package func installLog(on db: borrowing Connection, now: Int64) throws(SQLiteError) {
  let parsers = Parsers(now: now)
  try LogTable.install(
    on: db, regexp: regexpCondition,
    fieldTest: { text in
      guard let comparison = FieldComparison(text) else { return nil }
      let parsers = Parsers(now: now)
      let names = FieldNames([comparison.name])
      return { message, format in
        comparison.mayHold(
          for: parsers.parser(format).attributes(of: message, among: names))
      }
    },
    attributes: { format, message in parsers.attributes(format, message) })
}

/// One parser a format, for the parsed fields of a line.
private final class Parsers {
  private let now: Int64
  private var parsers: [String: LineParser] = [:]

  init(now: Int64) { self.now = now }

  func attributes(_ format: String?, _ message: Span<UInt8>) -> String {
    parser(format).attributesJSON(of: message)
  }

  func parser(_ format: String?) -> LineParser {
    let name = format ?? ""
    let parser =
      parsers[name] ?? LineParser(format: format, zone: .utc, reference: now, multiline: .auto)
    parsers[name] = parser
    return parser
  }
}
