import SQLite
import Testing

@Suite struct AuthorizerTests {
  static let allowed = [
    "SELECT count(*), upper(a) FROM t",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n",
    "PRAGMA table_info(t)", "PRAGMA integrity_check", "PRAGMA user_version", "PRAGMA encoding",
    "PRAGMA data_version",
    "SELECT name FROM pragma_table_info('t')", "SELECT value FROM json_each('[1]')",
    "SELECT sql FROM sqlite_schema",
    "EXPLAIN QUERY PLAN SELECT * FROM t",
  ]

  static let denied = [
    "INSERT INTO t VALUES (1)", "DELETE FROM t", "UPDATE t SET a = 1", "DROP TABLE t",
    "CREATE TABLE u(a)", "CREATE TEMP TABLE u(a)", "ATTACH 'x.db' AS x", "DETACH x",
    "VACUUM INTO 'x.db'", "PRAGMA user_version = 3",
    "PRAGMA journal_mode = DELETE", "PRAGMA writable_schema = 1", "PRAGMA optimize",
    "PRAGMA incremental_vacuum", "BEGIN", "SAVEPOINT s", "REINDEX", "ANALYZE",
  ]

  private func prepare(_ sql: String) throws -> SQLiteError? {
    let db = try Connection(path: ":memory:", mode: .create)
    try db.execute("CREATE TABLE t(a); CREATE INDEX i ON t(a)")
    db.permitReadingOnly()
    do throws(SQLiteError) {
      var statement = try db.prepare(sql)
      try statement.run()
      return nil
    } catch { return error }
  }

  @Test(arguments: allowed) func `reading is allowed`(_ sql: String) throws {
    #expect(try prepare(sql) == nil)
  }

  @Test(arguments: denied) func `everything else is denied`(_ sql: String) throws {
    #expect(try prepare(sql)?.isDenied == true)
  }

  @Test func `what SQLite reports in words of its own is denied too`() throws {
    #expect(
      try prepare("SELECT load_extension('x')")?.message
        == "not authorized to use function: load_extension")
    #expect(
      try prepare("UPDATE sqlite_schema SET sql = ''")?.message
        == "table sqlite_master may not be modified")
  }
}
