import Querying
import Reporting
import SQLite

private let mostSessions = 10

func dearestSessions(
  _ tally: TurnTally, _ before: TurnTally?, _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportTable {
  let sessions = try ranked(tally, db) { ($0.nano, $0.turns) }
  let rows = sessions.map { session in
    ReportTable.Row(
      [
        .text(session.name ?? ""), .count(session.sum.turns), .count(session.sum.input),
        .count(session.sum.output), .count(session.sum.longest), session.sum.cost,
      ] + (before.map { comparedCost(session.sum, $0.sessions[session.id]) } ?? [])
        + [.count(session.sum.failed)],
      command: command(session, scope))
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
    command: scope.command("sessions", "show", "SESSION"))
}

/// Those between whose first and last turn of the time the most of it passed; of a single turn none did.
func longestSessions(
  _ tally: TurnTally, _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportTable {
  let sessions = try ranked(tally, db) { ($0.microseconds, $0.turns) }
    .filter { $0.sum.microseconds > 0 }
  return ReportTable(
    "longest", "Longest sessions",
    columns: [
      .init("session", "session", .code), .init("first_time", "from", .text),
      .init("duration_ms", "duration", .number), .init("turns", "turns", .number),
      .init("longest_prompt_tokens", "longest prompt", .number),
      .init("cost_usd", "cost", .number),
    ],
    rows: sessions.map { session in
      ReportTable.Row(
        [
          .text(session.name ?? ""), .time(session.sum.first),
          .milliseconds(Double(session.sum.microseconds / 1000)), .count(session.sum.turns),
          .count(session.sum.longest), session.sum.cost,
        ], command: command(session, scope))
    }, command: scope.command("sessions", "show", "SESSION"))
}

/// How prompts grow while sessions go on.
func promptTable(_ tally: TurnTally) -> ReportTable {
  let rows = tally.prompts.enumerated().map { power, sizes in
    let (first, last) = (1 << power, (2 << power) - 1)
    return ReportTable.Row([
      .text(first == last ? "\(first)" : "\(first)–\(last)"),
      .count(Int64(sizes.count)), tokens(50, of: sizes), tokens(95, of: sizes),
      .count(sizes.last ?? 0),
    ])
  }
  return ReportTable(
    "prompts", "Input by turn of the session",
    columns: [
      .init("turn", "turn", .text), .init("turns", "turns", .number),
      .init("input_p50", "input, p50", .number), .init("input_p95", "p95", .number),
      .init("input_max", "max", .number),
    ], rows: rows.count > 1 ? rows : [],
    note: "Turns are counted from the first one of this time.")
}

private func tokens(_ percent: Int, of sorted: [Int64]) -> Quantity {
  nearestRank(percent, of: sorted).map { .count($0) } ?? .none
}

private func command(_ session: TurnGroup, _ scope: ReportScope) -> String? {
  scope.command("sessions", "show", shellWord(session.name ?? ""))
}

/// The sessions with the highest ranks; of equal ones the first by name.
private func ranked(
  _ tally: TurnTally, _ db: borrowing Connection, by rank: (TurnSum) -> (Int64, Int64)
) throws -> [TurnGroup] {
  let known = tally.sessions.compactMap { id, sum in id.map { (id: $0, sum: sum) } }
  // All that are equal to the last one that is shown: their names put them in order.
  let bound = known.map { rank($0.sum) }.sorted(by: >).prefix(mostSessions).last ?? (0, 0)
  var sessions: [TurnGroup] = []
  for session in known where rank(session.sum) >= bound {
    let key = try db.text("SELECT key FROM session WHERE id = ?", session.id) ?? ""
    sessions.append(TurnGroup(id: session.id, name: key, sum: session.sum))
  }
  sessions.sort { left, right in
    let (a, b) = (rank(left.sum), rank(right.sum))
    return a != b ? a > b : left.name ?? "" < right.name ?? ""
  }
  return Array(sessions.prefix(mostSessions))
}
