import ArgumentParsing
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct ErrorsShow: ErrorCommand {
  static let name = "show"
  static let abstract = "Show one error: its frames, course, sources, sessions, patterns and lines."
  static let discussion = """
    ID is that of 'errors', or one that the error had before it was merged. Its lines are found by \
    'search error:ID'. 'trend' compares the newest half of its hours with those before.
    """
  static let arguments: [Argument<Self>] = [.one("ID", help: "The error's id.", sets: \.id)]
  static let options: [Option<Self>] =
    eventOptions + [
      .value(
        "samples", "n", "N", help: "The newest N lines.", sets: \.samples,
        in: 0...1000)
    ] + resultOptions
  static let examples = [("logbook errors show 3512384771229016 -n 10", "with ten lines")]
  var result = ResultOptions()
  var errors = ErrorOptions()
  var id = ""
  var samples = 3

  private static let intervals: Int64 = 24

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let filter = try errors.filter(result.zone)
    let store = try Workspace(globals).openForReading()
    try prepareForReading(store.db)
    let query = ErrorDetailQuery(error: try ErrorLookup.error(id, store.db), filter: filter)
    if result.showsSQL {
      return try show(
        [query.headSQL, query.partsSQL, query.hoursSQL, query.linesSQL(limit: samples)]
          .joined(separator: ";\n"))
    }
    var writer = ResultWriter(result)
    writer.begin(["part", "name", "value", "count"])
    try write(query, store.db, &writer)
    try writer.end()
    return .success
  }

  private func write(
    _ query: ErrorDetailQuery, _ db: borrowing Connection, _ writer: inout ResultWriter
  ) throws {
    do {
      var head = try db.prepare(query.headSQL)
      guard try head.step() else {
        throw Failure(
          "nothing is left of error \(query.error)", hint: "see 'logbook errors'", status: .negative
        )
      }
      writer.row([
        .text("error"), .text(head.text(0)), .text(head.text(2)), .integer(head.integer(5)),
      ])
      for column in [1, 8, 3, 4, 6, 7] as [Int32] where !head.isNull(column) {
        writer.row([.text(head.columnName(column)), .null, .text(head.text(column)), .null])
      }
    }
    try writeCourse(query, db, &writer)
    do {
      var parts = try db.prepare(query.partsSQL)
      try writer.append(&parts)
    }
    var patterns: [(id: Int64, count: Int64)] = []
    var lines: [(id: Int64, message: String)] = []
    var line = try db.prepare(query.linesSQL(limit: max(samples, 1000)))
    while try line.step() {
      let pattern = line.integer(1)
      if let index = patterns.firstIndex(where: { $0.id == pattern }) {
        patterns[index].count += 1
      } else {
        patterns.append((pattern, 1))
      }
      if lines.count < samples { lines.append((line.integer(0), line.text(2))) }
    }
    for pattern in patterns.sorted(by: { ($1.count, $0.id) < ($0.count, $1.id) }).prefix(5) {
      writer.row([
        .text("pattern"), .text(String(pattern.id)),
        .text(try PatternLookup.text(pattern.id, db) ?? ""), .integer(pattern.count),
      ])
    }
    for line in lines {
      writer.row([.text("line"), .text(String(line.id)), .text(line.message), .null])
    }
  }

  /// How many events an hour, and whether they become more.
  private func writeCourse(
    _ query: ErrorDetailQuery, _ db: borrowing Connection, _ writer: inout ResultWriter
  ) throws {
    var hours: [(hour: Int64, count: Int64)] = []
    var statement = try db.prepare(query.hoursSQL)
    while try statement.step() { hours.append((statement.integer(0), statement.integer(1))) }
    guard let first = hours.first?.hour, let last = hours.last?.hour else { return }
    let span = last - first + 1
    let width = (span + Self.intervals - 1) / Self.intervals
    var bars = [Double](repeating: 0, count: Int((span + width - 1) / width))
    for hour in hours { bars[Int((hour.hour - first) / width)] += Double(hour.count) }
    let start = Instant.text(first * 3_600_000_000)
    writer.row([
      .text("volume"), .text("\(start) +\(width)h"), .text(sparkline(bars)),
      .integer(hours.reduce(0) { $0 + $1.count }),
    ])
    let middle = last - span / 2
    let late = hours.filter { $0.hour > middle }.reduce(0) { $0 + $1.count }
    let early = hours.filter { $0.hour > middle - (last - middle) && $0.hour <= middle }
      .reduce(0) { $0 + $1.count }
    guard last > middle else { return }
    let trend = early * 6 < late * 5 ? "increasing" : late * 5 < early * 4 ? "decreasing" : "stable"
    writer.row([.text("trend"), .null, .text(trend), .null])
  }
}
