import ArgumentParsing
import Formats
import LogModel
import Querying
import Reporting
import SQLite

/// Which turns a command is about.
struct TurnOptions: Sendable {
  var since: String?
  var until: String?
  var sources: [String] = []

  /// Typed times are of the zone whose days are shown.
  func filter(_ zone: Zone?) throws -> TurnFilter {
    let clock = Times(zone: zone ?? .utc)
    return TurnFilter(
      since: try since.map { try clock.parse($0) }, until: try until.map { try clock.parse($0) },
      sources: sources)
  }
}

protocol TurnCommand: ReadingCommand {
  var turns: TurnOptions { get set }
}

extension TurnCommand {
  static var turnOptions: [Option<Self>] {
    [
      .value(
        "since", nil, "TIME", help: "From this time on: 2026-02-01, 2h, yesterday, @epoch.",
        sets: \.turns.since),
      .value("until", nil, "TIME", help: "Before this time.", sets: \.turns.until),
      .value(
        "source", "s", "NAME", help: "Only this source, or these; * stands for any text.",
        sets: \.turns.sources),
    ]
  }

  /// After a table without rows: what may have been meant.
  func whyNothing(_ db: borrowing Connection) throws -> ExitStatus {
    if let failure = try NothingFound.source(turns.sources, db) {
      StandardError.write(failure)
      return failure.status
    }
    if result.format == .table, try db.integer("SELECT 1 FROM turn LIMIT 1") == nil {
      StandardError.write("hint: no turn of a language model has been read yet")
    }
    return .success
  }
}

extension ZonePeriods {
  /// The zone's offsets for times from 2000, or `since`, to a year from now, or `until`.
  init(_ zone: Zone?, _ filter: TurnFilter, now: Int64) {
    guard let zone else {
      self = .utc
      return
    }
    let week: Int64 = 7 * 86_400
    let end = (filter.until ?? now) / 1_000_000 + 52 * week
    var time = (filter.since ?? 946_684_800_000_000) / 1_000_000
    var periods: [(start: Int64, offset: Int64)] = [(.min, Int64(zone.offset(at: time)))]
    // No two changes of a zone are within one week.
    while time < end {
      let next = time + week
      let offset = zone.offset(at: next)
      if Int64(offset) != periods[periods.count - 1].offset {
        var (before, after) = (time, next)
        while after - before > 1 {
          let middle = (before + after) / 2
          if zone.offset(at: middle) == offset { after = middle } else { before = middle }
        }
        periods.append((after, Int64(offset)))
      }
      time = next
    }
    self.init(periods)
  }
}

/// A table for people of sums over turns: short headings, no column of zeros, and a last row `total`.
struct SumTable {
  /// The first column is the group; what is in brackets is left out where it is 0 everywhere.
  var columns: [String]
  var optional: Set<String> = ["failed_turns", "unpriced_turns"]
  /// These are left out at a terminal of fewer than 100 columns.
  var wide: Set<String> = []
  var hasTotal = true
  /// What the first column is called, if not as it is.
  var groupHeading: String?

  /// The query gives `columns` and behind them the exact cost, `cost_nano`.
  ///
  /// - Returns: The totals of the columns that are left out for want of room.
  @discardableResult func write(
    _ sql: String, _ db: borrowing Connection, _ writer: inout ResultWriter
  ) throws -> [String: Int64] {
    var rows: [[Value]] = []
    var totals = [Int64](repeating: 0, count: columns.count)
    var cost: Int64?
    var statement = try db.prepare(sql)
    while writer.isOpen, try statement.step() {
      let row = columns.indices.map { Value(statement, Int32($0)) }
      for (index, value) in row.enumerated() {
        if case .integer(let number) = value { totals[index] += number }
      }
      if let nano = statement.optionalInteger(Int32(columns.count)) { cost = (cost ?? 0) + nano }
      rows.append(row)
    }
    let isNarrow = writer.terminalWidth.map { $0 < 100 } ?? false
    let filled = columns.indices.filter { !optional.contains(columns[$0]) || totals[$0] != 0 }
    let shown = filled.filter { !(isNarrow && wide.contains(columns[$0])) }
    writer.begin(shown.map { $0 == 0 ? groupHeading ?? columns[0] : Self.heading(columns[$0]) })
    for row in rows where writer.isOpen { writer.row(shown.map { row[$0] }) }
    if hasTotal, rows.count > 1 {
      writer.row(
        shown.map { index in
          if index == 0 { return .text("total") }
          if columns[index] == "cost_usd" { return cost.map { .real(Double($0) / 1e9) } ?? .null }
          return Self.counts.contains(columns[index]) ? .integer(totals[index]) : .null
        })
    }
    try writer.end()
    let hidden = filled.filter { !shown.contains($0) }
    return Dictionary(uniqueKeysWithValues: hidden.map { (columns[$0], totals[$0]) })
  }

  private static let counts: Set = [
    "turns", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "total_tokens",
    "failed_turns", "unpriced_turns",
  ]

  /// Keys are long so that they explain themselves; a heading should not be wider than its numbers.
  static func heading(_ column: String) -> String {
    switch column {
    case "total_tokens": "tokens"
    case "latency_ms": "ms"
    case "tool_calls": "tools"
    case "failed_turns": "failed"
    case "unpriced_turns": "unpriced"
    case "invalid_time": "untimed"
    default: column.hasSuffix("_tokens") ? String(column.dropLast("_tokens".count)) : column
    }
  }
}
