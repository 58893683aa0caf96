import CLinux
import Glibc
import LogModel
import Querying
import Reporting
import SQLite
import Storage

/// A view of the sessions that follows the store: at a terminal the table is painted anew, elsewhere
/// the sessions that have changed are rows.
struct SessionWatch {
  let query: SessionQuery
  let columns: [String]
  let result: ResultOptions
  /// Waits until it is time to look again; false when the view is to end.
  let pause: () -> Bool

  /// Runs until `pause` says so, or nobody reads any more.
  func run(_ db: borrowing Connection) throws {
    if result.format == .table, isatty(STDOUT_FILENO) == 1 {
      try paint(db)
    } else {
      try follow(db)
    }
  }

  private func paint(_ db: borrowing Connection) throws {
    var version: Int64?
    repeat {
      let now = try db.integer("PRAGMA data_version")
      guard now != version else { continue }
      version = now
      var query = query
      query.limit = min(query.limit ?? .max, max(1, Self.terminalRows - 2))
      let screen = TextSink(descriptor: STDOUT_FILENO)
      screen.write("\u{1B}[H\u{1B}[2J")
      screen.flush()
      var writer = ResultWriter(result, precision: .minutes)
      try SumTable(columns: columns, wide: ["unpriced_turns"], hasTotal: false)
        .write(query.sql(columns + ["cost_nano"]), db, &writer)
      guard writer.isOpen else { return }
    } while pause()
  }

  private func follow(_ db: borrowing Connection) throws {
    var writer = ResultWriter(result)
    let names = result.format == .table ? columns : SessionQuery.columns
    let sql = query.sql(names)
    writer.begin(result.format == .table ? names.map(SumTable.heading) : names)
    var known: [String?: [Value]] = [:]
    var version: Int64?
    repeat {
      let now = try db.integer("PRAGMA data_version")
      guard now != version else { continue }
      version = now
      var changed: [[Value]] = []
      var statement = try db.prepare(sql)
      while try statement.step() {
        let row = (0..<statement.columnCount).map { Value(statement, $0) }
        if known.updateValue(row, forKey: statement.optionalText(0)) != row { changed.append(row) }
      }
      // As in a log, what is newest comes last.
      for row in changed.reversed() { writer.row(row) }
      writer.flush()
    } while writer.isOpen && pause()
    try writer.end()
  }

  private static var terminalRows: Int {
    var size = winsize()
    let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0
    return isKnown ? Int(size.ws_row) : 24
  }
}
