import ArgumentParsing
import Glibc
import LogAccess
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct ReportPage: Command {
  static let name = "report"
  static let abstract = "Sum up a time: volume, errors, patterns, requests, costs, anomalies."
  static let discussion = """
    The same store and the same options give the same bytes: nothing depends on the clock. Times \
    such as 1d or yesterday count back from the newest line. Without --since and --until all that is stored \
    is reported; with --compare and without --since the last day. Minutes are counted whole.

    --where takes what 'search' takes; then lines are read, while otherwise counts are there already, except \
    those of access logs by path, client and agent.

    --fail-on takes new-errors, error-rate>1%, cost>10 and the like, several of them with commas between: \
    \(ReportCondition.names.joined(separator: ", ")); alone each means more than 0. The report is \
    written all the same, and the exit status is 3.
    """
  static let options: [Option<Self>] = [
    .value(
      "since", nil, "TIME", help: "From this time on: 2026-02-01, 2h, yesterday, @epoch.",
      sets: \.since),
    .value("until", nil, "TIME", help: "Before this time.", sets: \.until),
    .value(
      "source", "s", "NAME", help: "Only this source, or these; * stands for any text.",
      sets: \.sources),
    .value("where", nil, "QUERY", help: "Only lines that this search finds.", sets: \.condition),
    .choice("compare", help: "Compare with the time of the same length before.", sets: \.compared),
    .value(
      "fail-on", nil, "CONDITION", help: "Exit with status 3 where this holds.",
      appendsTo: \.conditions, parse: parseConditions),
    .choice(
      "format", help: "How it is written. (default: text; html for FILE.html)", sets: \.format),
    .value(
      "out", "o", "FILE", help: "Write to this file, in the place of one that is there.",
      sets: \.path),
    .value("html", nil, "FILE", help: "Short for --format html --out FILE.", sets: \.page),
    .flag("md", help: "Short for --format md.", sets: \.isMarkdown),
    .flag("json", help: "Short for --format json.", sets: \.isJSON),
  ]
  static let examples = [
    ("logbook report --since 1d --html today.html", "a page of the last day, for a browser"),
    ("logbook report --since 7d --compare prev --md", "what a week changed"),
    ("logbook report --fail-on 'new-errors,error-rate>1%'", "in a pipeline"),
    ("logbook report --where 'status>=500' --source shop", "of some lines only"),
  ]
  var since: String?
  var until: String?
  var sources: [String] = []
  var condition: String?
  var compared: Comparison?
  var conditions: [[ReportCondition]] = []
  var format: Format?
  var path: String?
  var page: String?
  var isMarkdown = false
  var isJSON = false

  enum Format: String, CaseIterable, Sendable { case text, md, json, html }

  enum Comparison: String, CaseIterable, Sendable { case prev }

  func validate() throws(UsageError) {
    if condition != nil, conditions.joined().contains(where: { $0.key == "anomalies" }) {
      // They know nothing of single lines: it would never hold.
      throw .conflict("--where", "--fail-on anomalies")
    }
    if page != nil, path != nil { throw .conflict("--html", "--out") }
    var named: [(option: String, format: Format)] = []
    if page != nil { named.append(("--html", .html)) }
    if isMarkdown { named.append(("--md", .md)) }
    if isJSON { named.append(("--json", .json)) }
    if let format { named.append(("--format \(format.rawValue)", format)) }
    if let first = named.first, let other = named.first(where: { $0.format != first.format }) {
      throw .conflict(first.option, other.option)
    }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let expression = try expression()
    let workspace = try Workspace(globals)
    let store = try workspace.openForReading()
    if let failure = try NothingFound.source(sources, store.db) { throw failure }
    try registerLogFunctions(on: store.db)
    try installLog(on: store.db, now: 0)
    store.db.setInterruptHandle(Interruption.handle)
    // All sections see the store as it is now, whatever is written meanwhile.
    try store.db.execute("BEGIN")
    let scope = try scope(expression, store.db)
    if let sql = scope.lines.chosenSQL(from: scope.earlier?.since ?? scope.lines.since) {
      try store.db.execute(sql)
    }
    store.db.permitReadingOnly()
    let report = Report(
      heading: ReportHeading(
        since: scope.lines.since, until: scope.lines.until,
        earlier: scope.earlier.map { $0.since..<$0.until }, sources: sources, condition: condition,
        notes: try notes(scope, store.db), program: "logbook \(commands.version)",
        schemaVersion: try store.db.integer("PRAGMA user_version").map { Int($0) } ?? 0),
      sections: try namingDamage(in: store.db) { db in
        try reportParts.compactMap { try $0(scope, db) }
      })
    try write(report, workspace)
    return check(report)
  }

  private var chosen: Format? { isMarkdown ? .md : isJSON ? .json : format }

  private func expression() throws -> Expression? {
    guard let condition else { return nil }
    do throws(QueryError) { return try SearchQuery.parse(condition).expression } catch {
      throw Failure(error, in: condition)
    }
  }

  private func scope(
    _ expression: Expression?, _ db: borrowing Connection
  ) throws -> ReportScope {
    let minute: Int64 = 60_000_000
    var extent = try db.prepare(ReportQuery.extentSQL)
    let isStored = try extent.step() && !extent.isNull(0)
    let (first, last) = isStored ? (extent.integer(0), extent.integer(1) + 1) : (0, 0)
    // Less the stray lines of clocks that were wrong.
    let end = extent.optionalInteger(2).map { $0 + 1 } ?? last
    let newest = try db.integer("SELECT nullif(us, 0) FROM error_now") ?? max(0, end - 1)
    let clock = Times(zone: nil, now: newest)
    let named = try until.map { try clock.parse($0) }
    let start =
      try since.map { try clock.parse($0) }
      ?? (compared == nil
        ? min(first, named ?? end) : (named ?? newest) - 1440 * minute)
    let stop = named ?? (start < end ? end : last)
    var since = Self.floor(start, minute)
    var until = -Self.floor(-stop, minute)
    let isHalfOpen = (self.since == nil) != (self.until == nil)
    if since >= until, isHalfOpen || compared != nil && self.until == nil {
      // There is nothing yet, or not any more: a minute of it, so that conditions can tell.
      if self.until == nil { until = since + minute } else { since = until - minute }
    }
    guard since < until || !isStored && since == until else {
      throw Failure(
        "the time ends before it begins: \(Instant.text(start)) to \(Instant.text(stop))",
        status: .usage)
    }
    var expression = expression
    expression = try expression.map { expression in
      var query = SearchQuery(expression)
      try query.renamePatterns { try PatternLookup.current($0, db) }
      return query.expression
    }
    let lines = ReportQuery(since: since, until: until, sources: sources, expression: expression)
    let earlier = compared.map { _ in
      ReportQuery(
        since: since - (until - since), until: since, sources: sources, expression: expression)
    }
    return ReportScope(lines, earlier: earlier, condition: condition)
  }

  private static func floor(_ value: Int64, _ step: Int64) -> Int64 {
    value - ((value % step) + step) % step
  }

  private func notes(_ scope: ReportScope, _ db: borrowing Connection) throws -> [String] {
    var notes: [String] = []
    let later = ReportQuery(since: scope.lines.until, until: .max / 2, sources: sources)
    if until == nil, let count = try db.integer(later.countSQL), count > 0 {
      let start = "logbook search --since \(ReportScope.minute(later.since))"
      let command = ([start] + sources.map { "--source \(shellWord($0))" }).joined(separator: " ")
      notes.append(
        "Left out: \(counted(count, "line")) of more than a day after files were read; see '\(command)'."
      )
    }
    return try notes + removals(scope, db)
  }

  /// What of the time is gone for its age.
  private func removals(_ scope: ReportScope, _ db: borrowing Connection) throws -> [String] {
    var row = try db.prepare(scope.lines.removedSQL)
    guard try row.step() else { return [] }
    let start = scope.earlier?.since ?? scope.lines.since
    func before(_ time: Int64?) -> String? {
      guard let time, time > start else { return nil }
      return Quantity.time(-Self.floor(-time, 60_000_000)).shown
    }
    var notes: [String] = []
    if let time = before(row.optionalInteger(0)) {
      notes.append(
        "Lines from before \(time) are gone for their age: counts still have them, while commands, requests and --where find what is left."
          + (row.integer(4) != 0 ? " Counts of the oldest are gone, too." : ""))
    }
    for (column, name) in [(1, "Turns"), (2, "Events of errors"), (3, "Samples of metrics")]
      as [(Int32, String)]
    {
      if let time = before(row.optionalInteger(column)) {
        notes.append("\(name) from before \(time) are gone for their age.")
      }
    }
    return notes
  }

  private func write(_ report: Report, _ workspace: Workspace) throws {
    let target = page ?? path
    let isPage = page != nil || (path?.hasSuffix(".html") ?? false)
    guard let target else {
      let sink = TextSink(descriptor: STDOUT_FILENO)
      write(report, chosen ?? .text, sink)
      if let code = sink.failure {
        throw Failure("cannot write to standard output: \(text(code))", status: .inputOutput)
      }
      return
    }
    let file = try workspace.newFile(target, replaces: true)
    let sink = TextSink(descriptor: file.descriptor)
    write(report, chosen ?? (isPage ? .html : .text), sink)
    if let code = sink.failure {
      throw Failure("cannot write \(target): \(text(code))", status: .inputOutput)
    }
    try file.finish()
  }

  private func write(_ report: Report, _ format: Format, _ sink: TextSink) {
    switch format {
    case .text: report.writeText(sink)
    case .md: report.writeMarkdown(sink)
    case .json: report.writeJSON(sink)
    case .html: report.writeHTML(sink)
    }
    sink.flush()
  }

  private func check(_ report: Report) -> ExitStatus {
    let holding = conditions.joined().filter { $0.holds(for: report) }
    for condition in holding {
      StandardError.write(
        Failure(
          "--fail-on \(condition.text): it is \(condition.finding(in: report))", status: .condition)
      )
    }
    return holding.isEmpty ? .success : .condition
  }
}

/// Conditions with commas between.
@Sendable private func parseConditions(_ text: String) throws(InvalidValue) -> [ReportCondition] {
  var conditions: [ReportCondition] = []
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    do throws(ReportCondition.Mistake) {
      conditions.append(try ReportCondition(String(part)))
    } catch { throw InvalidValue(expected: expectation(error)) }
  }
  return conditions
}

private func expectation(_ mistake: ReportCondition.Mistake) -> String {
  switch mistake {
  case .form:
    "conditions such as new-errors, error-rate>1% or cost>10; see 'logbook report --help'"
  case .shareWithoutPercent: "a share with its sign, such as error-rate>5%"
  case .percentOfNoShare: "a number without %; only error-rate is a share"
  case .dollarsOfNoCost: "a number without $; only cost is in dollars"
  case .neverHolds: "a condition that may hold; this one never does"
  }
}
