import ArgumentParsing
import LogModel
import Querying
import Reporting
import SQLite
import Storage

/// Two times with `..` between them, of which either may be missing.
private struct TimeRange {
  var since: String?
  var until: String?

  init?(_ text: String) {
    let bytes = Array(text.utf8)
    for index in bytes.indices.dropLast() where bytes[index] == 0x2E && bytes[index + 1] == 0x2E {
      let before = String(decoding: bytes[..<index], as: UTF8.self)
      let after = String(decoding: bytes[(index + 2)...], as: UTF8.self)
      since = before.isEmpty ? nil : before
      until = after.isEmpty ? nil : after
      return
    }
    return nil
  }
}

struct PatternsDiff: PatternCommand {
  static let name = "diff"
  static let abstract = "Compare the patterns of two ranges of time, the most telling first."
  static let discussion = """
    A range is FROM..TO, each a time as for --since, or nothing; TO itself is not in it. What counts is a \
    pattern's part of all lines: ranges may differ in length. The score is the log-likelihood ratio; from \
    11 on chance makes such a difference once in a thousand.
    """
  static let arguments: [Argument<Self>] = [
    .one("BEFORE", help: "The range to compare with.", sets: \.before),
    .one("AFTER", help: "The range in question.", sets: \.after),
  ]
  static let options: [Option<Self>] =
    lineOptions + [
      .value("limit", "n", "N", help: "At most N patterns.", sets: \.limit, in: 0...Int.max)
    ] + resultOptions
  static let examples = [
    ("logbook patterns diff yesterday..today today..", "what is different today"),
    ("logbook patterns diff ..2026-03-02T08:00 2026-03-02T08:00..", "since the release"),
  ]
  var result = ResultOptions()
  var patterns = PatternOptions()
  var before = ""
  var after = ""
  var limit: Int?

  private static let table = ["id", "change", "before", "after", "score", "level", "pattern"]

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let query = PatternDiffQuery(
      before: try filter(before), after: try filter(after), limit: limit)
    if result.showsSQL { return try show(query.sql) }
    let store = try Workspace(globals).openForReading()
    var writer = ResultWriter(result)
    if result.format == .table {
      try writer.all(
        "SELECT \(Self.table.joined(separator: ", ")) FROM (\(query.sql))", store.db)
    } else {
      try writer.all(query.sql, store.db)
    }
    return writer.rows > 0 ? .success : try whyNothing(store.db)
  }

  private func filter(_ text: String) throws -> MinuteFilter {
    guard let range = TimeRange(text) else {
      throw Failure(
        "'\(text)' is no range of times",
        hint: "a range is FROM..TO, such as yesterday..today or 2026-03-02T08:00..",
        status: .usage)
    }
    var options = patterns
    (options.since, options.until) = (range.since, range.until)
    return try options.filter(result.zone)
  }
}
