import LogModel

/// Which lines a report is about, and what it asks of them.
///
/// Without an expression the tables answer that count by minute, hour and skeleton; with one, the table
/// that `chosenSQL` makes has the lines.
package struct ReportQuery: Sendable, Equatable {
  /// Microseconds since 1970, half open, on whole minutes.
  package var since: Int64
  package var until: Int64
  /// Names, in which `*` stands for any characters; empty for all.
  package var sources: [String]
  package var expression: Expression?
  /// The sources whose records of JSON or logfmt are requests: their ids.
  package var recordSources: [Int64] = []

  package init(since: Int64, until: Int64, sources: [String] = [], expression: Expression? = nil) {
    self.since = since
    self.until = until
    self.sources = sources
    self.expression = expression
  }

  /// The times of all that a report may show: the first, the last, and the last that is no more than a day after files
  /// were looked at; null where there is nothing.
  ///
  /// What is later comes from a clock that was wrong, or reads them.
  package static let extentSQL = """
    WITH horizon(us) AS MATERIALIZED (SELECT max(seen_us) + 86400000000 FROM file),
    counted(first_us) AS MATERIALIZED (SELECT min(minute) * 60000000 FROM line_count),
    extent(first_us, last_us, near_us) AS (
      SELECT (SELECT min(minute) FROM line_count) * 60000000, (SELECT max(minute) FROM line_count) * 60000000,
        (SELECT max(minute) FROM line_count WHERE minute <= (SELECT us FROM horizon) / 60000000) * 60000000
      UNION ALL
      SELECT (SELECT min(min_us) FROM chunk), min((SELECT max(max_us) FROM chunk), 253402300799999999),
        (SELECT max(max_us) FROM chunk WHERE max_us <= (SELECT us FROM horizon))
      UNION ALL
      SELECT min(time_us), max(time_us), max(iif(time_us <= us, time_us, NULL)) FROM turn, horizon
      UNION ALL
      SELECT min(min_us), max(max_us), max(CASE WHEN max_us <= us THEN max_us WHEN min_us <= us THEN (
        SELECT max(e.time_us) FROM (\(ErrorFilter.eventsSQL(where: "c.first_id = o.first_id"))) e WHERE e.time_us <= us
      ) END) FROM error_chunk o, horizon
      UNION ALL
      -- A bucket may begin long before the first line of it.
      SELECT min((SELECT iif(p.time_us < first_us AND p.time_us + \(width) > first_us, first_us, p.time_us)
          FROM sample p JOIN metric_rule r ON r.id = s.rule WHERE p.series = s.id ORDER BY p.time_us LIMIT 1)), max((SELECT max(time_us) FROM sample WHERE series = s.id)),
        max((SELECT max(time_us) FROM sample WHERE series = s.id AND time_us <= us)) FROM series s, horizon, counted
    )
    SELECT min(first_us), max(last_us), max(near_us) FROM extent
    """

  /// How many lines are counted, whatever the expression.
  package var countSQL: String { "SELECT sum(count) FROM line_count\(filter.whereClause)" }

  /// What retention has removed of the sources, in a row: the times before which lines, turns, events and samples may
  /// be gone, null where none are, and whether lines are in no count any more.
  package var removedSQL: String {
    let named = SearchQuery.anySource(sources).map {
      " WHERE source IN (SELECT id FROM (SELECT id, name AS source FROM source) WHERE \($0))"
    }
    return """
      SELECT max(iif(lines > 0, until_us, NULL)), max(turns_us), max(errors_us), max(samples_us),
        coalesce(sum(uncounted), 0) > 0 FROM retention\(named ?? "")
      """
  }

  private var filter: MinuteFilter {
    MinuteFilter(since: since, until: until, sources: sources)
  }

  private var isChosen: Bool { expression != nil }

  private var range: String { "time_us >= \(since) AND time_us < \(until)" }

  /// Makes the table of the lines that the expression leaves, of this range or of a longer one.
  package func chosenSQL(from start: Int64) -> String? {
    guard let expression else { return nil }
    var search = SearchQuery(expression)
    (search.since, search.until, search.sources) = (min(start, since), until, sources)
    let levels = Severity.allCases.map { "WHEN '\($0.name)' THEN \($0.rawValue)" }
    return """
      CREATE TEMP TABLE report_line AS
      SELECT id, time_us, id >> 36 AS source, CASE level \(levels.joined(separator: " ")) ELSE 0 END AS level, pattern_id AS pattern
      FROM log\(search.condition.map { " WHERE \($0)" } ?? "")
      """
  }

  /// Ids of lines, where not all are meant.
  private var lines: String? {
    isChosen ? "SELECT id FROM temp.report_line WHERE \(range)" : nil
  }

  /// Columns `minute`, `source`, `level` and `count`; minutes ascend.
  package var minutesSQL: String {
    isChosen
      ? "SELECT time_us / 60000000 AS minute, source, level, count(*) AS count FROM temp.report_line WHERE \(range) GROUP BY 1, 2, 3 ORDER BY 1"
      : "SELECT minute, source, level, count FROM line_count\(filter.whereClause) ORDER BY minute"
  }

  /// Columns `key`, `level` and `count`: keys are patterns where `countsPatterns`, else skeletons.
  package var kindsSQL: String {
    isChosen
      ? "SELECT pattern AS key, level, count(*) AS count FROM temp.report_line WHERE \(range) GROUP BY 1, 2"
      : "SELECT skeleton AS key, level, count FROM (\(filter.skeletonRows))"
  }

  package var countsPatterns: Bool { isChosen }

  package var errors: ErrorFilter {
    var errors = ErrorFilter(since: since, until: until, sources: sources)
    errors.lines = lines
    return errors
  }

  /// Columns of the table `turn` and names of what they point at, the oldest first.
  package var turnsSQL: String {
    var turns = TurnFilter(since: since, until: until, sources: sources)
    turns.lines = lines
    return """
      SELECT time_us, model, session, consumer, failure, status, input, cache_read, cache_write_5m + cache_write_1h,
        output, reasoning, latency_ms, first_token_ms, cost_nano, saved_nano, tool_calls
      FROM turn\(turns.whereClause)
      """
  }

  /// The lines of the format among those of `chosenSQL`, in columns `time_us` and `message`.
  package func requestLinesSQL(_ format: RequestFormat) -> String {
    """
    SELECT time_us, message FROM log
    WHERE id IN (SELECT id FROM temp.report_line WHERE \(range)) AND id >> 36 IN (SELECT id \(requestSources([format])))
    """
  }

  /// The column `first_id` of the chunks that may hold lines of the format, which ascend.
  package func requestChunksSQL(_ format: RequestFormat) -> String {
    """
    SELECT first_id FROM chunk WHERE max_us >= \(since) AND min_us < \(until)
      AND source IN (SELECT id \(requestSources([format]))) ORDER BY first_id
    """
  }

  /// The column `source` of the logs of these formats that are asked for: their names.
  package func requestSourcesSQL(_ formats: [RequestFormat]) -> String {
    "SELECT source \(requestSources(formats)) ORDER BY source"
  }

  private func requestSources(_ formats: [RequestFormat]) -> String {
    let named = SearchQuery.anySource(sources).map { " AND \($0)" } ?? ""
    let ids = recordSources.map { String($0) }.joined(separator: ", ")
    let any = formats.map { format in
      "format = '\(format.rawValue)'" + (format.isOfRecords ? " AND id IN (\(ids))" : "")
    }
    return
      "FROM (SELECT id, name AS source, format FROM source) WHERE (\(any.joined(separator: " OR ")))\(named)"
  }

  /// Some records of JSON and logfmt, evenly spread over the first, the middle and the last chunk of each source in the
  /// range, in columns `source`, its id, `format` and `message`.
  package var recordSampleSQL: String {
    let named = SearchQuery.anySource(sources).map { " AND \($0)" } ?? ""
    return """
      WITH record AS MATERIALIZED (
        SELECT id, format FROM (SELECT id, format, name AS source FROM source)
        WHERE format IN ('json', 'logfmt')\(named)
      ), place AS MATERIALIZED (
        SELECT first_id, source, max(1, chunk.count / 64) AS step, row_number() OVER (PARTITION BY source ORDER BY first_id) AS n,
          count(*) OVER (PARTITION BY source) AS count
        FROM chunk WHERE max_us >= \(since) AND min_us < \(until) AND source IN (SELECT id FROM record)
      )
      SELECT record.id AS source, format, message
      FROM place CROSS JOIN record ON record.id = place.source CROSS JOIN log ON log.chunk = first_id
      WHERE n IN (1, (place.count + 1) / 2, place.count) AND (log.id - first_id) % step = 0
      """
  }

  /// Columns `metric`, `labels`, `function`, `count`, `sum`, `min` and `max`, a row for each series of each rule.
  package var metricsSQL: String {
    """
    SELECT r.name, s.labels, r.function, sum(p.count) AS count, \(MetricQuery.sumOfValues), min(p.min), max(p.max)
    FROM metric_rule r JOIN series s ON s.rule = r.id JOIN sample p ON p.series = s.id
    WHERE \(overlaps) AND \(isInside)\(seriesCondition)
    GROUP BY r.name, s.labels, r.function ORDER BY r.name, count DESC, s.labels
    """
  }

  /// Columns `labels`, `classes`, `min` and `max`, a row for each bucket of a histogram; `?1` is its metric.
  package var histogramSQL: String {
    """
    SELECT s.labels, p.classes, p.min, p.max
    FROM metric_rule r JOIN series s ON s.rule = r.id JOIN sample p ON p.series = s.id
    WHERE r.name = ?1 AND \(overlaps) AND \(isInside)\(seriesCondition)
    """
  }

  /// How many buckets have values of the range, and values beyond it.
  package var straddlingSQL: String {
    """
    SELECT count(*)
    FROM metric_rule r JOIN series s ON s.rule = r.id JOIN sample p ON p.series = s.id
    WHERE \(overlaps) AND NOT \(isInside)\(seriesCondition)
    """
  }

  /// No bucket is wider than four weeks.
  private var overlaps: String {
    "p.time_us > \(since) - 2419200000000 AND p.time_us < \(until) AND p.time_us + \(Self.width) > \(since)"
  }

  private static let width = """
    coalesce((SELECT max(x.step_us) FROM route_step x
      WHERE r.id < 0 AND x.source = s.source AND x.until_us > p.time_us), r.step_us)
    """

  /// Whether no line of the source is beyond the range in a bucket that is.
  private var isInside: String {
    func has(_ start: String, _ end: String) -> String {
      """
      EXISTS (SELECT 1 FROM line_count v
        WHERE v.source = s.source AND v.minute >= (\(start)) / 60000000 AND v.minute < (\(end)) / 60000000)
      """
    }
    let width = Self.width
    return """
      ((p.time_us >= \(since) OR NOT \(has("p.time_us", "\(since)")))
        AND (p.time_us + \(width) <= \(until) OR NOT \(has("\(until)", "p.time_us + \(width)"))))
      """
  }

  private var seriesCondition: String {
    guard let sources = SearchQuery.anySource(sources) else { return "" }
    return
      " AND s.source IN (SELECT id FROM (SELECT id, name AS source FROM source) WHERE \(sources))"
  }
}
