import LogModel
import Querying
import Reporting
import SQLite

private let mostRows = 15

/// Requests of access logs and gateways by status, path, client, agent and referrer.
func accessSection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  var scope = scope
  var range = scope.lines
  if let earlier = scope.earlier { range.since = earlier.since }
  scope.lines.recordSources = try AccessScan.recordSources(range, db)
  scope.earlier?.recordSources = scope.lines.recordSources
  let tally = try AccessScan.tally(scope.lines, scope.axis, db)
  let before = try scope.earlier.map { try AccessScan.tally($0, scope.axis, db) }
  guard tally.total.hits > 0 || before?.total.hits ?? 0 > 0 else { return nil }
  let fields = RequestFields(tally, before)
  scope.searched = try requestSources(scope.lines, fields.formats, db)
  var section = ReportSection("requests", "Requests")
  section.figures = accessFigures(tally, before, fields, scope)
  section.charts = accessCharts(tally, fields, scope)
  section.tables = [
    statusTable(tally, before, fields, scope),
    panelTable("paths", "Paths", .path, \.paths, tally, before, fields, scope),
    slowTable(tally, before, fields, scope),
    panelTable("clients", "Clients", .client, \.clients, tally, before, fields, scope),
    panelTable("agents", "Agents", .agent, \.agents, tally, before, fields, scope),
    panelTable("referrers", "Referrers", .referrer, \.referrers, tally, before, fields, scope),
  ]
  return section
}

/// The sources whose lines are read, where there are others that may have fields of the same names.
private func requestSources(
  _ query: ReportQuery, _ formats: [RequestFormat], _ db: borrowing Connection
) throws -> [String]? {
  var names: [String] = []
  var row = try db.prepare(query.requestSourcesSQL(formats))
  while try row.step() { names.append(row.text(0)) }
  let sources = try db.integer("SELECT count(*) FROM source") ?? 0
  return names.count < sources && names.count <= 20 ? names : nil
}

private func accessFigures(
  _ tally: AccessTally, _ before: AccessTally?, _ fields: RequestFields, _ scope: ReportScope
) -> [ReportFigure] {
  let (now, then) = (tally.total, before?.total)
  var figures = [
    ReportFigure(
      "requests", "Requests", .count(now.hits), earlier: then.map { .count($0.hits) },
      isMain: true, command: scope.search(fields.query(.request, ":*"))),
    ReportFigure(
      "failed_requests", "Failed (5xx)", .count(now.failed),
      earlier: then.map { .count($0.failed) },
      remark: Quantity.share(Double(now.failed) / Double(max(1, now.hits))).shown, meaning: .bad,
      command: scope.search(fields.query(.status, ">=500", "<600"))),
    ReportFigure(
      "refused_requests", "Refused (4xx)", .count(now.refused - now.failed),
      earlier: then.map { .count($0.refused - $0.failed) },
      remark: Quantity.share(Double(now.refused - now.failed) / Double(max(1, now.hits))).shown,
      command: scope.search(fields.query(.status, ">=400", "<500"))),
    ReportFigure(
      "sent_bytes", "Sent", .bytes(now.bytes), earlier: then.map { .bytes($0.bytes) },
      command: scope.search(fields.query(.bytes, ">0"))),
    ReportFigure(
      "different_clients", "Clients", .count(Int64(tally.clients.count)),
      earlier: before.map { .count(Int64($0.clients.count)) },
      command: scope.search(fields.query(.client, ":*"))),
    ReportFigure(
      "different_paths", "Paths", .count(Int64(tally.paths.count)),
      earlier: before.map { .count(Int64($0.paths.count)) },
      command: scope.search(fields.query(.path, ":*"))),
  ]
  let times = tally.allTimes
  for percent: Int64 in [50, 95, 99] {
    guard let value = times.percentile(percent) else { continue }
    figures.append(
      ReportFigure(
        "request_time_p\(percent)", "Time, p\(percent)", .milliseconds(rounded(value)),
        earlier: before.flatMap { $0.allTimes.percentile(percent) }
          .map { .milliseconds(rounded($0)) }, command: scope.search(fields.query(.time, ":*"))))
  }
  return figures
}

private func rounded(_ milliseconds: Double) -> Double { (milliseconds * 100).rounded() / 100 }

private func accessCharts(
  _ tally: AccessTally, _ fields: RequestFields, _ scope: ReportScope
) -> [ReportChart] {
  let classes = (0..<10).filter { digit in tally.course.contains { $0[digit] > 0 } }
  let statuses = ReportChart(
    "requests_by_status", "Requests by status", .stacked, unit: .count, axis: scope.axis,
    series: classes.map { digit in
      .init(digit == 0 ? "none" : "\(digit)xx", tally.course.map { Double($0[digit]) })
    }, command: scope.search(fields.query(.request, ":*")))
  let bytes = ReportChart(
    "bytes_by_time", "Sent", .stacked, unit: .bytes, axis: scope.axis,
    series: [.init("bytes", tally.bytesCourse.map { Double($0) })],
    command: scope.search(fields.query(.bytes, ">0")))
  guard tally.total.timed > 0 else { return [statuses, bytes] }
  let times = ReportChart(
    "request_time", "Time of requests", .lines, unit: .milliseconds, axis: scope.axis,
    series: [50, 95, 99].map { percent in
      .init(
        "p\(percent)", tally.times.map { $0.percentile(percent).map(rounded) })
    }, command: scope.search(fields.query(.time, ":*")))
  return [statuses, times, bytes]
}

