import ArgumentParsing
import LogModel
import Querying
import Reporting
import SQLite
import Storage

/// An interval of the roll-ups, whose rows are minutes.
@Sendable private func parseMinutes(_ text: String) throws(InvalidValue) -> Interval {
  guard let interval = try? Interval.parse(text), interval.seconds % 60 == 0 else {
    throw InvalidValue(expected: "whole minutes, such as 5m, 1h or 1d")
  }
  return interval
}

struct Volume: ReadingCommand {
  static let name = "volume"
  static let abstract = "Count lines by time, without reading one."
  static let discussion = """
    'ingest' counts by minute, source and level, so that this takes no time. Intervals without a line \
    have a row with 0, except with --per. A terminal shows a bar for each number. Days begin at midnight UTC.
    """
  static let options: [Option<Self>] =
    [
      .value(
        "by", nil, "INTERVAL", help: "Whole minutes: 5m, 1h, 1d. (default: 1h)", sets: \.interval,
        parse: parseMinutes),
      .choice("per", help: "Count each source, or each level, by itself.", sets: \.grouping),
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
      .flag("chart", help: "Draw bars, as at a terminal.", sets: \.draws),
    ] + resultOptions
  static let examples = [
    ("logbook volume --by 1d --level error", "errors by day"),
    ("logbook volume --since today --per source", "who writes how much"),
  ]
  var result = ResultOptions()
  var interval = Interval(seconds: 3600)
  var grouping = VolumeQuery.Grouping.none
  var since: String?
  var until: String?
  var level: Severity?
  var sources: [String] = []
  var draws = false

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let clock = Times(zone: result.zone)
    let query = VolumeQuery(
      interval: interval, sources: sources, minimumLevel: level,
      since: try since.map { try clock.parse($0) }, until: try until.map { try clock.parse($0) },
      grouping: grouping)
    if result.showsSQL { return try show(query.sql) }
    let store = try Workspace(globals).openForReading()
    var writer = ResultWriter(result, precision: .minutes)
    if writer.terminalWidth != nil || draws && result.format == .table {
      try Histogram(writer, precision: .minutes).write(query.sql, store.db, &writer)
    } else {
      try writer.all(query.sql, store.db)
    }
    return try status(writer, store.db)
  }

  private func status(
    _ writer: ResultWriter, _ db: borrowing Connection
  ) throws -> ExitStatus {
    guard writer.rows == 0, let failure = try NothingFound.source(sources, db) else {
      return .success
    }
    StandardError.write(failure)
    return failure.status
  }
}
