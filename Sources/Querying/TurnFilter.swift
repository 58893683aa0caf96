/// Which turns a question is about, and in whose days.
package struct TurnFilter: Sendable, Equatable {
  /// Microseconds since 1970, half open.
  package var since: Int64?
  package var until: Int64?
  /// Names, in which `*` stands for any characters; empty for all.
  package var sources: [String]
  /// SQL for the ids of the lines whose turns are meant; nil for all.
  package var lines: String?

  package init(since: Int64? = nil, until: Int64? = nil, sources: [String] = []) {
    self.since = since
    self.until = until
    self.sources = sources
  }

  /// Over the view `turns`, called `t`; true for all turns.
  package var condition: String {
    var conditions: [String] = []
    if let since { conditions.append("t.time_us >= \(since)") }
    if let until { conditions.append("t.time_us < \(until)") }
    if let sources = SearchQuery.anySource(sources) {
      conditions.append(
        "t.source IN (SELECT source FROM (SELECT name AS source FROM source) WHERE \(sources))")
    }
    if let lines { conditions.append("t.log_id IN (\(lines))") }
    return conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
  }

  /// Over the table `turn`: ` WHERE …`, or nothing.
  package var whereClause: String {
    var conditions: [String] = []
    if let since { conditions.append("turn.time_us >= \(since)") }
    if let until { conditions.append("turn.time_us < \(until)") }
    if let sources = SearchQuery.anySource(sources) {
      conditions.append(
        "turn.log_id >> 36 IN (SELECT id FROM (SELECT id, name AS source FROM source) WHERE \(sources))"
      )
    }
    if let lines { conditions.append("turn.log_id IN (\(lines))") }
    return conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
  }
}

/// The offsets of a zone as SQL can tell them: from each time on, that many seconds east of UTC.
package struct ZonePeriods: Sendable, Equatable {
  /// Ascending, in seconds since 1970; the first is before every time.
  package var periods: [(start: Int64, offset: Int64)]

  package init(_ periods: [(start: Int64, offset: Int64)]) { self.periods = periods }

  package static let utc = ZonePeriods([(.min, 0)])

  package static func == (left: Self, right: Self) -> Bool {
    left.periods.elementsEqual(right.periods) { $0 == $1 }
  }

  /// SQL for the local time of `seconds`, as if it were UTC.
  func local(_ seconds: String) -> String {
    guard let first = periods.first, periods.count > 1 || first.offset != 0 else { return seconds }
    let cases = periods.dropFirst().reversed().map {
      "WHEN \(seconds) >= \($0.start) THEN \($0.offset)"
    }
    if cases.isEmpty { return "\(seconds) + \(first.offset)" }
    return "\(seconds) + CASE \(cases.joined(separator: " ")) ELSE \(first.offset) END"
  }
}
