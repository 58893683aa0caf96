import ArgumentParsing
import Glibc
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct SessionsList: TurnCommand {
  static let name = "list"
  static let abstract = "List sessions with their models: turns, tokens and cost."
  static let discussion = """
    A session is what the log calls one; all turns that name none are one row. Input tokens include \
    those read from the cache, output tokens include reasoning. A turn whose model has no known price is \
    counted as unpriced and costs nothing here: see 'logbook prices'. Every other format than a table has \
    more columns.
    """
  static let options: [Option<Self>] =
    [
      .choice("sort", help: "What comes first.", sets: \.order),
      .value("limit", "n", "N", help: "At most N sessions.", sets: \.limit, in: 0...Int.max),
      .flag(
        "watch", "w",
        help:
          "Go on with what is ingested: a table that is painted anew, or a row for each change.",
        sets: \.watches),
    ] + turnOptions + resultOptions
  static let examples = [
    ("logbook sessions --since 7d --sort cost -n 10", "the dearest of a week"),
    ("logbook sessions --sort errors", "where calls fail"),
    ("logbook sessions --watch", "what is going on now"),
  ]
  var result = ResultOptions()
  var turns = TurnOptions()
  var order = SessionQuery.Order.last
  var limit: Int?
  var watches = false

  private static let table = SumTable(
    columns: [
      "session", "last", "turns", "models", "total_tokens", "cost_usd", "failed_turns",
      "unpriced_turns",
    ], wide: ["unpriced_turns"], hasTotal: false)

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let query = SessionQuery(filter: try turns.filter(result.zone), order: order, limit: limit)
    if result.showsSQL { return try show(query.sql()) }
    let store = try Workspace(globals).openForReading()
    if watches { return try watch(query, store) }
    var writer = ResultWriter(result, precision: .minutes)
    if result.format == .table {
      let hidden = try Self.table.write(
        query.sql(Self.table.columns + ["cost_nano"]), store.db, &writer)
      if let count = hidden["unpriced_turns"] {
        StandardError.write(
          "hint: \(count) of these turns have no known price: see 'logbook costs'")
      }
    } else {
      try writer.all(query.sql(), store.db)
    }
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }

  private func watch(_ query: SessionQuery, _ store: borrowing Store) throws -> ExitStatus {
    Interruption.install()
    let watch = SessionWatch(query: query, columns: Self.table.columns, result: result) {
      // A signal ends the wait.
      usleep(500_000)
      return !Interruption.isRequested
    }
    try watch.run(store.db)
    return Interruption.isRequested ? .signal(Interruption.signal) : .success
  }
}

struct SessionsShow: TurnCommand {
  static let name = "show"
  static let abstract = "Show the turns of one session, the oldest first."
  static let discussion = """
    Question, answer and the names of the tools that were called are read from the turn's line, and of \
    agents from the lines around it, where the source keeps content. At a terminal each turn is then a \
    block of lines.
    """
  static let arguments: [Argument<Self>] = [
    .one(
      "KEY", help: "The session, or how only its name begins; '' for the turns without one.",
      sets: \.key)
  ]
  static let options: [Option<Self>] =
    [
      .flag("no-content", help: "Leave out question, answer and tools.", sets: \.leavesOutContent),
      .flag("explain-cost", help: "Print how the cost of each turn comes about.", sets: \.explains),
    ] + turnOptions + resultOptions
  static let examples = [
    ("logbook sessions show 3f2a91 --no-content", "a row for each turn"),
    ("logbook sessions show 3f2a91 --explain-cost", "the arithmetic"),
  ]
  var result = ResultOptions()
  var turns = TurnOptions()
  var key = ""
  var leavesOutContent = false
  var explains = false

  private static let columns = [
    "time", "model", "input_tokens", "output_tokens", "cost_usd", "latency_ms", "tool_calls",
  ]

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let filter = try turns.filter(result.zone)
    var query = TimelineQuery(
      session: key, filter: filter, includesContent: !leavesOutContent && !explains)
    if result.showsSQL {
      return try show(explains ? CostExplanation.sql(query.condition) : query.sql())
    }
    let store = try Workspace(globals).openForReading()
    try prepareForReading(store.db)
    query.session = try session(store.db)
    if explains {
      let hasTurns = try CostExplanation.write(query.condition, store.db, result)
      return hasTurns ? .success : try whyNothing(store.db)
    }
    if result.format == .table, query.includesContent {
      // Mostly the first ones say it, and all would be read twice.
      query.includesContent =
        try store.db.integer(query.hasContentSQL(first: 20)) != nil
        || store.db.integer(query.hasContentSQL()) != nil
    }
    var writer = ResultWriter(result, isVertical: query.includesContent)
    if result.format == .table {
      var columns = Self.columns
      for column in ["failure", "invalid_time"] where try has(column, query, store.db) {
        columns.append(column)
      }
      try writer.all(query.sql(columns), store.db, heading: SumTable.heading)
    } else {
      try writer.all(query.sql(), store.db)
    }
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }

  private func has(
    _ column: String, _ query: TimelineQuery, _ db: borrowing Connection
  ) throws -> Bool {
    try db.integer(
      "SELECT 1 FROM turns t WHERE \(query.condition) AND coalesce(\(column), 0) <> 0 LIMIT 1")
      != nil
  }

  /// The session of this name, else the only one that begins so, or begins and ends as a table shows it; nil for
  /// the turns that name none.
  private func session(_ db: borrowing Connection) throws -> String? {
    if key.isEmpty {
      if try db.integer("SELECT 1 FROM turn WHERE session IS NULL LIMIT 1") != nil { return nil }
      throw Failure("every turn names a session", hint: "see 'logbook sessions'", status: .negative)
    }
    if try db.integer("SELECT 1 FROM session WHERE key = ?", key) != nil { return key }
    let ends = key.split(separator: "…", maxSplits: 1, omittingEmptySubsequences: false)
    var found: [String] = []
    var statement = try db.prepare(
      """
      SELECT key FROM session
      WHERE substr(key, 1, length(?1)) = ?1 AND (?2 = '' OR substr(key, -length(?2)) = ?2) ORDER BY key LIMIT 4
      """)
    try statement.bind(1, String(ends[0]))
    try statement.bind(2, ends.count > 1 ? String(ends[1]) : "")
    while try statement.step() { found.append(statement.text(0)) }
    if found.count == 1 { return found[0] }
    guard found.isEmpty else {
      throw Failure(
        "several sessions begin with '\(key)'",
        hint: "there is " + found.prefix(3).joined(separator: ", ")
          + (found.count > 3 ? " and more" : ""), status: .negative)
    }
    throw Failure(
      "there is no session '\(key)'", hint: "see 'logbook sessions'", status: .negative)
  }
}
