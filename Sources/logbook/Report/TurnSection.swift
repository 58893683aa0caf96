import LogModel
import Querying
import Reporting
import SQLite

private let mostGroups = 12

/// What turns of language models used and cost, how long they took, and which failed.
func turnSection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  guard try db.integer("SELECT 1 FROM turn LIMIT 1") != nil else { return nil }
  let days = daysAxis(scope)
  let tally = try TurnTally(scope.lines, costAxis: days, latencyAxis: scope.axis, db)
  let before = try scope.earlier.map {
    try TurnTally($0, costAxis: days, latencyAxis: scope.axis, db)
  }
  guard tally.total.turns > 0 || before?.total.turns ?? 0 > 0 else { return nil }
  let labels = try names("SELECT id, text FROM turn_label", db)
  var section = ReportSection("sessions", "Sessions and cost")
  section.figures = turnFigures(tally, before, scope)
  section.charts = [
    costChart(tally, labels, days, scope), latencyChart(tally, scope),
  ].compactMap { $0 }
  section.tables = [
    groupTable("models", "By model", "model", tally.models, before?.models, labels, scope) { name in
      name.map { "t.model = '\(sqlText($0))'" } ?? "t.model IS NULL"
    },
    groupTable(
      "consumers", "By consumer", "consumer", tally.consumers, before?.consumers, labels, scope
    ) { name in
      name.map { "t.consumer = '\(sqlText($0))'" } ?? "t.consumer IS NULL"
    },
    try sessionTable(tally, before, scope, db), failureTable(tally, before, labels, scope),
  ].filter { $0.rows.count > 1 || $0.key != "consumers" }
  return section
}

/// Days, where the range has some, else the axis of the other charts.
private func daysAxis(_ scope: ReportScope) -> TimeAxis {
  let days = (scope.lines.until - scope.lines.since) / 86_400_000_000
  return days >= 3 && days <= 72
    ? TimeAxis(since: scope.lines.since, until: scope.lines.until, limit: Int(days) + 2)
    : scope.axis
}

private func names(_ sql: String, _ db: borrowing Connection) throws -> [Int64: String] {
  var names: [Int64: String] = [:]
  var row = try db.prepare(sql)
  while try row.step() { names[row.integer(0)] = row.text(1) }
  return names
}

private func turnFigures(
  _ tally: TurnTally, _ before: TurnTally?, _ scope: ReportScope
) -> [ReportFigure] {
  let (now, then) = (tally.total, before?.total)
  func figure(
    _ key: String, _ title: String, _ value: (TurnSum) -> Quantity, remark: String? = nil,
    meaning: ReportFigure.Meaning = .neutral, isMain: Bool = false, filter: String = ""
  ) -> ReportFigure {
    ReportFigure(
      key, title, value(now), earlier: then.map(value), remark: remark, meaning: meaning,
      isMain: isMain, command: scope.turns(filter))
  }
  let sessions = { (tally: TurnTally) in Int64(tally.sessions.keys.count { $0 != nil }) }
  var figures = [
    figure(
      "cost", "Cost", { .dollars(nano: $0.nano) },
      remark: now.unpriced > 0
        ? "without \(Quantity.count(now.unpriced).shown) unpriced turns" : nil,
      isMain: true),
    figure("turns", "Turns", { .count($0.turns) }, isMain: true),
    ReportFigure(
      "sessions", "Sessions", .count(sessions(tally)),
      earlier: before.map { .count(sessions($0)) },
      command: scope.command("sessions", "list")),
    figure("tokens", "Tokens", { .count($0.tokens) }, isMain: true),
    figure("uncached_tokens", "Input, through no cache", { .count($0.uncached) }),
    figure("cached_tokens", "Input, from the cache", { .count($0.cached) }),
    figure("cache_write_tokens", "Input, written to the cache", { .count($0.written) }),
    figure("visible_tokens", "Output, visible", { .count($0.visible) }),
    figure("reasoning_tokens", "Output, reasoning", { .count($0.reasoning) }),
    figure("cache_hit_share", "Input that the cache held", { .share($0.hitShare) }),
    figure("saved", "Saved by the cache", { .dollars(nano: $0.saved) }),
    figure(
      "failed_turns", "Failed turns", { .count($0.failed) },
      remark: now.turns > 0 ? percentText(now.failed, now.turns) : nil, meaning: .bad,
      filter: "t.failed"),
    figure(
      "unpriced_turns", "Turns without a price", { .count($0.unpriced) }, meaning: .bad,
      filter: "t.cost_nano IS NULL"),
    figure("tool_calls", "Tool calls", { .count($0.tools) }, filter: "t.tool_calls > 0"),
  ]
  for percent in [50, 95, 99] where !now.latencies.isEmpty {
    figures.append(
      figure(
        "latency_p\(percent)", "Latency, p\(percent)", { percentile(percent, of: $0.latencies) }))
  }
  for percent in [50, 95] where !now.firstTokens.isEmpty {
    figures.append(
      figure(
        "first_token_p\(percent)", "First token, p\(percent)",
        { percentile(percent, of: $0.firstTokens) }))
  }
  if now.milliseconds > 0 {
    figures.append(
      figure(
        "tokens_per_second", "Output tokens a second",
        {
          .number(
            (Double($0.timedOutput) / Double(max(1, $0.milliseconds)) * 10_000).rounded() / 10)
        }))
  }
  return figures
}

