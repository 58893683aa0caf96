import ArgumentParsing
import LogModel
import Querying
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
  static let abstract = "Count lines by time, without touching one."
  static let options: [Option<Self>] =
    [
      .value(
        "by", nil, "INTERVAL", help: "Whole minutes: 5m, 1h, 1d. (default: 1h)", sets: \.interval,
        parse: parseMinutes),
      .choice("per", help: "A row for each source or level, too.", sets: \.grouping),
      .value("since", nil, "TIME", help: "From this time on.", sets: \.since),
      .value("until", nil, "TIME", help: "Before this time.", sets: \.until),
      .value(
        "level", "l", "LEVEL", help: "At least this level.", sets: \.level, parse: parseSeverity),
      .value(
        "source", "s", "NAME", help: "Only this source; * stands for any text.", sets: \.sources),
    ] + resultOptions
  static let examples = [("logbook volume --by 1d --level error", "errors by day")]
  var result = ResultOptions()
  var interval = Interval(seconds: 3600)
  var grouping = VolumeQuery.Grouping.none
  var since: String?
  var until: String?
  var level: Severity?
  var sources: [String] = []

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let clock = Times(zone: result.zone)
    let query = VolumeQuery(
      interval: interval, sources: sources, minimumLevel: level,
      since: try since.map { try clock.parse($0) }, until: try until.map { try clock.parse($0) },
      grouping: grouping)
    if result.showsSQL { return try show(query.sql) }
    let store = try Workspace(globals).openForReading()
    var writer = ResultWriter(result)
    try writer.all(query.sql, store.db)
    return .success
  }
}
