import ArgumentParsing
import Formats
import Glibc
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct Search: ReadingCommand {
  static let name = "search"
  static let abstract = "Find lines, the newest first."
  static let discussion = """
    Words must all occur; OR binds weaker, parentheses group, -word excludes. A word is matched whole \
    and case-sensitively; "a phrase" stands between word edges; foo*, *foo* and /regex/ match parts. \
    field:value tests a parsed field, field>5 compares numbers, level:warn is warn or worse, pattern:ID \
    lines of a pattern, session:KEY the turns of a session. Put the query into single quotes. Exit status 1: nothing found.
    """
  static let arguments: [Argument<Self>] = [
    .many("QUERY", help: "What to find; without it, every line.", sets: \.words)
  ]
  static let passesUnknownDashesThrough = true
  static let options: [Option<Self>] =
    [
      .value(
        "since", nil, "TIME", help: "From this time on: 2026-02-01, 2h, yesterday, @epoch.",
        sets: \.since),
      .value("until", nil, "TIME", help: "Before this time.", sets: \.until),
      .value(
        "level", "l", "LEVEL", help: "At least this level: trace, debug, info, warn, error, fatal.",
        sets: \.level, parse: parseSeverity
      ).suggesting(severityNames),
      .value(
        "source", "s", "NAME", help: "Only this source, or these; * stands for any text.",
        sets: \.sources),
      .flag("ignore-case", "i", help: "Match words in upper or lower case.", sets: \.ignoresCase),
      .value("limit", "n", "N", help: "At most N lines.", sets: \.limit, in: 0...Int.max),
      .value(
        "after", "A", "N", help: "Show N lines after each match.", sets: \.after, in: 0...1000),
      .value(
        "before", "B", "N", help: "Show N lines before each match.", sets: \.before, in: 0...1000),
      .value(
        "context", "C", "N", help: "Show N lines around each match.", sets: \.context, in: 0...1000),
      .flag("count", help: "Print how many lines match.", sets: \.counts),
      .value(
        "by", nil, "INTERVAL", help: "With --count: a row for each interval, such as 5m or 1h.",
        sets: \.interval, parse: parseInterval),
      .flag("chart", help: "With --by: draw bars, as at a terminal.", sets: \.draws),
      .flag("follow", "f", help: "Go on with new lines as they are ingested.", sets: \.follows),
    ] + resultOptions
  static let examples = [
    ("logbook search timeout -retrying --since 2h", "of the last two hours"),
    ("logbook search '(timeout OR refused) source:*shop*' -C 2", "with two lines before and after"),
    ("logbook search 'status>=500 \"POST /orders\"' --count --by 1h", "failed orders by hour"),
  ]
  var result = ResultOptions()
  var words: [String] = []
  var since: String?
  var until: String?
  var level: Severity?
  var sources: [String] = []
  var ignoresCase = false
  var limit: Int?
  var after = 0
  var before = 0
  var context = 0
  var counts = false
  var interval: Interval?
  var draws = false
  var follows = false

  func validate() throws(UsageError) {
    if interval != nil && !counts { throw .missingOption("--count", command: Self.name) }
    if draws && interval == nil { throw .missingOption("--by", command: Self.name) }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    var query = try query()
    if result.showsSQL { return try show(sql(query)) }
    let store = try Workspace(globals).openForReading()
    try query.renamePatterns { try PatternLookup.current($0, store.db) }
    let sql = sql(query)
    try prepareForReading(store.db)
    if counts { return try count(query, sql, store.db) }
    var writer = ResultWriter(result)
    var statement = try store.db.prepare(sql)
    var follower = follows ? try Follower(store.db) : nil
    let names = (0..<statement.columnCount).map { statement.columnName($0) }
    var isRow = try statement.step()
    // A person who finds nothing needs no table head; a program needs its empty list.
    guard isRow || follows || result.format != .table else { return try nothing(store.db) }
    writer.begin(names)
    while isRow, writer.isOpen {
      writer.row((0..<statement.columnCount).map { Value(statement, $0) })
      isRow = try statement.step()
    }
    if follower != nil {
      writer.flush()
      while writer.isOpen, !Interruption.isRequested {
        usleep(500_000)
        try follower?.next(query, columns, store.db, &writer)
        writer.flush()
      }
    }
    try writer.end()
    return writer.rows > 0 ? .success : try nothing(store.db)
  }

  private func nothing(_ db: borrowing Connection) throws -> ExitStatus {
    if let failure = try NothingFound.source(sources, db) {
      StandardError.write(failure)
    } else if let field = NothingFound.field(in: words) {
      StandardError.write("hint: a field is searched as \(field)")
    }
    return .negative
  }

  private func query() throws -> SearchQuery {
    let text = words.joined(separator: " ")
    var query: SearchQuery
    do throws(QueryError) { query = try SearchQuery.parse(text) } catch {
      throw Failure(error, in: text)
    }
    let clock = Times(zone: result.zone)
    query.since = try since.map { try clock.parse($0) }
    query.until = try until.map { try clock.parse($0) }
    query.minimumLevel = level
    query.sources = sources
    query.ignoresCase = ignoresCase
    query.limit = limit
    return query
  }

  private var columns: [String] {
    result.format == .table ? ["time", "level", "source", "message"] : SearchQuery.columns
  }

  private func sql(_ query: SearchQuery) -> String {
    if counts {
      // The total includes records that are still open, which the minutes do not count yet.
      guard let interval else { return query.countSQL }
      return query.rollupCountSQL(by: interval) ?? query.countSQL(by: interval)
    }
    let lines = (before: max(before, context), after: max(after, context))
    return lines.before + lines.after > 0
      ? query.contextSQL(before: lines.before, after: lines.after, columns: columns)
      : query.rowsSQL(columns: columns)
  }

  /// A bare number as a table, so that scripts need no parser; rows in every other format.
  private func count(
    _ query: SearchQuery, _ sql: String, _ db: borrowing Connection
  ) throws -> ExitStatus {
    if interval == nil, result.format == .table {
      let count = try db.integer(sql) ?? 0
      let sink = TextSink(descriptor: STDOUT_FILENO)
      sink.write("\(count)\n")
      sink.flush()
      return count > 0 ? .success : try nothing(db)
    }
    let isWhole = interval.map { $0.seconds % 60 == 0 } ?? false
    let precision: TimePrecision = isWhole ? .minutes : .milliseconds
    var writer = ResultWriter(result, precision: precision)
    if interval != nil, writer.terminalWidth != nil || draws && result.format == .table {
      try Histogram(writer, precision: precision, interval: interval).write(sql, db, &writer)
    } else {
      try writer.all(sql, db)
    }
    let isFound = interval == nil ? try db.integer(sql) ?? 0 > 0 : writer.rows > 0
    return isFound ? .success : try nothing(db)
  }
}

/// The lines that were ingested since it last looked.
private struct Follower {
  private var nextIDs: [Int64: Int64] = [:]

  init(_ db: borrowing Connection) throws { nextIDs = try Self.nextIDs(db) }

  private static func nextIDs(_ db: borrowing Connection) throws -> [Int64: Int64] {
    var statement = try db.prepare("SELECT id, (id << 36) + next_line FROM source")
    var found: [Int64: Int64] = [:]
    while try statement.step() { found[statement.integer(0)] = statement.integer(1) }
    return found
  }

  /// The matching ones, oldest first.
  mutating func next(
    _ query: SearchQuery, _ columns: [String], _ db: borrowing Connection,
    _ writer: inout ResultWriter
  ) throws {
    let now = try Self.nextIDs(db)
    for (source, end) in now.sorted(by: { $0.key < $1.key }) {
      let start = nextIDs[source] ?? source << 36
      guard start < end else { continue }
      let condition = query.condition.map { " AND (\($0))" } ?? ""
      var statement = try db.prepare(
        "SELECT \(columns.joined(separator: ", ")) FROM log"
          + " WHERE id >= \(start) AND id < \(end)\(condition) ORDER BY id")
      try writer.append(&statement)
    }
    nextIDs = now
  }
}
