import LogModel
import Querying
import Reporting
import SQLite

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
    try dearestSessions(tally, before, scope, db), try longestSessions(tally, scope, db),
    promptTable(tally), failureTable(tally, before, labels, scope),
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
