import LineStore
import LogModel
import Querying
import Reporting
import SQLite

/// What went wrong, how often, and what is new of it.
func errorSection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  // They are counted by the hour.
  let axis = TimeAxis(since: scope.lines.since, until: scope.lines.until, limit: 48, least: 60)
  let known = try knownErrors(db)
  let now = FoundErrors(
    try ErrorTally(scope.lines, axis, db), known, in: scope.lines, try statuses(scope.lines, db),
    try lastTimes(scope.lines, db))
  let before = try scope.earlier.map {
    FoundErrors(try ErrorTally($0, axis, db), known, in: $0, try statuses($0, db))
  }
  var section = ReportSection("errors", "Errors")
  func figure(
    _ key: String, _ title: String, _ count: (FoundErrors) -> Int64, remark: String? = nil,
    meaning: ReportFigure.Meaning = .neutral, isMain: Bool = false, command: String?
  ) -> ReportFigure {
    ReportFigure(
      key, title, .count(count(now)), earlier: before.map { .count(count($0)) }, remark: remark,
      meaning: meaning, isMain: isMain, command: command)
  }
  let list = { (status: String) in scope.command("errors", "list", "--status", status) }
  section.figures = [
    figure(
      "errors", "Different errors", { Int64($0.all.count) },
      command: scope.command("errors", "list")),
    figure("error_events", "Events", \.tally.total, command: scope.command("errors", "stats")),
    figure(
      "new_errors", "New errors", { Int64($0.new.count) }, remark: "first seen in this time",
      meaning: .bad, isMain: true, command: scope.command("errors", "list", "--new")),
    figure(
      "regressed_errors", "Regressed errors", { Int64($0.of("regressed").count) },
      remark: "back after they were resolved", meaning: .bad,
      isMain: !now.of("regressed").isEmpty, command: list("regressed")),
    figure(
      "escalating_errors", "Escalating errors", { Int64($0.of("escalating").count) },
      remark: "at the end of this time", meaning: .bad, isMain: !now.of("escalating").isEmpty,
      command: list("escalating")),
  ]
  let sessions = try affectedSessions(now.tally.total, scope.lines, db)
  let shown = [now.of("regressed"), now.of("escalating"), now.new].flatMap { $0.prefix(10) }
  let samples = try samples(
    of: Set((shown + now.all.prefix(15)).map(\.id)).sorted(), scope.lines, db)
  let table = { (key: String, title: String, errors: [FoundError], limit: Int) in
    errorTable(key, title, errors, limit, before?.tally, sessions, samples, scope)
  }
  section.tables = [
    table("regressed", "Regressed", now.of("regressed"), 10),
    table("escalating", "Escalating", now.of("escalating"), 10),
    // Where all are new, the most frequent are the same rows.
    table("new", "New", now.new.count == now.all.count ? [] : now.new, 10),
    table("most_frequent", "Most frequent", now.all, 15),
  ]
  let urgent = now.of("regressed") + now.new.filter { $0.status != "regressed" }
  if !urgent.isEmpty {
    var highlights = table("errors", "Errors that are back or new", urgent, 3)
    highlights.note = nil
    section.highlights = highlights
  }
  return section
}

/// Events of a range by error and interval; merged errors together.
private struct ErrorTally {
  private(set) var counts: [Int64: Int64] = [:]
  private(set) var courses: [Int64: [Double]] = [:]
  var total: Int64 { counts.values.reduce(0, +) }

  init(_ query: ReportQuery, _ axis: TimeAxis, _ db: borrowing Connection) throws {
    var row = try db.prepare(query.errors.countsSQL)
    while try row.step() {
      let error = row.integer(0)
      counts[error, default: 0] += row.integer(4)
      let interval = axis.index(of: row.integer(3) * 3_600_000_000)
      courses[error, default: [Double](repeating: 0, count: axis.count)][interval] += row.real(4)
    }
  }
}

private struct FoundError {
  var id: Int64
  var title: String
  /// At the end of the range.
  var status: String
  var level: String
  var culprit: String?
  var first: Int64
  var last: Int64
  var count: Int64 = 0
  var course: [Double] = []
}

/// The errors of a range.
private struct FoundErrors {
  let tally: ErrorTally
  /// The most frequent first.
  let all: [FoundError]
  /// First seen in the range, neither resolved nor ignored.
  let new: [FoundError]

