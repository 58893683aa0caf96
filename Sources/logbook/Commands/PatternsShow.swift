import ArgumentParsing
import LogModel
import Patterns
import Querying
import Reporting
import SQLite
import Storage

struct PatternsShow: PatternCommand {
  static let name = "show"
  static let abstract = "Show one pattern: its levels, sources, course, values and lines."
  static let discussion = """
    ID is that of 'patterns', or one that the pattern had before it was merged. Values are those of its \
    newest 1,000 lines, with what they are: NUM, SIZE, DUR, TIME, UUID, IP, MAC, URL, PATH, HOST, HEX, ID. \
    Its lines are found by 'search pattern:ID'.
    """
  static let arguments: [Argument<Self>] = [
    .one("ID", help: "The pattern's id.", sets: \.id)
  ]
  static let options: [Option<Self>] =
    rangeOptions + lineOptions + [
      .value(
        "samples", "n", "N", help: "The newest N lines. (default: 3)", sets: \.samples,
        in: 0...1000)
    ] + resultOptions
  static let examples = [("logbook patterns show 4465963820540734 -n 10", "with ten lines")]
  var result = ResultOptions()
  var patterns = PatternOptions()
  var id = ""
  var samples = 3

  private static let topValues = 5
  private static let sampledLines = 1000
  private static let intervals: Int64 = 24

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    guard let id = Int64(id) else {
      throw Failure("'\(id)' is no id of a pattern", hint: "see 'logbook patterns'", status: .usage)
    }
    var query = PatternDetailQuery(pattern: id, filter: try patterns.filter(result.zone))
    if result.showsSQL {
      return try show(
        [query.levelsSQL, query.sourcesSQL, query.minutesSQL, query.linesSQL(limit: samples)]
          .joined(separator: ";\n"))
    }
    let store = try Workspace(globals).openForReading()
    try prepareForReading(store.db)
    query.pattern = try PatternLookup.current(id, store.db)
    guard let text = try PatternLookup.text(query.pattern, store.db) else {
      throw Failure("there is no pattern \(id)", hint: "see 'logbook patterns'", status: .negative)
    }
    var writer = ResultWriter(result)
    writer.begin(["part", "name", "value", "count"])
    try write(query, text, store.db, &writer)
    try writer.end()
    return .success
  }

  private func write(
    _ query: PatternDetailQuery, _ text: String, _ db: borrowing Connection,
    _ writer: inout ResultWriter
  ) throws {
    var slots = PatternSlots(PatternText(text))
    var lines: [(id: Int64, message: String)] = []
    var statement = try db.prepare(query.linesSQL(limit: max(samples, Self.sampledLines)))
    while try statement.step() {
      let message = statement.text(1)
      slots.add(message)
      if lines.count < samples { lines.append((statement.integer(0), message)) }
    }
    let levels = try counts(query.levelsSQL, db)
    let total = levels.reduce(0) { $0 + $1.count }
    writer.row([.text("pattern"), .text(String(query.pattern)), .text(text), .integer(total)])
    if slots.typed != text {
      writer.row([.text("pattern"), .text("typed"), .text(slots.typed), .null])
    }
    for (part, rows) in [("level", levels), ("source", try counts(query.sourcesSQL, db))] {
      for row in rows {
        writer.row([.text(part), .text(row.name), .null, .integer(row.count)])
      }
    }
    if let (start, width, bars) = try course(query, db) {
      writer.row([.text("volume"), .text("\(start) +\(width)"), .text(sparkline(bars)), .null])
    }
    for slot in slots.values.indices {
      let kind = slots.kind(slot).map { " \($0.rawValue)" } ?? ""
      for top in slots.top(slot, Self.topValues) {
        writer.row([
          .text("slot"), .text("\(slot + 1)\(kind)"), .text(top.value), .integer(Int64(top.count)),
        ])
      }
    }
    for line in lines {
      writer.row([.text("line"), .text(String(line.id)), .text(line.message), .null])
    }
  }

  private func counts(
    _ sql: String, _ db: borrowing Connection
  ) throws -> [(name: String, count: Int64)] {
    var statement = try db.prepare(sql)
    var rows: [(name: String, count: Int64)] = []
    while try statement.step() { rows.append((statement.text(0), statement.integer(1))) }
    return rows
  }

  /// When the first of its intervals begins, how long each is, and how many lines each has.
  private func course(
    _ query: PatternDetailQuery, _ db: borrowing Connection
  ) throws -> (start: String, width: String, lines: [Double])? {
    var minutes: [(minute: Int64, count: Int64)] = []
    var statement = try db.prepare(query.minutesSQL)
    while try statement.step() { minutes.append((statement.integer(0), statement.integer(1))) }
    guard let first = minutes.first?.minute, let last = minutes.last?.minute else { return nil }
    let steps: [(minutes: Int64, name: String)] = [
      (1, "1m"), (5, "5m"), (15, "15m"), (60, "1h"), (360, "6h"), (1440, "1d"), (10_080, "7d"),
      (43_200, "30d"), (525_600, "365d"),
    ]
    let step =
      steps.first { (last - first) / $0.minutes < Self.intervals } ?? steps[steps.count - 1]
    let start = first - first % step.minutes
    var lines = [Double](repeating: 0, count: Int((last - start) / step.minutes) + 1)
    for row in minutes { lines[Int((row.minute - start) / step.minutes)] += Double(row.count) }
    return (Instant.text(start * 60_000_000), step.name, lines)
  }
}
