import LogModel
import Reporting
import SQLite

/// Lines by level and source, and which part of them is errors.
func volumeSection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  let tally = try LineTally(scope.lines, scope.axis, db)
  let before = try scope.earlier.map { try LineTally($0, scope.axis, db) }
  var section = ReportSection("volume", "Volume")
  section.figures = figures(tally, before, scope)
  section.charts = [levelChart(tally, scope), errorRateChart(tally, scope)]
  section.tables = [levelTable(tally, before, scope), try sourceTable(tally, before, scope, db)]
  return section
}

private func figures(
  _ tally: LineTally, _ before: LineTally?, _ scope: ReportScope
) -> [ReportFigure] {
  let interval = wilsonInterval(tally.errors, of: tally.total)
  let share = { (tally: LineTally) in
    Quantity.share(tally.total == 0 ? 0 : Double(tally.errors) / Double(tally.total))
  }
  var figures = [
    ReportFigure(
      "lines", "Lines", .count(tally.total), earlier: before.map { .count($0.total) },
      isMain: true, command: scope.search()),
    ReportFigure(
      "error_lines", "Lines of level error or fatal", .count(tally.errors),
      earlier: before.map { .count($0.errors) }, meaning: .bad,
      command: scope.search(level: .error)),
    ReportFigure(
      "error_rate", "Error rate", share(tally), earlier: before.map(share),
      remark: tally.total == 0
        ? nil
        : "95 % sure: \(Quantity.share(interval.lowerBound).shown) to \(Quantity.share(interval.upperBound).shown)",
      meaning: .bad, isMain: true, command: scope.search(level: .error)),
  ]
  func sources(_ tally: LineTally) -> Quantity { .count(Int64(tally.sources.count)) }
  figures.append(
    ReportFigure(
      "source_count", "Sources", sources(tally), earlier: before.map(sources),
      command: scope.command("volume", "--per", "source")))
  if let first = tally.firstMinute, let last = tally.lastMinute {
    figures += [
      ReportFigure("first_minute", "First minute with a line", .time(first * 60_000_000)),
      ReportFigure("last_minute", "Last minute with a line", .time(last * 60_000_000)),
    ]
  }
  if let gap = tally.longestGap {
    figures.append(
      ReportFigure(
        "longest_silence", "Longest silence", .milliseconds(Double(gap.minutes) * 60_000),
        earlier: before.map { .milliseconds(Double($0.longestGap?.minutes ?? 0) * 60_000) },
        remark: "from \(Quantity.time((gap.after + 1) * 60_000_000).shown)"))
  }
  return figures
}

/// Of a level that is stored as a number.
private func name(_ level: Int) -> String {
  Severity(rawValue: UInt8(level))?.name ?? "none"
}

private func levelChart(_ tally: LineTally, _ scope: ReportScope) -> ReportChart {
  let series = tally.levels.indices.filter { tally.levels[$0] > 0 }.map { level in
    ReportChart.Series(name(level), tally.course.map { Double($0[level]) })
  }
  return ReportChart(
    "lines_by_level", "Lines by level", .stacked, unit: .count, axis: scope.axis, series: series,
    command: scope.command("volume", "--per", "level"))
}

private func errorRateChart(_ tally: LineTally, _ scope: ReportScope) -> ReportChart {
  let rates = tally.course.map { levels -> Double? in
    let total = levels.reduce(0, +)
    return total == 0 ? nil : Double(LineTally.errors(levels)) / Double(total)
  }
  return ReportChart(
    "error_rate_by_time", "Error rate", .lines, unit: .share, axis: scope.axis,
    series: [.init("error rate", rates)],
    command: scope.command("volume", "--level", "error"))
}

private func levelTable(
  _ tally: LineTally, _ before: LineTally?, _ scope: ReportScope
) -> ReportTable {
  let rows = tally.levels.indices.reversed().filter { level in
    tally.levels[level] > 0 || before?.levels[level] ?? 0 > 0
  }.map { level -> ReportTable.Row in
    let query =
      level == 0
      ? "-level:trace"
      : "level:\(name(level))"
        + (level + 1 < tally.levels.count ? " -level:\(name(level + 1))" : "")
    let count = tally.levels[level]
    return .init(
      [.text(name(level)), .count(count), .share(Double(count) / Double(max(1, tally.total)))]
        + scope.compared(count, before?.levels[level]), command: scope.search(query))
  }
  return ReportTable(
    "levels", "By level",
    columns: [
      .init("level", "level", .word), .init("lines", "lines", .number),
      .init("share", "share", .number),
    ] + scope.comparedColumns, rows: rows,
    command: scope.search("level:LEVEL -level:NEXT"))
}

private func sourceTable(
  _ tally: LineTally, _ before: LineTally?, _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportTable {
  let limit = 25
  let names = try sourceNames(db)
  let ids = Set(tally.sources.keys).union(before.map { Array($0.sources.keys) } ?? [])
  let sources = ids.map { id -> (name: String, id: Int64, levels: LineTally.Levels) in
    (names[id] ?? "", id, tally.sources[id] ?? LineTally.noLevels)
  }.sorted { left, right in
    let (a, b) = (left.levels.reduce(0, +), right.levels.reduce(0, +))
    return a != b ? a > b : left.name < right.name
  }
  let rows = sources.prefix(limit).map { source -> ReportTable.Row in
    let count = source.levels.reduce(0, +)
    let errors = LineTally.errors(source.levels)
    return .init(
      [
        .text(source.name), .count(count), .share(Double(count) / Double(max(1, tally.total))),
        .share(Double(errors) / Double(max(1, count))),
        .course((tally.sourceCourse[source.id] ?? []).map { Double($0) }),
      ] + scope.compared(count, before?.sources[source.id]?.reduce(0, +)),
      command: scope.search(source: source.name))
  }
  return ReportTable(
    "sources", "By source",
    columns: [
      .init("source", "source", .text), .init("lines", "lines", .number),
      .init("share", "share", .number), .init("error_rate", "error rate", .number),
      .init("course", "course", .text, isMinor: true),
    ] + scope.comparedColumns, rows: rows, command: scope.search(source: "SOURCE"),
    note: sources.count > limit ? "And \(sources.count - limit) more sources." : nil)
}
