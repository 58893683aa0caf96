import LineStore
import LogModel
import SQLite
import TestSupport
import Testing

/// A parameter that says the same in many lines becomes constant text of templates of their own.
@Suite struct VariantTests {
  /// Of these the first five can be constant text.
  private static let agents = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "agent of 100%, %s and %% and nothing of it is a hole",
    "агент, который не ASCII", "curl/7.80.0 in a long enough form",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/126.0",
    #"with \"quotes\" and a \\ backslash"#, "mark \u{1} of the time in it",
    "tab\tin the middle of it",
    "short", "-", "",
  ]
  private static let constant = 5

  private static let seed: UInt64 = 20_261_121
  private var random = SeededRandom(seed: Self.seed)

  private mutating func records(_ count: Int, isTimed: Bool, agents: Range<Int>) -> [TestRecord] {
    (0..<count).map { index in
      let agent = Self.agents[agents.randomElement(using: &random) ?? 0]
      let time = 1_767_225_600_000_000 + Int64(index) * 1_000_000
      var bytes = Array(#"10.0.\#(Int.random(in: 0..<99, using: &random)).7 - - ["#.utf8)
      let start = bytes.count
      let layout = LineGenerator.allLayouts[5]
      if isTimed { layout.render(time, into: &bytes) }
      let end = bytes.count
      let path = Int.random(in: 0..<5000, using: &random)
      bytes += Array(#"] "GET /item/\#(path) HTTP/1.1" 200 \#(path * 7) "-" "\#(agent)""#.utf8)
      return TestRecord(
        bytes: bytes, timeRange: isTimed ? start..<end : 0..<0, layout: isTimed ? layout : .none,
        body: 0..<bytes.count, time: time, severity: path % 9 == 0 ? .error : .info)
    }
  }

  @Test(arguments: [true, false])
  mutating func `frequent values are constant text, and come back byte for byte`(_ isTimed: Bool)
    throws
  {
    print("seed \(Self.seed)")
    var store = try TestStore()
    try store.addSource(1, "access")
    try store.addSource(2, "other")
    for _ in 0..<3 {
      try store.write(
        records(5000, isTimed: isTimed, agents: Self.agents.indices), source: 1)
    }
    let bases = "SELECT count(DISTINCT base), count(*) FROM template WHERE base IS NOT NULL"
    // One shape a level.
    let expected = ["integer 2|integer \(2 * Self.constant)"]
    #expect(try rows(bases, store.db) == expected)
    try store.restart()
    for count in [5000, 3, 5000] {
      try store.write(
        records(count, isTimed: isTimed, agents: Self.agents.indices), source: 2)
    }
    #expect(try rows(bases, store.db) == expected)
    try store.expectLines()
  }

  @Test mutating func `a store goes on with the variants of another run, in small chunks too`()
    throws
  {
    var store = try TestStore()
    try store.addSource(1, "access")
    for _ in 0..<2 { try store.write(records(5000, isTimed: true, agents: 0..<5), source: 1) }
    try store.restart()
    for _ in 0..<3 { try store.write(records(4, isTimed: true, agents: 0..<2), source: 1) }
    let last = try store.db.integer("SELECT max(first_id) FROM chunk") ?? 0
    let used = """
      SELECT count(*) FROM chunk_template c JOIN template t ON t.id = c.template
      WHERE c.chunk = \(last) AND t.base IS NULL
      """
    #expect(try store.db.integer(used) == 0)
    try store.merge(source: 1)
    try store.expectLines()
  }

  @Test mutating func `values that differ from line to line stay parameters`() throws {
    var store = try TestStore()
    try store.addSource(1, "access")
    for _ in 0..<3 {
      let lines = records(4096, isTimed: true, agents: 8..<11)
      try store.write(lines, source: 1)
    }
    #expect(try store.db.integer("SELECT count(*) FROM template WHERE base IS NOT NULL") == 0)
    try store.expectLines()
  }
}

extension TestStore {
  /// The stock shell prints the lines.
  func expectLines(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let shell = Command.run(
      "sqlite3", [path, "SELECT id || ' ' || time_us || ' ' || hex(message) FROM log ORDER BY id"])
    #expect(shell.errorOutput == "", sourceLocation: sourceLocation)
    let expected = lines.sorted { $0.key < $1.key }.map { id, record in
      "\(id) \(record.time) \(hex(record.bytes))"
    }
    let found = shell.output.split(separator: "\n").map(String.init)
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    let different = zip(found, expected).first { $0 != $1 }
    #expect(
      different == nil, "\(different.map { "\($0.0)\n\($0.1)" } ?? "")",
      sourceLocation: sourceLocation)
  }
}
