import Querying
import Reporting
import SQLite

private let mostGroups = 12

/// Of what was there, and cost nothing, nothing changed; what was not is new.
func comparedCost(_ now: TurnSum, _ before: TurnSum?) -> [Quantity] {
  // What has no price did not cost nothing.
  func isKnown(_ sum: TurnSum) -> Bool { sum.turns == 0 || sum.unpriced < sum.turns }
  guard let before else { return [.dollars(nano: 0), .change(nil)] }
  guard isKnown(before) else { return [.none, .none] }
  return [
    .dollars(nano: before.nano), isKnown(now) ? .change(now.nano, from: before.nano) : .none,
  ]
}

struct TurnGroup {
  var id: Int64?
  var name: String?
  var sum: TurnSum

  static func isDearer(_ left: TurnGroup, _ right: TurnGroup) -> Bool {
    if left.sum.nano != right.sum.nano { return left.sum.nano > right.sum.nano }
    if left.sum.turns != right.sum.turns { return left.sum.turns > right.sum.turns }
    return left.name ?? "" < right.name ?? ""
  }
}

func groupTable(
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
      .count(sum.output), sum.cost,
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

func failureTable(
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
