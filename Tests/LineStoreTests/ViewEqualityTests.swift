import LineStore
import LogModel
import Querying
import SQLite
import TestSupport
import Testing

@Suite struct ViewEqualityTests {
  @Test(arguments: [UInt64(3), 20_260_202])
  func `the table gives the rows of the view in the stock shell, whatever is asked`(seed: UInt64)
    throws
  {
    print("seed \(seed)")
    let store = try Self.makeStore(seed: seed)
    var generator = QueryGenerator(
      random: SeededRandom(seed: seed ^ 0xFF),
      lines: store.lines.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      chunks: try integers("SELECT first_id FROM chunk", store.db),
      patterns: try integers("SELECT id FROM pattern", store.db))
    let queries = (0..<500).map { _ in generator.next() }
    let answers = Self.shellAnswers(queries, store.path)
    let loadedAnswers = Self.shellAnswers(
      queries, store.path, loading: "\(LoadableExtension.path) \(LoadableExtension.entry)")
    try #require(answers.count == queries.count && loadedAnswers.count == queries.count)
    var nonempty = 0
    var failures = 0
    for (query, (answer, loadedAnswer)) in zip(queries, zip(answers, loadedAnswers))
    where failures < 5 {
      let sql = query.text.replacing("§", with: "log")
      var expected = answer
      var loaded = loadedAnswer
      var found = try Self.quotedRows(sql, store.db)
      if !query.isOrdered {
        expected.sort()
        loaded.sort()
        found.sort()
      }
      if !expected.isEmpty { nonempty += 1 }
      let plan = try rows("EXPLAIN QUERY PLAN " + sql, store.db)
      if found != expected || loaded != expected
        || !plan.contains(where: { $0.contains("VIRTUAL TABLE") })
      {
        failures += 1
        let missing = Set(expected).subtracting(found).sorted()
        let extra = Set(found).subtracting(expected).sorted()
        Issue.record(
          """
          \(query.text)
          view \(expected.count) rows, table \(found.count), in the shell \(loaded.count); missing \(missing.prefix(3)); extra \(extra.prefix(3))
          \(plan)
          """)
      }
    }
    #expect(nonempty > 180)
  }

  /// The rows of each query in the stock shell, where `log` is the view, or the table of an extension.
  private static func shellAnswers(
    _ queries: [QueryGenerator.Query], _ path: String, loading library: String? = nil
  ) -> [[String]] {
    var script = ".mode quote\n.separator '|' '\(rowEnd)'\n"
    if let library { script = ".load \(library)\n" + script }
    for query in queries {
      script += query.text.replacing("§", with: "log") + ";\n.print \(answerEnd)\n"
    }
    let outcome = Command.run("sqlite3", ["-batch", "-readonly", path], input: Array(script.utf8))
    #expect(outcome.errorOutput.isEmpty, "\(outcome.errorOutput.prefix(500))")
    return outcome.output.split(separator: answerEnd + "\n", omittingEmptySubsequences: false)
      .dropLast().map { answer in
        answer.split(separator: rowEnd, omittingEmptySubsequences: false).dropLast().map(
          String.init)
      }
  }

  private static let rowEnd = "<end of row>"
  private static let answerEnd = "<end of answer>"

  /// As the shell's mode `quote` shows them.
  private static func quotedRows(_ sql: String, _ db: borrowing Connection) throws -> [String] {
    var statement = try db.prepare(sql)
    var found: [String] = []
    while try statement.step() {
      let values = (0..<statement.columnCount).map { column in
        switch statement.columnType(column) {
        case .null: "NULL"
        case .text: "'" + statement.text(column).replacing("'", with: "''") + "'"
        default: statement.text(column)
        }
      }
      found.append(values.joined(separator: "|"))
    }
    return found
  }

  private static func makeStore(seed: UInt64) throws -> TestStore {
    var generator = LineGenerator(seed: seed)
    generator.layouts = Array(LineGenerator.allLayouts.shuffled(using: &generator.random).prefix(4))
    var random = SeededRandom(seed: seed)
    var store = try TestStore()
    for (id, name) in [(Int64(1), "a"), (2, "b"), (9, "7")] { try store.addSource(id, name) }
    for round in 0..<9 {
      let isConversation = round == 5 || round == 7
      let records = (0..<120).map { _ in
        isConversation ? generator.conversation() : generator.next()
      }
      try store.write(records, source: [1, 2, 9][round % 3], sealed: round % 4 == 1) {
        [3, 20, 120].randomElement(using: &random) ?? 1
      }
      if round == 6 { try store.restart() }
      if round == 7 { try store.merge(source: 1) }
    }
    try store.drop { $0 % 13 == 0 }
    try registerStoreFunctions(on: store.db)
    try registerFunctions(on: store.db)
    try LogTable.install(on: store.db, regexp: regexpCondition) { _, _ in "" }
    return store
  }

  private func integers(_ sql: String, _ db: borrowing Connection) throws -> [Int64] {
    var found: [Int64] = []
    var statement = try db.prepare(sql)
    while try statement.step() { found.append(statement.integer(0)) }
    return found
  }
}
