import ArgumentParsing
import Formats
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct CostsList: TurnCommand {
  static let name = "list"
  static let abstract = "Sum tokens and cost by model, time, session and more."
  static let discussion = """
    Days, weeks (from Monday on) and months are those of UTC, or of --tz. A block is a window of five \
    hours: it begins with the hour of its first turn, and the first turn after its end begins the next; \
    gap_hours lie between. \
    What has no model, session, project or consumer is one row; by failure, so are the turns that did not fail. cost_usd leaves unpriced turns out; \
    saved_usd is what the same tokens had cost without a cache, less what they cost. The table has the \
    main columns, every other format all of them.
    """
  static let options: [Option<Self>] =
    [
      .choice("by", help: "What to sum by.", sets: \.grouping),
      .flag("explain-cost", help: "Print how the cost of each turn comes about.", sets: \.explains),
    ] + turnOptions + resultOptions
  static let examples = [
    ("logbook costs --by day --since 30d --tz local", "a month, in your own days"),
    ("logbook costs --by session --since today", "who is busy"),
    ("logbook costs --since 10m --explain-cost", "the arithmetic of the last turns"),
  ]
  var result = ResultOptions()
  var turns = TurnOptions()
  var grouping = CostQuery.Grouping.model
  var explains = false

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let filter = try turns.filter(result.zone)
    let query = CostQuery(
      grouping, filter: filter, zone: ZonePeriods(result.zone, filter, now: currentTime()))
    if result.showsSQL {
      return try show(explains ? CostExplanation.sql(filter.condition) : query.sql())
    }
    let store = try Workspace(globals).openForReading()
    if explains {
      let hasTurns = try CostExplanation.write(filter.condition, store.db, result)
      return hasTurns ? .success : try whyNothing(store.db)
    }
    var writer = ResultWriter(result, precision: .minutes)
    if result.format == .table {
      let sums = ["turns", "input_tokens", "cached_tokens", "output_tokens", "cost_usd"]
      let rates =
        grouping == .block
        ? ["usd_per_hour", "unpriced_turns"] : ["failed_turns", "unpriced_turns"]
      var table = SumTable(columns: [grouping.rawValue] + sums + rates)
      if grouping.isCalendar {
        table.groupHeading = "\(grouping.rawValue) (\((result.zone ?? .utc).name))"
      }
      try table.write(query.sql(sums + rates + ["cost_nano"]), store.db, &writer)
    } else {
      try writer.all(query.sql(), store.db)
    }
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }
}

struct CostsRecost: Command {
  static let name = "recost"
  static let abstract = "Bill turns anew by the prices that are known now."
  static let discussion = """
    What a turn cost stays as it was when it was read, whatever prices do later. This is for prices that \
    were wrong or missing.
    """
  static let options: [Option<Self>] = [
    .value(
      "since", nil, "TIME",
      help: "Turns from this time on: 2026-02-01, 2h, yesterday, @epoch; it must be given.",
      sets: \.since),
    .value("until", nil, "TIME", help: "Turns before this time.", sets: \.until),
    .choice("format", help: "How the summary is written.", sets: \.result.format),
  ]
  static let examples = [("logbook costs recost --since 30d", "after 'logbook prices import'")]
  var since: String?
  var until: String?
  var result = ResultOptions()

  func validate() throws(UsageError) {
    if since == nil { throw .missingOption("--since", command: "costs recost") }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let clock = Times(zone: nil)
    let start = try clock.parse(since ?? "")
    let end = try until.map { try clock.parse($0) }
    let done = try Workspace(globals).runOnExisting(now: currentTime()) { store in
      try Recosting.recost(since: start, until: end, in: store)
    }
    var writer = ResultWriter(result)
    writer.begin(["turns", "changed", "unpriced", "before_usd", "after_usd"])
    writer.row([
      .integer(done.turns), .integer(done.changed), .integer(done.unpriced),
      .real(Double(done.beforeNanoUSD) / 1e9), .real(Double(done.afterNanoUSD) / 1e9),
    ])
    try writer.end()
    return .success
  }
}
