/// What the series of a metric come to, by intervals of time and by labels.
///
/// Buckets belong to the interval that they begin in.
package struct MetricQuery: Sendable, Equatable {
  package enum Function: String, Sendable, CaseIterable {
    case count, sum, avg, min, max, rate, increase
    case p50, p75, p90, p95, p99

    /// Of a percentile.
    package var percent: Int? { rawValue.first == "p" ? Int(rawValue.dropFirst()) : nil }
  }

  package var selector: MetricSelector
  /// Nil: what the rule's function is.
  package var function: Function?
  /// Nil: the whole time is one interval.
  ///
  /// A step that is no multiple of the rule's is taken as the next
  /// one that is.
  package var step: Interval?
  /// Microseconds since 1970, half open.
  package var since: Int64?
  package var until: Int64?
  /// The labels that are kept apart; nil for all.
  package var labels: [String]?
  /// What histograms were made of, for exact percentiles: a JSON array of `[series, bucket's time, value]`.
  package var values: String?
  /// What the classes of histograms come to, for percentiles: a JSON array of `[interval's start, labels, class]`.
  package var ranks: String?

  package init(_ selector: MetricSelector) { self.selector = selector }

  /// Columns `time`, `labels` and `value`; the oldest first.
  package var sql: String {
    if let percent = function?.percent { return percentileSQL(percent) }
    return """
      WITH \(points)
      SELECT \(SQLText.timeText(microseconds: "start")) AS time, labels, \(number("value")) AS value FROM (
        SELECT start, labels, \(value) AS value FROM (
          SELECT \(start) AS start, labels, min(time_us) AS first, max(time_us + step_us) AS last,
            max(step_us) AS step_us, function, sum(count) AS count,
            CASE function WHEN 'count' THEN sum(count) WHEN 'gauge' THEN \(Self.sumOfGauges)
              ELSE \(Self.sumOfValues) END AS sum,
            min(min) AS min, max(max) AS max
          FROM point p GROUP BY 1, 2
        )
      ) ORDER BY start, labels
      """
  }

  /// The CTE `point`: what is selected of samples, gauges' own among them as buckets of one value each.
  private var points: String {
    """
    point AS (
      \(values.map(valuePoints) ?? samplePoints)
      UNION ALL
      SELECT labels, 'gauge', 1, time_us, 1, CAST(value AS INTEGER),
        CAST(round((value - CAST(value AS INTEGER)) * 1e9) AS INTEGER), value, value
      FROM (
        SELECT \(labelsSQL) AS labels, p.time_us, p.value FROM gauge s JOIN gauge_sample p ON p.gauge = s.id
        WHERE \(condition("s.metric", "p.time_us"))
        UNION ALL
        SELECT \(labelsSQL), \(Self.packedTime), p.value->>1
        FROM gauge s JOIN gauge_chunk c ON c.gauge = s.id
          JOIN json_each(CAST(sqlar_uncompress(c.data, c.size) AS TEXT)) p
        WHERE \(condition("s.metric", Self.packedTime))\(chunkCondition)
      )
    )
    """
  }

  private var samplePoints: String {
    """
    SELECT \(labelsSQL) AS labels, r.function, r.step_us, p.time_us, p.count, p.sum, p.nano, p.min, p.max
      \(samples)
    """
  }

  /// Values as gauges have them.
  private func valuePoints(_ values: String) -> String {
    """
    SELECT \(labelsSQL) AS labels, 'gauge' AS function, r.step_us, v.value->>1 AS time_us, 1 AS count, NULL AS sum,
        NULL AS nano, v.value->>2 AS min, v.value->>2 AS max
      FROM json_each(\(SQLText.quoted(values))) v
      CROSS JOIN series s ON s.id = v.value->>0 JOIN metric_rule r ON r.id = s.rule
    """
  }

  private var samples: String {
    """
    FROM series s JOIN metric_rule r ON r.id = s.rule JOIN sample p ON p.series = s.id
      WHERE \(condition("r.name", "p.time_us"))
    """
  }

  /// The buckets of histograms that percentiles are of: series, rule, source, labels, time_us, step_us, count, sum, nano,
  /// min and max.
  package var histogramSQL: String {
    "SELECT s.id, s.rule, s.source, s.labels, p.time_us, r.step_us, p.count, p.sum, p.nano, p.min, p.max "
      + "\(samples) AND r.function = 'histogram'"
  }

  private static let packedTime = "c.first_us + c.unit_us * (p.value->>0)"

  /// SQL for the sum of samples `p`: rounded once below 9·10⁶, and whole ones are exact below 9·10¹⁵.
  package static let sumOfValues = """
    CASE WHEN abs(total(p.sum)) < 9e6 THEN (CAST(total(p.sum) AS INTEGER) * 1000000000 + CAST(total(p.nano) AS INTEGER)) / 1e9 \
    ELSE total(p.sum) + total(p.nano) / 1e9 END
    """

  /// The same of gauges, whose values may have more than nine decimals: then the sum is a floating-point number.
  private static let sumOfGauges = """
    CASE WHEN abs(\(sumOfValues) - total(p.min)) <= 1.1e-16 * count(*) * total(abs(p.min)) THEN \(sumOfValues) \
    ELSE total(p.min) END
    """

  /// The whole time begins where it is asked for, or with the first bucket.
  private var start: String {
    if let step { return SQLText.floored("p.time_us", to: width(step, "p.step_us")) }
    return since.map { "\($0)" } ?? "(SELECT min(time_us) FROM point)"
  }

  /// A bucket cannot be divided.
  private func width(_ step: Interval, _ bucket: String) -> String {
    "((\(step.seconds * 1_000_000) + \(bucket) - 1) / \(bucket) * \(bucket))"
  }

  /// Seconds that a rate is of.
  private var seconds: String {
    if let step { return "(\(width(step, "step_us")) / 1e6)" }
    let end = until.map { "\($0)" } ?? "max(last) OVER ()"
    return "((\(end) - start) / 1e6)"
  }

  private var value: String {
    switch function {
    case .count: "count"
    case .sum, .increase: "sum"
    case .avg: average
    case .min: "min"
    case .max: "max"
    case .rate: "sum / \(seconds)"
    case nil:
      "CASE function WHEN 'count' THEN count WHEN 'sum' THEN sum WHEN 'min' THEN min WHEN 'max' THEN max ELSE \(average) END"
    case .p50, .p75, .p90, .p95, .p99: "NULL"
    }
  }

  private var average: String { "CASE function WHEN 'count' THEN NULL ELSE 1.0 * sum / count END" }

  /// A whole number without a point.
  private func number(_ value: String) -> String {
    "CASE WHEN abs(\(value)) < 9e15 AND \(value) = CAST(\(value) AS INTEGER) THEN CAST(\(value) AS INTEGER) ELSE \(value) END"
  }

  private var labelsSQL: String {
    guard let labels else { return "s.labels" }
    let pairs = Set(labels).sorted().map {
      "\(SQLText.quoted($0)), \(MetricSelector.value(of: $0))"
    }
    return "json_object(\(pairs.joined(separator: ", ")))"
  }

  private func condition(_ name: String, _ time: String) -> String {
    var parts = [selector.sql(name: name)]
    if let since { parts.append("\(time) >= \(since)") }
    if let until { parts.append("\(time) < \(until)") }
    return parts.joined(separator: " AND ")
  }

  /// Which chunks reach into the time that is asked for.
  private var chunkCondition: String {
    (since.map { " AND c.last_us >= \($0)" } ?? "")
      + (until.map { " AND c.first_us < \($0)" } ?? "")
  }

  /// The nearest rank, exactly of gauges and where the values of histograms are known.
  private func percentileSQL(_ percent: Int) -> String {
    """
    WITH \(points)\(values == nil && ranks == nil ? classes : "")
    \(values == nil ? ofClasses(percent) + "\nUNION ALL" : "")
    SELECT \(SQLText.timeText(microseconds: "start")) AS time, labels, \(number("min(value)")) AS value FROM (
      SELECT start, labels, value, row_number() OVER (PARTITION BY start, labels ORDER BY value) AS rank,
        count(*) OVER (PARTITION BY start, labels) AS total
      FROM (SELECT \(start) AS start, labels, min AS value FROM point p WHERE function = 'gauge')
    ) WHERE rank * 100 >= total * \(percent) GROUP BY start, labels
    ORDER BY 1, 2
    """
  }

  private var classes: String {
    """
    , class AS (
      SELECT \(labelsSQL) AS labels, p.time_us, r.step_us, p.class, p.count
      FROM series s JOIN metric_rule r ON r.id = s.rule JOIN histograms p ON p.series = s.id
      WHERE \(condition("r.name", "p.time_us"))
    )
    """
  }

  /// The least value that so many percent do not exceed, by the middle of its class, but no value that is beyond the
  /// least or the most of all.
  private func ofClasses(_ percent: Int) -> String {
    """
    SELECT \(SQLText.timeText(microseconds: "start")) AS time, labels,
      \(number("max(least, min(most, CASE WHEN class = 0 THEN 0 ELSE sign(class) * pow(1.02, abs(class) - 1099.5) END))")) AS value
    FROM (
      \(ranks.map(Self.known) ?? rank(percent))
    ) JOIN (
      SELECT \(start) AS start, labels, min(min) AS least, max(max) AS most
      FROM point p WHERE function <> 'gauge' GROUP BY 1, 2
    ) USING (start, labels)
    """
  }

  private func rank(_ percent: Int) -> String {
    """
    SELECT start, labels, min(class) FILTER (WHERE reached * 100 >= total * \(percent)) AS class FROM (
        SELECT start, labels, class, sum(count) OVER (PARTITION BY start, labels ORDER BY class) AS reached,
          sum(count) OVER (PARTITION BY start, labels) AS total
        FROM (SELECT \(start) AS start, labels, class, sum(count) AS count FROM class p GROUP BY 1, 2, 3)
      ) GROUP BY start, labels
    """
  }

  private static func known(_ ranks: String) -> String {
    """
    SELECT value->>0 AS start, value->>1 AS labels, value->>2 AS class FROM json_each(\(SQLText.quoted(ranks)))
    """
  }

  /// The histograms that percentiles are of: where the interval begins, labels as a string of JSON, classes as they are
  /// stored; those of one interval and labels follow each other.
  package var classesSQL: String {
    """
    WITH \(points)
    SELECT \(start) AS start, json_quote(labels || ''), classes FROM (
      SELECT \(labelsSQL) AS labels, p.time_us, r.step_us, p.classes \(samples) AND r.function = 'histogram'
    ) p ORDER BY 1, 2
    """
  }
}
