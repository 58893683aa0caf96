package import LogModel

/// A search: an expression, and what the options of the command add to it.
///
/// The SQL holds all values and reads only `log`. The stock `sqlite3` shell gives the same rows for it,
/// unless the query asks for a field (the shell has no `attributes`) or a regular expression uses
/// what only PCRE2 knows, or ignores the case of letters beyond ASCII.
package struct SearchQuery: Sendable, Equatable {
  package var expression: Expression
  package var minimumLevel: Severity?
  /// Names, in which `*` stands for any characters: lines of any of them, or of all if empty.
  package var sources: [String] = []
  /// Microseconds since 1970; the range is half open.
  package var since: Int64?
  package var until: Int64?
  package var ignoresCase = false
  /// How many rows, the newest, to keep; counts ignore it.
  package var limit: Int?

  package init(_ expression: Expression = .everything) { self.expression = expression }

  /// The empty text asks for everything.
  package static func parse(_ text: String) throws(QueryError) -> SearchQuery {
    SearchQuery(try QueryParser.parse(text))
  }

  /// Puts the ids that patterns have now in place of those they had before they were merged.
  package mutating func renamePatterns(_ current: (Int64) throws -> Int64) rethrows {
    expression = try expression.renamingPatterns(current)
  }

  /// What follows WHERE; nil when every line is asked for.
  package var condition: String? {
    var conditions: [String] = []
    if let since { conditions.append("time_us >= \(since)") }
    if let until { conditions.append("time_us < \(until)") }
    if let minimumLevel { conditions.append(Condition.atLeast(minimumLevel)) }
    if let sources = Self.anySource(sources) { conditions.append(sources) }
    conditions += Condition.fieldTests(expression)
    let condition = Condition(ignoresCase: ignoresCase, since: since, until: until)
    if let text = condition.sql(expression) {
      if case .any = expression, !conditions.isEmpty {
        conditions.append("(\(text))")
      } else {
        conditions.append(text)
      }
    }
    return conditions.isEmpty ? nil : conditions.joined(separator: " AND ")
  }

  /// The names of the sources that `names` stand for, of all if empty; in order.
  package static func sourceNamesSQL(_ names: [String] = []) -> String {
    let condition = anySource(names).map { " WHERE \($0)" } ?? ""
    return "SELECT source FROM (SELECT name AS source FROM source)\(condition) ORDER BY source"
  }

  static func anySource(_ names: [String]) -> String? {
    if names.isEmpty { return nil }
    let conditions = names.map(Condition.source)
    return conditions.count == 1 ? conditions[0] : "(\(conditions.joined(separator: " OR ")))"
  }

  private var whereClause: String { condition.map { " WHERE \($0)" } ?? "" }

  private var newestFirst: String {
    " ORDER BY time_us DESC, id DESC" + (limit.map { " LIMIT \($0)" } ?? "")
  }

  /// The columns of a result row, unless others are asked for.
  package static let columns = ["id", "time", "level", "source", "pattern_id", "message"]

  /// The matching lines, the newest first.
  package func rowsSQL(columns: [String] = columns) -> String {
    "SELECT \(columns.joined(separator: ", ")) FROM log\(whereClause)\(newestFirst)"
  }

  /// One row with the column `count`.
  package var countSQL: String { "SELECT count(*) AS count FROM log\(whereClause)" }

  /// Columns `time` and `count`, a row for each interval that holds a match; the oldest first.
  package func countSQL(by interval: Interval) -> String {
    let start = SQLText.floored("time_us", to: interval.seconds * 1_000_000)
    return "SELECT \(SQLText.timeText(seconds: "(\(start)) / 1000000")) AS time, count(*) AS count"
      + " FROM log\(whereClause) GROUP BY 1 ORDER BY 1"
  }

  /// The same counts from the minutes of `volume`, without reading a line.
  ///
  /// Nil where minutes do not tell: a condition on more than a pattern, level, source and whole minutes.
  package func rollupCountSQL(by interval: Interval? = nil) -> String? {
    let minute: Int64 = 60_000_000
    var pattern: Int64?
    switch expression {
    case .everything: break
    case .pattern(let id) where interval != nil: pattern = id
    default: return nil
    }
    guard (since ?? 0) % minute == 0, (until ?? 0) % minute == 0,
      (interval?.seconds ?? 60) % 60 == 0
    else { return nil }
    var volume = VolumeQuery(
      interval: interval ?? Interval(seconds: 60), sources: sources, minimumLevel: minimumLevel,
      since: since, until: until)
    volume.pattern = pattern
    return interval == nil ? volume.totalSQL(as: "count") : volume.sparseSQL(as: "count")
  }

  /// The matching lines with their neighbours in the same source.
  ///
  /// The columns are preceded by `block` (a run of neighbouring lines, counted from the oldest id) and
  /// `hit` (1 for a match). Blocks come by their newest match, the newest first; the lines of a block
  /// in the order of the file. Ids of a source are contiguous, and hold the source above bit 36.
  package func contextSQL(before: Int, after: Int, columns: [String] = columns) -> String {
    let shown = columns.map { "log.\($0) AS \($0)" }.joined(separator: ", ")
    return """
      WITH hit AS MATERIALIZED (
        SELECT id, time_us FROM log\(whereClause)\(newestFirst)
      ), reach AS (
        SELECT id, time_us, max(id - \(before), (id >> 36 << 36) + 1) AS first_id,
          min(id + \(after), ((id >> 36) + 1 << 36) - 1) AS last_id FROM hit
      ), gap AS (
        SELECT *, first_id > 1 + max(last_id) OVER (
          ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) IS NOT FALSE AS opens FROM reach
      ), numbered AS (
        SELECT *, sum(opens) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS block FROM gap
      ), span AS (
        SELECT block, min(first_id) AS first_id, max(last_id) AS last_id, max(time_us) AS newest_us
        FROM numbered GROUP BY block
      )
      SELECT span.block AS block, log.id IN (SELECT id FROM hit) AS hit, \(shown)
      FROM span CROSS JOIN log ON log.id BETWEEN span.first_id AND span.last_id
      ORDER BY span.newest_us DESC, span.block DESC, log.id
      """
  }
}