private func percentText(_ part: Int64, _ whole: Int64) -> String {
  Quantity.share(Double(part) / Double(whole)).shown
}

/// The dearest models by themselves, the others together.
private func costChart(
  _ tally: TurnTally, _ labels: [Int64: String], _ axis: TimeAxis, _ scope: ReportScope
) -> ReportChart {
  let apart = 6
  var models: [(name: String, values: [Int64], total: Int64)] = []
  for (id, values) in tally.costs {
    let name = id.flatMap { labels[$0] } ?? "no model"
    models.append((name, values, values.reduce(0, +)))
  }
  models.sort { $0.total != $1.total ? $0.total > $1.total : $0.name < $1.name }
  var series = models.prefix(apart).map { model in
    ReportChart.Series(model.name, model.values.map { Double($0) / 1e9 })
  }
  let rest = models.dropFirst(apart)
  if !rest.isEmpty {
    series.append(
      .init(
        "other",
        (0..<axis.count).map { index in
          Double(rest.reduce(0) { $0 + $1.values[index] }) / 1e9
        }))
  }
  return ReportChart(
    "cost_by_model", "Cost by model", .stacked, unit: .dollars, axis: axis, series: series,
    command: scope.command("costs", "list", "--by", "model"))
}

private func latencyChart(_ tally: TurnTally, _ scope: ReportScope) -> ReportChart? {
  guard !tally.total.latencies.isEmpty else { return nil }
  let series = [50, 95, 99].map { percent in
    ReportChart.Series(
      "p\(percent)",
      tally.latencies.map { $0.isEmpty ? nil : percentile(percent, of: $0).magnitude })
  }
  return ReportChart(
    "latency_by_time", "Latency", .lines, unit: .milliseconds, axis: scope.axis, series: series,
    command: scope.turns("t.latency_ms IS NOT NULL"))
}

/// Of what was there, and cost nothing, nothing changed; what was not is new.
private func comparedCost(_ now: TurnSum, _ before: TurnSum?) -> [Quantity] {
  // What has no price did not cost nothing.
  func isKnown(_ sum: TurnSum) -> Bool { sum.turns == 0 || sum.unpriced < sum.turns }
  guard let before else { return [.dollars(nano: 0), .change(nil)] }
  guard isKnown(before) else { return [.none, .none] }
  return [
    .dollars(nano: before.nano), isKnown(now) ? .change(now.nano, from: before.nano) : .none,
  ]
}

private struct TurnGroup {
  var id: Int64?
  var name: String?
  var sum: TurnSum

  static func isDearer(_ left: TurnGroup, _ right: TurnGroup) -> Bool {
    if left.sum.nano != right.sum.nano { return left.sum.nano > right.sum.nano }
    if left.sum.turns != right.sum.turns { return left.sum.turns > right.sum.turns }
    return left.name ?? "" < right.name ?? ""
  }
}

