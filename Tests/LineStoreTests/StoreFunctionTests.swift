import LineStore
import SQLite
import TestSupport
import Testing

@Suite struct StoreFunctionTests {
  @Test func `sqlar_uncompress answers as the shell's does`() throws {
    let db = try Connection(path: ":memory:", mode: .create)
    try registerStoreFunctions(on: db)
    // zlib.compress(b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), and that with a byte changed.
    let stream = "789c4b4cc40700b04f0b5f"
    let calls = [
      "x'\(stream)', 30", "x'\(stream)', 31", "x'\(stream)', 29", "x'\(stream)', 11",
      "x'\(stream)', 0",
      "x'\(stream)', -1", "x'789c4b4cc40700b04f0b5e', 30", "x'', 0", "x'', 5", "NULL, 3",
      "'text', 4", "12.5, 4",
      "1234, 4", "'text', 4294967300", "'text', NULL",
    ]
    for call in calls {
      let sql = "SELECT typeof(v), hex(v) FROM (SELECT sqlar_uncompress(\(call)) AS v)"
      let shell = Command.run("sqlite3", ["-separator", "|", ":memory:", sql])
      var own = ""
      do {
        var statement = try db.prepare(sql)
        while try statement.step() { own = "\(statement.text(0))|\(statement.text(1))\n" }
      } catch { own = "" }
      #expect(own == shell.output, "\(call)")
    }
  }
}