  /// - Parameters:
  ///   - statuses: by id, of errors that are not ignored.
  ///   - lastTimes: in the range, by id.
  init(
    _ tally: ErrorTally, _ known: [FoundError], in range: ReportQuery, _ statuses: [Int64: String],
    _ lastTimes: [Int64: Int64] = [:]
  ) {
    self.tally = tally
    all = known.compactMap { error -> FoundError? in
      guard let count = tally.counts[error.id] else { return nil }
      var error = error
      (error.count, error.course) = (count, tally.courses[error.id] ?? [])
      error.last = lastTimes[error.id] ?? error.last
      if error.status != "ignored", let status = statuses[error.id] { error.status = status }
      return error
    }.sorted { ($1.count, $0.id) < ($0.count, $1.id) }
    new = all.filter {
      $0.first >= range.since && $0.status != "resolved" && $0.status != "ignored"
    }
  }

  func of(_ status: String) -> [FoundError] { all.filter { $0.status == status } }
}

private func statuses(
  _ range: ReportQuery, _ db: borrowing Connection
) throws -> [Int64: String] {
  var statuses: [Int64: String] = [:]
  var row = try db.prepare(PastErrorStatus.sql(before: range.until))
  while try row.step() { statuses[row.integer(0)] = row.text(1) }
  return statuses
}

private func lastTimes(
  _ range: ReportQuery, _ db: borrowing Connection
) throws -> [Int64: Int64] {
  var times: [Int64: Int64] = [:]
  var row = try db.prepare(ErrorQuery(filter: range.errors).sql(["id", "last_seen"]))
  while try row.step() { times[row.integer(0)] = Instant.parse(row.text(1)) }
  return times
}

/// All of the store, without counts.
private func knownErrors(_ db: borrowing Connection) throws -> [FoundError] {
  var errors: [FoundError] = []
  var row = try db.prepare(
    "SELECT id, type, title, status, level, culprit, first_seen, last_seen FROM errors")
  while try row.step() {
    let type = row.text(1)
    let title = row.text(2)
    errors.append(
      FoundError(
        id: row.integer(0),
        title: type.isEmpty || title.hasPrefix(type) ? title : "\(type): \(title)",
        status: row.text(3), level: row.text(4), culprit: row.optionalText(5),
        first: Instant.parse(row.text(6)) ?? 0, last: Instant.parse(row.text(7)) ?? 0))
  }
  return errors
}

/// How many sessions had events of each error; nil where none has turns, or it would take long.
private func affectedSessions(
  _ events: Int64, _ range: ReportQuery, _ db: borrowing Connection
) throws -> [Int64: Int64]? {
  let most = 100_000
  guard events <= most, try db.integer("SELECT 1 FROM turn LIMIT 1") != nil else { return nil }
  var sessions: [Int64: Int64] = [:]
  var row = try db.prepare(range.errors.sessionsByErrorSQL)
  while try row.step() { sessions[row.integer(0)] = row.integer(1) }
  return sessions
}

/// Of a line that shows each error, as much as people look at.
private func samples(
  of errors: [Int64], _ range: ReportQuery, _ db: borrowing Connection
) throws -> [Int64: String] {
  var samples: [Int64: String] = [:]
  for isThorough in [false, true] {
    let missing = errors.filter { samples[$0] == nil }
    if missing.isEmpty { break }
    let query = ErrorSampleQuery(range.errors, errors: missing)
    var row = try db.prepare(query.sql(isThorough: isThorough))
    while try row.step() {
      let error = row.integer(0)
      guard samples[error] == nil else { continue }
      samples[error] = try db.text(
        "SELECT substr(message, 1, 2000) FROM log WHERE id = ?", row.integer(1))
    }
  }
  return samples
}

private func errorTable(
  _ key: String, _ title: String, _ errors: [FoundError], _ limit: Int, _ before: ErrorTally?,
  _ sessions: [Int64: Int64]?, _ samples: [Int64: String], _ scope: ReportScope
) -> ReportTable {
  let rows = errors.prefix(limit).map { error in
    ReportTable.Row(
      [.count(error.count)] + scope.compared(error.count, before?.counts[error.id]) + [
        .text(error.status), .course(error.course), .time(error.first), .time(error.last),
        sessions?[error.id].map { .count($0) } ?? .none, .text(error.title),
        error.culprit.map { .text($0) } ?? .none, .text(String(error.id)),
      ], command: scope.search("error:\(error.id)"), sample: samples[error.id])
  }
  return ReportTable(
    key, title,
    columns: [.init("count", "events", .number)] + scope.comparedColumns + [
      .init("status", "status", .word), .init("course", "course", .text, isMinor: true),
      .init("first_seen", "first seen", .data),
      .init("last_seen", "last seen", .text, isMinor: true),
      .init("sessions", "sessions", .number, isMinor: true), .init("title", "error", .code),
      .init("culprit", "where", .code, isMinor: true), .init("id", "id", .identifier),
    ], rows: Array(rows), command: scope.search("error:ID"),
    note: errors.count > limit ? "And \(errors.count - limit) more." : nil)
}
