import Glibc
import LogModel
import Querying
import Reporting
import SQLite

private let mostPatterns = 20
private let fewPatterns = 10

/// Below it a difference may be chance: one in a thousand of χ² with a degree of freedom.
let leastScore = 10.83

/// What kinds of lines there are, which of them are new, gone or rare, and what has changed most.
func patternSection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  let now = try PatternTally(scope.lines, db)
  let before = try scope.earlier.map { try PatternTally($0, db) }
  let known = try knownPatterns(db)
  let table = PatternTable(known: known, now: now, before: before, scope: scope)
  let ranked = now.counts.keys.sorted { (now.count($1), $0) < (now.count($0), $1) }
  var section = ReportSection("patterns", "Patterns")
  section.figures = [
    ReportFigure(
      "patterns", "Kinds of lines", .count(Int64(now.counts.count)),
      earlier: before.map { .count(Int64($0.counts.count)) },
      command: scope.command("patterns", "list"))
  ]
  section.tables = [table.top(ranked)]
  // Without lines before the range all are new.
  func isTelling(_ range: ReportQuery) -> Bool {
    known.values.contains { $0.first < range.since }
  }
  func isNew(_ id: Int64, in range: ReportQuery) -> Bool {
    known[id].map { $0.first >= range.since } ?? false
  }
  if isTelling(scope.lines) {
    let new = ranked.filter { isNew($0, in: scope.lines) }
    var earlier: Int?
    if let before, let range = scope.earlier, isTelling(range) {
      earlier = before.counts.keys.count { isNew($0, in: range) }
    }
    section.figures.append(
      ReportFigure(
        "new_patterns", "New kinds", .count(Int64(new.count)),
        earlier: earlier.map { .count(Int64($0)) }, remark: "never seen before", isMain: true,
        command: scope.command("patterns", "list", "--new")))
    let gone =
      scope.condition != nil || !scope.lines.sources.isEmpty
      ? [] : known.filter { $0.value.last < scope.lines.since }.map(\.key)
    section.tables += [
      table.list("new", "New", new),
      table.gone(gone.sorted { (known[$1]?.count ?? 0, $0) < (known[$0]?.count ?? 0, $1) }),
    ]
  }
  if let before {
    let changed = table.changed(before)
    section.tables.append(changed.table)
    section.changes = changed.changes
  }
  let rare = ranked.filter { id in
    now.count(id) <= Int64(PatternQuery.rareCount) && now.level(id) >= Severity.error.rawValue
  }
  section.tables.append(table.list("rare_errors", "Rare, but errors", rare))
  return section
}

/// Lines of a range by pattern.
private struct PatternTally {
  private(set) var counts: [Int64: (count: Int64, level: UInt8)] = [:]
  private(set) var total: Int64 = 0

  init(_ query: ReportQuery, _ db: borrowing Connection) throws {
    var patterns: [Int64: Int64] = [:]
    if !query.countsPatterns {
      var row = try db.prepare(AnomalyQuery.patternsSQL)
      while try row.step() { patterns[row.integer(0)] = row.integer(1) }
    }
    var row = try db.prepare(query.kindsSQL)
    while try row.step() {
      let key = row.integer(0)
      guard let pattern = query.countsPatterns ? key : patterns[key] else { continue }
      let count = row.integer(2)
      total += count
      counts[pattern, default: (0, 0)].count += count
      let level = UInt8(clamping: row.integer(1))
      if level > counts[pattern]?.level ?? 0 { counts[pattern]?.level = level }
    }
  }

  func count(_ id: Int64) -> Int64 { counts[id]?.count ?? 0 }
  func level(_ id: Int64) -> UInt8 { counts[id]?.level ?? 0 }
}

private struct KnownPattern {
  var text: String
  var level: UInt8
  var first: Int64
  var last: Int64
  var count: Int64
}

private func knownPatterns(_ db: borrowing Connection) throws -> [Int64: KnownPattern] {
  var known: [Int64: KnownPattern] = [:]
  var row = try db.prepare(
    "SELECT id, text, level, first_us, last_us, count FROM pattern WHERE count > 0")
  while try row.step() {
    known[row.integer(0)] = KnownPattern(
      text: row.text(1), level: UInt8(clamping: row.integer(2)), first: row.integer(3),
      last: row.integer(4), count: row.integer(5))
  }
  return known
}

private struct PatternTable {
  let known: [Int64: KnownPattern]
  let now: PatternTally
  let before: PatternTally?
  let scope: ReportScope