private func statusTable(
  _ tally: AccessTally, _ before: AccessTally?, _ fields: RequestFields, _ scope: ReportScope
) -> ReportTable {
  let seen = tally.statuses.indices.filter { status in
    tally.statuses[status].hits > 0 || before?.statuses[status].hits ?? 0 > 0
  }.sorted { (tally.statuses[$1].hits, $0) < (tally.statuses[$0].hits, $1) }
  let rows = seen.map { status -> ReportTable.Row in
    let sum = tally.statuses[status]
    return .init(
      [
        .text(status == 0 ? "none" : String(status)), .count(sum.hits),
        .share(Double(sum.hits) / Double(max(1, tally.total.hits))),
      ] + scope.compared(sum.hits, before?.statuses[status].hits) + [.bytes(sum.bytes)],
      command: status == 0
        ? fields.commandWithoutStatus(scope)
        : scope.search(fields.query(status: status)))
  }
  return ReportTable(
    "statuses", "Status codes",
    columns: [
      .init("status", "status", .text), .init("hits", "requests", .number),
      .init("share", "share", .number),
    ] + scope.comparedColumns + [.init("bytes", "sent", .number)], rows: rows,
    command: scope.search(fields.query(.status, ":STATUS")))
}

private func panelTable(
  _ key: String, _ title: String, _ field: RequestFields.Field,
  _ panel: KeyPath<AccessTally, AccessPanel>, _ tally: AccessTally, _ before: AccessTally?,
  _ fields: RequestFields, _ scope: ReportScope
) -> ReportTable {
  let earlier = before?[keyPath: panel]
  let panel = tally[keyPath: panel]
  let top = panel.top(mostRows, by: \.hits)
  let rows = top.map { index -> ReportTable.Row in
    let (sum, name) = (panel.sum(index), panel.key(index))
    let values: [Quantity] = [
      .count(sum.hits), .share(Double(sum.hits) / Double(tally.total.hits)),
    ]
    return .init(
      values + scope.compared(sum.hits, earlier?.sum(of: name)?.hits) + [
        .count(sum.refused - sum.failed), .count(sum.failed), .bytes(sum.bytes), .text(name),
      ], command: fields.command(field, is: name, scope))
  }
  var notes: [String] = []
  if panel.count > top.count { notes.append("And \(grouped(panel.count - top.count)) more.") }
  if panel.others.hits > 0 {
    notes.append(
      "Of more than \(grouped(AccessPanel.limit)) different ones the later are not counted here.")
  }
  return ReportTable(
    key, title,
    columns: [
      .init("hits", "requests", .number), .init("share", "share", .number),
    ] + scope.comparedColumns + [
      .init("refused", "4xx", .number, isMinor: true), .init("failed", "5xx", .number),
      .init("bytes", "sent", .number, isMinor: true),
      .init(field.column, title.lowercased().dropLast().description, .code),
    ], rows: rows, command: scope.search(fields.query(field, ":\"VALUE\"")),
    note: notes.isEmpty ? nil : notes.joined(separator: " "))
}

private func grouped(_ count: Int) -> String { Quantity.count(Int64(count)).shown }

/// The paths whose requests took longest on average.
private func slowTable(
  _ tally: AccessTally, _ before: AccessTally?, _ fields: RequestFields, _ scope: ReportScope
) -> ReportTable {
  let panel = tally.paths
  let average = { (sum: AccessPanel.Sum) in sum.timed == 0 ? 0 : sum.time / sum.timed }
  let milliseconds = { (time: Int64) in Quantity.milliseconds(rounded(Double(time) / 1000)) }
  let rows = panel.top(mostRows, by: average).map { index in
    let (sum, name) = (panel.sum(index), panel.key(index))
    var values = [milliseconds(average(sum))]
    if let before {
      let earlier = before.paths.sum(of: name).map(average) ?? 0
      values += [
        earlier == 0 ? .none : milliseconds(earlier), .change(average(sum), from: earlier),
      ]
    }
    return ReportTable.Row(
      values + [milliseconds(sum.longest), .count(sum.hits), .text(name)],
      command: fields.command(.path, is: name, scope))
  }
  let compared: [ReportTable.Column] =
    before == nil
    ? [] : [.init("earlier_ms", "before", .number), .init("change", "change", .number)]
  return ReportTable(
    "slow_paths", "Slowest paths",
    columns: [.init("avg_ms", "average", .number)] + compared + [
      .init("max_ms", "longest", .number), .init("hits", "requests", .number),
      .init("path", "path", .code),
    ], rows: rows, command: scope.search(fields.query(.path, ":\"VALUE\"")))
}
