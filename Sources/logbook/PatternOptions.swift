import ArgumentParsing
import Formats
import LogModel
import Querying
import Reporting
import SQLite

/// Which lines the patterns of a command are counted in.
struct PatternOptions: Sendable {
  var since: String?
  var until: String?
  var level: Severity?
  var sources: [String] = []

  func filter(_ zone: Zone?) throws -> MinuteFilter {
    let clock = Times(zone: zone)
    return MinuteFilter(
      since: try since.map { try clock.parse($0) }, until: try until.map { try clock.parse($0) },
      sources: sources, minimumLevel: level)
  }
}

protocol PatternCommand: ReadingCommand {
  var patterns: PatternOptions { get set }
}

extension PatternCommand {
  static var rangeOptions: [Option<Self>] {
    [
      .value(
        "since", nil, "TIME", help: "From this time on: 2026-02-01, 2h, yesterday, @epoch.",
        sets: \.patterns.since),
      .value("until", nil, "TIME", help: "Before this time.", sets: \.patterns.until),
    ]
  }

  static var lineOptions: [Option<Self>] {
    [
      .value(
        "level", "l", "LEVEL", help: "At least this level: trace, debug, info, warn, error, fatal.",
        sets: \.patterns.level, parse: parseSeverity
      ).suggesting(severityNames),
      .value(
        "source", "s", "NAME", help: "Only this source, or these; * stands for any text.",
        sets: \.patterns.sources),
    ]
  }

  /// After a table without rows: what may have been meant.
  func whyNothing(_ db: borrowing Connection) throws -> ExitStatus {
    guard let failure = try NothingFound.source(patterns.sources, db) else { return .success }
    StandardError.write(failure)
    return failure.status
  }
}

/// Patterns by their ids.
enum PatternLookup {
  /// The id that a pattern has now; `id` itself where nothing is known of it.
  static func current(_ id: Int64, _ db: borrowing Connection) throws -> Int64 {
    try db.integer("SELECT pattern FROM pattern_alias WHERE old = ?", id) ?? id
  }

  static func text(_ id: Int64, _ db: borrowing Connection) throws -> String? {
    var statement = try db.prepare("SELECT text FROM pattern WHERE id = ?")
    try statement.bind(1, id)
    return try statement.step() ? statement.text(0) : nil
  }
}
