import LogModel
import Recomputation
import SQLite
import Storage
import TestSupport
import Testing

@Test func `a rebuild that breaks off leaves the figures that were`() throws {
  let scratch = Scratch()
  let path = scratch.file("store.db")
  try StoreBuilder.makeStore(path)
  let store = try Store.openForWriting(path: path, mode: 0o640, now: 0)
  var rule = MetricRule(name: "n")
  rule.pattern = "."
  let rules = try store.write { db throws(SQLiteError) in
    try MetricRuleTable().insert(rule, now: 0, in: db)
    return try MetricRuleTable().rules(in: db)
  }
  func count() throws -> Int64? { try store.db.integer("SELECT count FROM metrics") }
  var questions = 0
  let rebuilt = try MetricRebuilding.rebuild(rules, in: store) {
    questions += 1
    return false
  }
  #expect(rebuilt.samples > 0)
  let files = try store.db.integer("SELECT count(*) FROM file") ?? 0
  #expect(questions > files, "a file of some lines is not read without a question")
  let before = try count()
  for step in 0..<3 {
    var asked = 0
    #expect(throws: RebuildCancelled.self) {
      try MetricRebuilding.rebuild(rules, in: store) {
        asked += 1
        return asked > step
      }
    }
    #expect(try count() == before)
    #expect(try store.db.integer("SELECT count(*) FROM metric_start") == 0)
  }
}
