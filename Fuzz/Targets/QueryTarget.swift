import LogModel
import Querying
import SQLite

extension FuzzTarget {
  /// Any text as a query: an error that points into it, or SQL that runs and that finds in the
  /// virtual table what it finds in the view.
  static let query = FuzzTarget("query") { input in
    let text = String(decoding: input, as: UTF8.self)
    _ = try? TimeExpression.parse(text, now: 1_771_156_800_000_000) { _ in 3600 }
    _ = try? Interval.parse(text)
    var query: SearchQuery
    do throws(QueryError) { query = try SearchQuery.parse(text) } catch {
      try require(
        error.range.lowerBound >= 0 && error.range.upperBound <= text.utf8.count + 1,
        "an error at \(error.range) of \(text.utf8.count) bytes")
      try require(!error.message.isEmpty, "an error without a message")
      _ = (error.hint, error.snippet(of: text))
      return
    }
    let store = try FuzzStore.holding(sample, rows: 4)
    query.ignoresCase = input.count % 2 == 1
    try expectSame(query, store.db)
    query.sources = [text]
    try expectRuns(query, store.db)
  }

  private static let sample = """
    {"time":"2026-01-01T10:00:00.123Z","level":"info","msg":"user 17 logged in","status":200}
    {"time":"2026-01-01T10:00:01.123Z","level":"warn","msg":"user 18 LOGGED out","status":500}
    {"time":"2026-01-01T10:00:02.123Z","level":"error","msg":"a \\"quoted\\" 100% é 日本 /etc/passwd"}
    {"time":"2026-01-01T10:00:02.123Z","level":"error","msg":"c++ main() --flag ''"}
    plain text: key=value [x] {y} foo_bar

    """

  private static func expectRuns(_ query: SearchQuery, _ db: borrowing Connection) throws {
    for sql in [
      query.countSQL, query.countSQL(by: Interval(seconds: 60)),
      query.contextSQL(before: 1, after: 2), query.rollupCountSQL() ?? query.countSQL,
    ] {
      do throws(SQLiteError) { _ = try FuzzStore.rows(sql, db) } catch {
        // What a pattern may cost is known only when it is matched.
        try require(isAboutPattern(error), "\(sql): \(error.message)")
      }
    }
  }

  private static func expectSame(_ query: SearchQuery, _ db: borrowing Connection) throws {
    let sql = query.rowsSQL()
    guard let table = sql.firstRange(of: "FROM log"), !sql.contains("attributes") else { return }
    var view = sql
    view.replaceSubrange(table, with: "FROM main.log")
    let found: [String]
    let expected: [String]
    do throws(SQLiteError) {
      found = try FuzzStore.rows(sql, db)
      expected = try FuzzStore.rows(view, db)
    } catch {
      return try require(isAboutPattern(error), "\(sql): \(error.message)")
    }
    try require(found == expected, "\(sql) finds \(found) instead of \(expected)")
  }

  private static func isAboutPattern(_ error: SQLiteError) -> Bool {
    error.message.contains("pattern") || error.message.contains("regular expression")
  }
}
