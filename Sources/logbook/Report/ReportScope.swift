import LogModel
import Querying
import Reporting
import SQLite

/// What a report is about: its range, the one before that it is compared with, and its axis of time.
struct ReportScope {
  var lines: ReportQuery
  /// Nil: nothing is compared.
  var earlier: ReportQuery?
  /// As it was typed.
  var condition: String?
  /// Those that commands name, where it is not those that were asked for.
  var searched: [String]?
  let axis: TimeAxis

  /// At most so many intervals are drawn.
  private static let intervals = 72

  init(_ lines: ReportQuery, earlier: ReportQuery? = nil, condition: String? = nil) {
    self.lines = lines
    self.earlier = earlier
    self.condition = condition
    axis = TimeAxis(since: lines.since, until: lines.until, limit: Self.intervals)
  }

  /// One part of a report, and what it is made of in the range before.
  func both<Value>(_ value: (ReportQuery) throws -> Value) rethrows -> (now: Value, before: Value?)
  {
    (try value(lines), try earlier.map(value))
  }

  // MARK: Commands

  /// The command that lists lines of the range.
  func search(_ query: String = "", level: Severity? = nil, source: String? = nil) -> String {
    var words = ["logbook", "search"]
    let parts = [condition.map { query.isEmpty ? $0 : "(\($0))" } ?? "", query].filter {
      !$0.isEmpty
    }
    if !parts.isEmpty { words.append(shellWord(parts.joined(separator: " "))) }
    if let level { words += ["--level", level.name] }
    for name in source.map({ [$0] }) ?? searched ?? lines.sources {
      words += ["--source", shellWord(name)]
    }
    return (words + range).joined(separator: " ")
  }

  /// The same of a query that there may be none of.
  func search(_ query: String?) -> String? {
    query.map { search($0, level: nil) }
  }

  /// The same by a condition of SQL over `log`, which can hold what no query can.
  func search(sql condition: String) -> String {
    var search = SearchQuery(lines.expression ?? .everything)
    (search.since, search.until) = (lines.since, lines.until)
    search.sources = searched ?? lines.sources
    let all = [search.condition, condition].compactMap { $0 }.joined(separator: " AND ")
    return "logbook sql " + shellWord("SELECT time, source, message FROM log WHERE \(all)")
  }

  /// The command that lists the lines of what a condition on the view `turns t` leaves; nil where only some
  /// lines are asked for.
  func turns(_ condition: String = "") -> String? {
    if self.condition != nil { return nil }
    let range = TurnFilter(since: lines.since, until: lines.until, sources: lines.sources).condition
    let whole = condition.isEmpty ? range : "\(condition) AND \(range)"
    return "logbook sql "
      + shellWord(
        "SELECT t.time, t.model, l.message FROM turns t LEFT JOIN log l ON l.id = t.log_id WHERE \(whole)"
      )
  }

  /// A command of another name over the same range; nil where only some lines are asked for, which it
  /// would not know.
  func command(_ words: String...) -> String? {
    if condition != nil { return nil }
    var words = ["logbook"] + words
    for name in lines.sources { words += ["--source", shellWord(name)] }
    return (words + range).joined(separator: " ")
  }

  private var range: [String] {
    ["--since", Self.minute(lines.since), "--until", Self.minute(lines.until)]
  }

  static func minute(_ instant: Int64) -> String { Instant.text(instant).prefix(16) + "Z" }
}

/// The names of sources by their ids.
func sourceNames(_ db: borrowing Connection) throws -> [Int64: String] {
  var names: [Int64: String] = [:]
  var row = try db.prepare("SELECT id, name FROM source")
  while try row.step() { names[row.integer(0)] = row.text(1) }
  return names
}

/// The nearest rank: the least value that so many percent do not exceed; `sorted` ascends.
func nearestRank(_ percent: Int, of sorted: [Int64]) -> Int64? {
  sorted.isEmpty ? nil : sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
}

func percentile(_ percent: Int, of sorted: [Int64]) -> Quantity {
  nearestRank(percent, of: sorted).map { .milliseconds(Double($0)) } ?? .none
}

extension ReportScope {
  /// A column of what there was before, and one of the difference, where anything is compared.
  var comparedColumns: [ReportTable.Column] {
    earlier == nil
      ? []
      : [.init("earlier", "before", .number), .init("change", "change", .number)]
  }

  func compared(_ now: Int64, _ before: Int64?) -> [Quantity] {
    earlier == nil ? [] : [.count(before ?? 0), .change(now, from: before ?? 0)]
  }
}