private func groupTable(
  _ key: String, _ title: String, _ column: String, _ groups: [Int64?: TurnSum],
  _ before: [Int64?: TurnSum]?, _ labels: [Int64: String], _ scope: ReportScope,
  filter: (String?) -> String
) -> ReportTable {
  let total = max(1, groups.values.reduce(0) { $0 + $1.nano })
  let ranked = groups.map { id, sum in
    TurnGroup(id: id, name: id.flatMap { labels[$0] }, sum: sum)
  }.sorted(by: TurnGroup.isDearer)
  let hasLatencies = key == "models"
  let rows = ranked.prefix(mostGroups).map { group -> ReportTable.Row in
    let sum = group.sum
    var values: [Quantity] = [
      .text(group.name ?? "none"), .count(sum.turns), .count(sum.input), .count(sum.cached),
      .count(sum.output), sum.unpriced == sum.turns ? .none : .dollars(nano: sum.nano),
    ]
    if let before {
      values += comparedCost(sum, before[group.id])
    }
    values += [.share(Double(sum.nano) / Double(total)), .count(sum.failed)]
    if hasLatencies { values += [50, 95, 99].map { percentile($0, of: sum.latencies) } }
    return ReportTable.Row(values, command: scope.turns(filter(group.name)))
  }
  var columns: [ReportTable.Column] = [
    .init(column, column, .text), .init("turns", "turns", .number),
    .init("input_tokens", "input", .number),
    .init("cached_tokens", "cached", .number, isMinor: true),
    .init("output_tokens", "output", .number), .init("cost_usd", "cost", .number),
  ]
  if before != nil {
    columns += [
      .init("earlier_usd", "before", .number), .init("change", "change", .number),
    ]
  }
  columns += [
    .init("cost_share", "share", .number),
    .init("failed_turns", "failed", .number, isMinor: true),
  ]
  if hasLatencies {
    columns += [
      .init("latency_p50_ms", "p50", .number, isMinor: true),
      .init("latency_p95_ms", "p95", .number),
      .init("latency_p99_ms", "p99", .number, isMinor: true),
    ]
  }
  return ReportTable(
    key, title, columns: columns, rows: rows, command: scope.turns("t.\(column) = 'NAME'"),
    note: ranked.count > mostGroups ? "And \(ranked.count - mostGroups) more." : nil)
}

/// The dearest sessions.
private func sessionTable(
  _ tally: TurnTally, _ before: TurnTally?, _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportTable {
  let most = 10
  var ranked: [TurnGroup] = []
  let named = tally.sessions.compactMap { id, sum in id.map { (id: $0, sum: sum) } }
  // All that are equal to the last one that is shown: their names put them in order.
  let sizes = named.map { ($0.sum.nano, $0.sum.turns) }.sorted { $0 > $1 }
  let bound = sizes.prefix(most).last ?? (0, 0)
  for session in named where (session.sum.nano, session.sum.turns) >= bound {
    let key = try db.text("SELECT key FROM session WHERE id = ?", session.id) ?? ""
    ranked.append(TurnGroup(id: session.id, name: key, sum: session.sum))
  }
  ranked.sort(by: TurnGroup.isDearer)
  let rows = ranked.prefix(most).map { session in
    ReportTable.Row(
      [
        .text(session.name ?? ""), .count(session.sum.turns), .count(session.sum.input),
        .count(session.sum.output), .count(session.sum.longest),
        session.sum.unpriced == session.sum.turns ? .none : .dollars(nano: session.sum.nano),
      ] + (before.map { comparedCost(session.sum, $0.sessions[session.id]) } ?? [])
        + [.count(session.sum.failed)],
      command: "logbook sessions show \(shellWord(session.name ?? ""))")
  }
  return ReportTable(
    "dearest", "Dearest sessions",
    columns: [
      .init("session", "session", .code), .init("turns", "turns", .number),
      .init("input_tokens", "input", .number), .init("output_tokens", "output", .number),
      .init("longest_prompt_tokens", "longest prompt", .number, isMinor: true),
      .init("cost_usd", "cost", .number),
    ]
      + (before == nil
        ? []
        : [.init("earlier_usd", "before", .number), .init("change", "change", .number)])
      + [.init("failed_turns", "failed", .number, isMinor: true)], rows: rows,
    command: "logbook sessions show SESSION")
}

private func failureTable(
  _ tally: TurnTally, _ before: TurnTally?, _ labels: [Int64: String], _ scope: ReportScope
) -> ReportTable {
  let failures = tally.failures.map { failure, count in
    (
      name: failure.name.flatMap { labels[$0] }, status: failure.status, count: count,
      earlier: before?.failures[failure]
    )
  }.sorted { left, right in
    (right.count, left.name ?? "", left.status ?? 0)
      < (left.count, right.name ?? "", right.status ?? 0)
  }
  let rows = failures.prefix(mostGroups).map { failure in
    let conditions = [
      failure.name.map { "t.failure = '\(sqlText($0))'" } ?? "t.failure IS NULL",
      failure.status.map { "t.status = \($0)" } ?? "t.status IS NULL",
    ]
    return ReportTable.Row(
      [
        failure.name.map { .text($0) } ?? .none,
        failure.status.map { .text(String($0)) } ?? .none, .count(failure.count),
        .share(Double(failure.count) / Double(max(1, tally.total.turns))),
      ] + scope.compared(failure.count, failure.earlier),
      command: scope.turns(conditions.joined(separator: " AND ")))
  }
  return ReportTable(
    "failures", "Failures",
    columns: [
      .init("failure", "failure", .text), .init("status", "status", .text),
      .init("turns", "turns", .number), .init("share", "of all", .number),
    ] + scope.comparedColumns, rows: rows, command: scope.turns("t.failed"))
}
