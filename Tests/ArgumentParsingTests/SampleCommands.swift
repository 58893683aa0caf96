import ArgumentParsing

struct SampleGlobals: OptionGroup {
  static let options: [Option<Self>] = [
    .value("db", nil, "FILE", help: "The database.", sets: \.database),
    .value("config", nil, "FILE", help: "The configuration.", sets: \.configuration),
  ]
  var database: String?
  var configuration: String?
}

enum SampleFormat: String, CaseIterable, Sendable { case table, json, csv }

struct Search: Command {
  static let name = "search"
  static let abstract = "Search the lines."
  static let discussion = """
    Words are combined by AND, and OR binds weaker; a word that begins with a dash is excluded.

      error -timeout
    """
  static let arguments: [Argument<Self>] = [
    .many("QUERY", help: "Words, phrases and fields.", sets: \.query)
  ]
  static let options: [Option<Self>] = [
    .value("source", "s", "NAME", help: "Only this source; may be repeated.", sets: \.sources),
    .value("limit", "n", "N", help: "At most this many lines.", sets: \.limit, in: 1...1000),
    .value("after", "A", "N", help: "Lines of context after each match.", sets: \.after),
    .value(
      "since", nil, "TIME",
      help:
        "Only lines from this time on, as ISO 8601, as an age such as 2h, or as a word such as yesterday.",
      sets: \.since),
    .flag("ignore-case", "i", help: "Do not tell upper from lower case.", sets: \.ignoresCase),
    .flag("follow", "f", help: "Wait for more.", sets: \.follows),
    .choice("format", help: "How to write.", sets: \.format),
    .flag("csv", help: "The same as --format csv.", sets: \.format, to: .csv),
    .choice("level", "l", ["info", "warn"], help: "At least this level.", sets: \.level),
  ]
  static let examples = [
    ("logbook search -i timeout", "Every case of it."),
    ("logbook search a", "One letter."),
  ]
  static let passesUnknownDashesThrough = true
  var query: [String] = []
  var sources: [String] = []
  var limit: Int?
  var after = 0
  var since: String?
  var ignoresCase = false
  var follows = false
  var format = SampleFormat.table
  var level: String?

  func validate() throws(UsageError) {
    if follows, limit != nil { throw .conflict("--follow", "--limit") }
  }
}

struct Prune: Command {
  static let name = "prune"
  static let abstract = "Forget old lines."
  static let arguments: [Argument<Self>] = [
    .one("SOURCE", help: "The source.", sets: \.source),
    .one("DAYS", help: "Their age.", isRequired: false, sets: \.days) { text throws(InvalidValue) in
      guard let days = Int(text.drop { $0 == "d" }) else {
        throw InvalidValue(expected: "a number of days")
      }
      return days
    },
  ]
  static let options: [Option<Self>] = [
    .flag("dry-run", "n", help: "Only count.", sets: \.isDryRun),
    .flag("verbose", "v", help: "Say more.", sets: \.isVerbose),
    .value("to", "t", "FILE", help: "Where to.", sets: \.target),
  ]
  var source = ""
  var days = 30
  var isDryRun = false
  var isVerbose = false
  var target = "archive.db"
}

struct ErrorList: Command {
  static let name = "list"
  static let abstract = "List error groups."
  static let options: [Option<Self>] = [
    .value("status", nil, "STATUS", help: "Only these.", sets: \.status)
  ]
  var status: String?
}

struct ErrorShow: Command {
  static let name = "show"
  static let abstract = "Show one error group."
  static let arguments: [Argument<Self>] = [
    .one("ID", help: "The group.", sets: \.id)
  ]
  var id = ""
}

struct ConfigCheck: Command {
  static let name = "check"
  static let abstract = "Check the configuration."
}

let sampleTable = CommandTable<SampleGlobals, any Command>(
  program: "logbook", abstract: "Read logs once and answer from one file.", version: "1.2.3",
  entries: [
    .command(Search.self) { $0 },
    .command(Prune.self) { $0 },
    .group(
      "errors", abstract: "Groups of errors.", default: "list",
      [.command(ErrorList.self) { $0 }, .command(ErrorShow.self) { $0 }]),
    .group("config", abstract: "The configuration.", [.command(ConfigCheck.self) { $0 }]),
  ])
