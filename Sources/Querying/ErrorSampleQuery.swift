/// Lines that show errors, one for each, found without a look at their other events.
package struct ErrorSampleQuery: Sendable {
  package var filter: ErrorFilter
  /// `errors.id`.
  package var errors: [Int64]

  package init(_ filter: ErrorFilter, errors: [Int64]) {
    self.filter = filter
    self.errors = errors
  }

  /// Columns `error` and `log_id`: the line of the latest event in the chunk of events that ends last of those that
  /// reach into the range; no row for an error that has no event of the range there.
  package var sql: String {
    let (since, until) = (filter.since ?? .min, filter.until ?? .max)
    return """
      WITH variant AS MATERIALIZED (
        SELECT v.id, v.level, coalesce(a.error, v.error) AS error
        FROM error_variant v LEFT JOIN error_alias a ON a.fingerprint = v.error
        WHERE coalesce(a.error, v.error) IN (\(errors.map(String.init).joined(separator: ", ")))
      ), last AS MATERIALIZED (
        SELECT chunk FROM (
          SELECT x.chunk, row_number() OVER (PARTITION BY w.error ORDER BY min(o.max_us, \(until)) DESC, x.chunk DESC) AS rank
          FROM variant w JOIN error_chunk_variant x ON x.variant = w.id JOIN error_chunk o ON o.first_id = x.chunk
          WHERE o.max_us >= \(since) AND o.min_us < \(until)
        ) WHERE rank = 1
      )
      SELECT error, log_id FROM (
        SELECT v.error, e.log_id, max(e.time_us)
        FROM (\(ErrorFilter.eventsSQL(where: "c.first_id IN (SELECT chunk FROM last)"))) e JOIN variant v ON v.id = e.variant
        \(filter.eventsClause(since, until)) GROUP BY v.error
      )
      """
  }
}
