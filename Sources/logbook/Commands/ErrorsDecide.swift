import ArgumentParsing
import LogModel
import Querying
import Reporting
import SQLite
import Storage

/// What a command says of errors, inside a transaction; `errors` are what the ids name now.
typealias Decision = ([Int64], borrowing Connection) throws(SQLiteError) -> Void

/// A command that says something of errors: they are printed as they are then.
protocol ErrorDecision: Command {
  var result: ResultOptions { get set }
  var ids: [String] { get set }
  func decision() throws -> Decision
  /// Errors beside those that ids name.
  func others(_ db: borrowing Connection) throws -> [Int64]
  /// Throws where an error cannot be what it is asked to be.
  func check(_ db: borrowing Connection) throws
}

extension ErrorDecision {
  static var idArguments: [Argument<Self>] {
    [.many("ID", help: "An error's id.", isRequired: true, sets: \.ids)]
  }

  static var summaryOptions: [Option<Self>] {
    [.choice("format", help: "How the errors are written.", sets: \.result.format)]
  }

  func others(_ db: borrowing Connection) throws -> [Int64] { [] }

  func check(_ db: borrowing Connection) throws {}

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let decision = try decision()
    let sql = try Workspace(globals).writeOnExisting(now: currentTime()) { store in
      let errors = try ids.map { try ErrorLookup.error($0, store.db) } + others(store.db)
      try check(store.db)
      var shown: Set<Int64> = []
      try store.write { db throws(SQLiteError) in
        let parts = try ErrorDecisions().parts(of: errors, in: db)
        try decision(errors, db)
        try ErrorDecisions().noteTransitions(run: nil, in: db)
        for error in errors + parts {
          shown.insert(try ErrorDecisions().current(error, in: db) ?? error)
        }
      }
      let list = shown.sorted().map { String($0) }.joined(separator: ", ")
      return "SELECT id, count, status, type, title FROM errors WHERE id IN (\(list)) ORDER BY id"
    }
    let store = try Workspace(globals).openForReading()
    var writer = ResultWriter(result, precision: .minutes)
    try writer.all(sql, store.db)
    return .success
  }
}

struct ErrorsResolve: ErrorDecision {
  static let name = "resolve"
  static let abstract = "Say that an error is done with."
  static let discussion = """
    That means all events up to now, the latest time that a file ends with. An event of a later time, in whatever file it \
    is found, makes the error regressed; one of an earlier time does not. With --quiet, errors that have had no event \
    for so long before now are done with, too: on a timer, errors resolve themselves.
    """
  static let arguments: [Argument<Self>] = [.many("ID", help: "An error's id.", sets: \.ids)]
  static let options: [Option<Self>] =
    [
      .value(
        "quiet", nil, "TIME", help: "All that have been quiet for so long: 14d.", sets: \.quiet,
        parse: parseInterval)
    ] + summaryOptions
  static let examples = [
    ("logbook errors resolve 3512384771229016", "fixed"),
    ("logbook errors resolve --quiet 14d", "not seen for two weeks"),
  ]
  var result = ResultOptions()
  var ids: [String] = []
  var quiet: Interval?

  func validate() throws(UsageError) {
    if ids.isEmpty, quiet == nil {
      throw .missingArgument(placeholder: "ID", command: "errors \(Self.name)")
    }
  }

  func decision() -> Decision {
    { errors, db throws(SQLiteError) in
      for error in errors { try ErrorDecisions().resolve(error, in: db) }
    }
  }

  func others(_ db: borrowing Connection) throws -> [Int64] {
    try quiet.map { try ErrorDecisions().quiet(for: $0.seconds * 1_000_000, in: db) } ?? []
  }
}

struct ErrorsIgnore: ErrorDecision {
  static let name = "ignore"
  static let abstract = "Leave an error alone, for good or for a while."
  static let discussion = """
    Several conditions end it with the first that holds. Times are those in the log, not of the clock.
    """
  static let arguments = idArguments
  static let options: [Option<Self>] =
    [
      .value("until", nil, "TIME", help: "Until a line is as new as this.", sets: \.until),
      .value(
        "events", nil, "N", help: "Until there are N more events.", sets: \.events,
        in: 1...1_000_000_000),
      .flag("until-escalating", help: "Until they come much faster.", sets: \.untilEscalating),
    ] + summaryOptions
  static let examples = [
    ("logbook errors ignore 3512384771229016 --events 100", "until it is many")
  ]
  var result = ResultOptions()
  var ids: [String] = []
  var until: String?
  var events: Int?
  var untilEscalating = false

  func decision() throws -> Decision {
    var patience = ErrorDecisions.Patience()
    patience.until = try until.map { try Times(zone: result.zone).parse($0) }
    patience.events = events.map { Int64($0) }
    patience.untilEscalating = untilEscalating
    let chosen = patience
    return { errors, db throws(SQLiteError) in
      for error in errors { try ErrorDecisions().ignore(error, chosen, in: db) }
    }
  }
}

struct ErrorsReopen: ErrorDecision {
  static let name = "reopen"
  static let abstract = "Take back that an error is resolved or ignored."
  static let arguments = idArguments
  static let options = summaryOptions
  static let examples = [("logbook errors reopen 3512384771229016", "not fixed after all")]
  var result = ResultOptions()
  var ids: [String] = []

  func decision() -> Decision {
    { errors, db throws(SQLiteError) in
      for error in errors { try ErrorDecisions().reopen(error, in: db) }
    }
  }
}

struct ErrorsMerge: ErrorDecision {
  static let name = "merge"
  static let abstract = "Make several errors one, from now on, too."
  static let discussion = """
    All become a part of the first, and are resolved or ignored as it is. What comes with their fingerprints \
    later belongs to it as well, whatever is read again. 'split' takes it back.
    """
  static let arguments = idArguments
  static let options = summaryOptions
  static let examples = [
    ("logbook errors merge 3512384771229016 1179367225687251", "the second is the first")
  ]
  var result = ResultOptions()
  var ids: [String] = []

  func check(_ db: borrowing Connection) throws {
    let errors = Set(try ids.map { try ErrorLookup.error($0, db) })
    guard errors.count > 1 else {
      throw Failure("these are one error, \(errors.first ?? 0), already", status: .negative)
    }
  }

  func validate() throws(UsageError) {
    if ids.count < 2 { throw .missingArgument(placeholder: "ID", command: "errors merge") }
  }

  func decision() -> Decision {
    { errors, db throws(SQLiteError) in
      for error in errors.dropFirst() {
        try ErrorDecisions().merge(error, into: errors[0], in: db)
      }
    }
  }
}

struct ErrorsSplit: ErrorDecision {
  static let name = "split"
  static let abstract = "Make a merged part an error of its own again."
  static let discussion = """
    ID is that of the part, as 'errors show' lists it; of an error that has parts, all of them. A part is as it \
    was before: resolved or ignored, and with the parts that it had itself.
    """
  static let arguments = idArguments
  static let options = summaryOptions
  static let examples = [("logbook errors split 1179367225687251", "take a merge back")]
  var result = ResultOptions()
  var ids: [String] = []

  func check(_ db: borrowing Connection) throws {
    for id in ids {
      let part = try db.integer(
        "SELECT 1 FROM error_alias WHERE fingerprint = ?1 OR error = ?1", Int64(id) ?? 0)
      if part == nil { throw Failure("error \(id) has not been merged", status: .negative) }
    }
  }

  func decision() -> Decision {
    let parts = ids.compactMap { Int64($0) }
    return { errors, db throws(SQLiteError) in
      for part in parts { try ErrorDecisions().split(part, in: db) }
    }
  }
}
