import ArgumentParsing
import LineStore
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct ErrorsList: ErrorCommand {
  static let name = "list"
  static let abstract = "List what went wrong, the most frequent first."
  static let discussion = """
    Lines with the same exception from the same place are one error, whatever values they hold; so are \
    lines of level error with the same message. The status goes by the times in the log, where now is the latest that a file ends with: new for a week, \
    then ongoing; escalating when the last hour is far above the week before; resolved and ignored as you \
    say; regressed when it comes back. Count, first and last time are those of the range, source and level that are asked for; with \
    --until the status is that of then, by the events before it and by what was said of the error up to today.
    """
  static let options: [Option<Self>] =
    eventOptions + [
      .value(
        "status", nil, "STATUS",
        help: "Only errors of this status, or these: \(statusNames).", sets: \.statuses),
      .value(
        "type", nil, "NAME", help: "Only errors of this type; * stands for any text.", sets: \.type),
      .flag(
        "new", help: "Only errors first seen in this time, neither resolved nor ignored.",
        sets: \.isNew),
      .choice("sort", help: "What comes first.", sets: \.order),
      .value("limit", "n", "N", help: "At most N errors.", sets: \.limit, in: 0...Int.max),
    ] + resultOptions
  static let examples = [
    ("logbook errors --since 1d", "of the last day"),
    ("logbook errors --status new --status regressed", "what nobody has looked at"),
    ("logbook search error:3512384771229016", "the lines of one"),
  ]
  private static let statusNames = ErrorStatus.allCases.map(\.rawValue).joined(separator: ", ")
  var result = ResultOptions()
  var errors = ErrorOptions()
  var statuses: [String] = []
  var type: String?
  var order = ErrorQuery.Order.count
  var limit: Int?
  var isNew = false

  /// At a terminal of 80 columns the title must have room.
  private static let table = [
    "id", "count", "status", "last_seen",
    "iif(title = '', coalesce(type, ''), coalesce(type || ': ', '') || title) AS title",
  ]

  func validate() throws(UsageError) {
    for status in statuses where ErrorStatus(rawValue: status) == nil {
      throw .invalidValue(
        subject: "--status", value: status, expected: "one of \(Self.statusNames)")
    }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    var query = ErrorQuery(
      filter: try errors.filter(result.zone),
      statuses: statuses.compactMap { ErrorStatus(rawValue: $0) }, type: type, order: order,
      limit: limit)
    query.isNew = isNew
    if result.showsSQL { return try show(query.sql()) }
    let store = try Workspace(globals).openForReading()
    try registerStoreFunctions(on: store.db)
    var writer = ResultWriter(result, precision: .minutes)
    try writer.all(
      query.sql(result.format == .table ? Self.table : ErrorQuery.columns), store.db)
    try tellPending(store.db)
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }
}

struct ErrorsStats: ErrorCommand {
  static let name = "stats"
  static let abstract = "Count errors by hour, status, type, level and source."
  static let discussion = """
    Without --since and --until the day up to now is counted, with all of the hour of now. 'before' is the range of the same \
    length before it, with the trend: increasing from a fifth more on, decreasing from a fifth less on. \
    'sessions' are those with language models that had an error.
    """
  static let options: [Option<Self>] =
    eventOptions + [.choice("by", help: "Only this, all of it.", sets: \.part)] + resultOptions
  static let examples = [
    ("logbook errors stats --since 7d --by day", "a row for each day"),
    ("logbook errors stats --by type", "what kinds there are"),
  ]
  var result = ResultOptions()
  var errors = ErrorOptions()
  var part: ErrorStatsQuery.Part?

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let filter = try errors.filter(result.zone)
    let store = try Workspace(globals).openForReading()
    try registerStoreFunctions(on: store.db)
    let newest = try store.db.integer("SELECT us FROM error_now") ?? 0
    // Whole hours are counted already.
    let hour: Int64 = 3_600_000_000
    let until = filter.until ?? (newest / hour + 1) * hour
    let query = ErrorStatsQuery(
      filter: filter, since: filter.since ?? until - 86_400_000_000, until: until, part: part)
    if result.showsSQL { return try show(query.sql) }
    var writer = ResultWriter(result, precision: .minutes)
    try writer.all(query.sql, store.db)
    try tellPending(store.db)
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }
}
