import ArgumentParsing
import Formats
import LogModel
import Querying
import Reporting
import SQLite
import Storage

/// Which events of errors a command is about.
struct ErrorOptions: Sendable {
  var since: String?
  var until: String?
  var level: Severity?
  var sources: [String] = []

  func filter(_ zone: Zone?) throws -> ErrorFilter {
    let clock = Times(zone: zone)
    return ErrorFilter(
      since: try since.map { try clock.parse($0) }, until: try until.map { try clock.parse($0) },
      sources: sources, minimumLevel: level)
  }
}

protocol ErrorCommand: ReadingCommand {
  var errors: ErrorOptions { get set }
}

extension ErrorCommand {
  static var eventOptions: [Option<Self>] {
    [
      .value(
        "since", nil, "TIME", help: "From this time on: 2026-02-01, 2h, yesterday, @epoch.",
        sets: \.errors.since),
      .value("until", nil, "TIME", help: "Before this time.", sets: \.errors.until),
      .value(
        "level", "l", "LEVEL", help: "At least this level: trace, debug, info, warn, error, fatal.",
        sets: \.errors.level, parse: parseSeverity
      ).suggesting(severityNames),
      .value(
        "source", "s", "NAME", help: "Only this source, or these; * stands for any text.",
        sets: \.errors.sources),
    ]
  }

  /// That a migration has left something to do.
  func tellPending(_ db: borrowing Connection) throws {
    guard let count = try db.integer("SELECT count(*) FROM error_pending"), count > 0 else {
      return
    }
    StandardError.write(
      "hint: errors of \(count) source\(count == 1 ? "" : "s") of an older version are not counted yet: run 'logbook migrate'"
    )
  }

  /// After a table without rows: what may have been meant.
  func whyNothing(_ db: borrowing Connection) throws -> ExitStatus {
    guard let failure = try NothingFound.source(errors.sources, db) else { return .success }
    StandardError.write(failure)
    return failure.status
  }
}

/// Errors by their ids.
enum ErrorLookup {
  /// The error that the text names; it may have become a part of another.
  static func error(_ text: String, _ db: borrowing Connection) throws -> Int64 {
    guard let id = Int64(text) else {
      throw Failure("'\(text)' is no id of an error", hint: "see 'logbook errors'", status: .usage)
    }
    guard let error = try ErrorDecisions().current(id, in: db) else {
      throw Failure("there is no error \(id)", hint: "see 'logbook errors'", status: .negative)
    }
    return error
  }
}
