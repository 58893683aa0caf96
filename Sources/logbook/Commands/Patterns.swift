import ArgumentParsing
import LineStore
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct PatternsList: PatternCommand {
  static let name = "list"
  static let abstract = "List what kinds of lines there are, the most frequent first."
  static let discussion = """
    A pattern is what lines of one kind have in common; <*> stands for what varies. Counts are kept by \
    minute, so that this reads no line. First and last time are those of the whole store, not of the \
    range. Without --since, --new and --gone ask for the day before the newest line.
    """
  static let options: [Option<Self>] =
    rangeOptions + lineOptions + [
      .flag("new", help: "Only patterns first seen in the range.", sets: \.isNew),
      .flag("gone", help: "Only patterns not seen since the range began.", sets: \.isGone),
      .flag(
        "rare", help: "Only patterns of at most \(PatternQuery.rareCount) lines, the rarest first.",
        sets: \.isRare),
      .value("limit", "n", "N", help: "At most N patterns.", sets: \.limit, in: 0...Int.max),
      .value(
        "pin", nil, "TEMPLATE",
        help: "First make all lines like this one pattern; <*> stands for any text.", sets: \.pins),
      .value("unpin", nil, "TEMPLATE", help: "First take such a pattern back.", sets: \.unpins),
    ] + resultOptions
  static let examples = [
    ("logbook patterns --since 1h --level warn", "what goes wrong"),
    ("logbook patterns --new --since 2026-03-02T08:00", "never seen before the release"),
    ("logbook patterns --pin 'user <*> logged in'", "one pattern, whoever it is"),
  ]
  var result = ResultOptions()
  var patterns = PatternOptions()
  var isNew = false
  var isGone = false
  var isRare = false
  var limit: Int?
  var pins: [String] = []
  var unpins: [String] = []

  private static let table = "id, count, round(share, 4) AS share, level, pattern"

  func validate() throws(UsageError) {
    let chosen = [("--new", isNew), ("--gone", isGone), ("--rare", isRare)].filter(\.1).map(\.0)
    if chosen.count > 1 {
      throw .conflict(chosen[0], chosen[1])
    }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let choice: PatternQuery.Choice = isNew ? .new : isGone ? .gone : isRare ? .rare : .all
    let query = PatternQuery(
      filter: try patterns.filter(result.zone), choice: choice, limit: limit)
    if result.showsSQL { return try show(query.sql) }
    if !pins.isEmpty || !unpins.isEmpty { try pin(globals) }
    let store = try Workspace(globals).openForReading()
    var writer = ResultWriter(result, precision: .minutes)
    if result.format == .table {
      try writer.all(
        "SELECT \(Self.table) FROM (\(query.sql))", store.db)
    } else {
      try writer.all(query.sql, store.db)
    }
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }

  private func pin(_ globals: GlobalOptions) throws {
    try Workspace(globals).runOnExisting(now: currentTime()) { store in
      let missing = try store.write { db throws(SQLiteError) in
        for text in pins { try PatternTable().pin(text, in: db) }
        var missing: String?
        for text in unpins {
          let isPinned = try PatternTable().unpin(text, in: db)
          if !isPinned { missing = text }
        }
        try PatternTable().merge(in: db)
        return missing
      }
      guard let missing else { return }
      throw Failure("no pattern '\(missing)' is pinned", status: .negative)
    }
  }
}