  private var columns: [ReportTable.Column] {
    [.init("count", "lines", .number), .init("share", "share", .number)] + scope.comparedColumns + [
      .init("level", "level", .word), .init("pattern", "pattern", .code),
      .init("id", "id", .identifier),
    ]
  }

  private func row(_ id: Int64) -> ReportTable.Row {
    let count = now.count(id)
    return .init(
      [.count(count), .share(Double(count) / Double(max(1, now.total)))]
        + scope.compared(count, before?.count(id)) + [
          levelName(now.level(id)), .text(known[id]?.text ?? ""), .text(String(id)),
        ], command: scope.search("pattern:\(id)"))
  }

  /// With what is left, so that the shares add up.
  func top(_ ranked: [Int64]) -> ReportTable {
    var rows = ranked.prefix(mostPatterns).map(row)
    let rest = ranked.dropFirst(mostPatterns)
    if !rest.isEmpty {
      let count = rest.reduce(0) { $0 + now.count($1) }
      let earlier = before.map { before in
        before.total - ranked.prefix(mostPatterns).reduce(0) { $0 + before.count($1) }
      }
      rows.append(
        .init(
          [.count(count), .share(Double(count) / Double(max(1, now.total)))]
            + scope.compared(count, earlier) + [
              .none, .text("(\(rest.count) other patterns)"), .none,
            ], command: scope.command("patterns", "list")))
    }
    return ReportTable(
      "top", "Most frequent", columns: columns, rows: rows, command: scope.search("pattern:ID"))
  }

  func list(_ key: String, _ title: String, _ ids: [Int64]) -> ReportTable {
    ReportTable(
      key, title, columns: columns, rows: ids.prefix(fewPatterns).map(row),
      command: scope.search("pattern:ID"), note: note(ids.count))
  }

  private func note(_ count: Int) -> String? {
    count > fewPatterns ? "And \(count - fewPatterns) more." : nil
  }

  func gone(_ ids: [Int64]) -> ReportTable {
    let rows = ids.prefix(fewPatterns).compactMap { id -> ReportTable.Row? in
      guard let pattern = known[id] else { return nil }
      return .init(
        [
          .count(pattern.count), .time(pattern.last), levelName(pattern.level),
          .text(pattern.text), .text(String(id)),
        ], command: "logbook search pattern:\(id)")
    }
    return ReportTable(
      "gone", "Gone since this time began",
      columns: [
        .init("count", "lines in all", .number), .init("last_seen", "last seen", .text),
        .init("level", "level", .word), .init("pattern", "pattern", .code),
        .init("id", "id", .identifier),
      ], rows: rows, command: "logbook search pattern:ID", note: note(ids.count))
  }

  /// What differs most from the range before, by the log-likelihood ratio of `PatternDiffQuery`.
  func changed(_ before: PatternTally) -> (table: ReportTable, changes: [ReportChange]) {
    let scores = Set(now.counts.keys).union(before.counts.keys).map { id in
      (id: id, score: score(now.count(id), now.total, before.count(id), before.total))
    }.filter { $0.score >= leastScore }.sorted { ($1.score, $0.id) < ($0.score, $1.id) }
    let most = scores.prefix(fewPatterns).map(\.id)
    let table = ReportTable(
      "changed", "Changed most", columns: columns, rows: most.map(row),
      command: scope.search("pattern:ID"), note: note(scores.count))
    // Where one kind grows, the shares of all others shrink.
    let changes = scores.map(\.id).filter {
      countSignificance(now.count($0), before.count($0)) >= leastScore
    }.prefix(fewPatterns).map { id in
      ReportChange(
        "lines", known[id]?.text ?? "", .count(now.count(id)), earlier: .count(before.count(id)),
        change: .change(now.count(id), from: before.count(id)),
        command: scope.search("pattern:\(id)"))
    }
    return (table, changes)
  }

  private func score(_ a: Int64, _ ta: Int64, _ b: Int64, _ tb: Int64) -> Double {
    let both = Double(ta) + Double(tb)
    if ta == 0 || tb == 0 { return 0 }
    func term(_ observed: Int64, _ of: Double, _ total: Int64) -> Double {
      observed == 0 ? 0 : Double(observed) * log(Double(observed) / (of * Double(total) / both))
    }
    let (seen, unseen) = (Double(a + b), both - Double(a + b))
    return 2
      * (term(a, seen, ta) + term(b, seen, tb) + term(ta - a, unseen, ta) + term(tb - b, unseen, tb))
  }
}

private func levelName(_ level: UInt8) -> Quantity {
  Severity(rawValue: level).map { .text($0.name) } ?? .none
}
