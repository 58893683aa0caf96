/// Lines that show errors, found without a look at most of their other events.
package struct ErrorSampleQuery: Sendable {
  package var filter: ErrorFilter
  /// `errors.id`.
  package var errors: [Int64]

  package init(_ filter: ErrorFilter, errors: [Int64]) {
    self.filter = filter
    self.errors = errors
  }

  /// Columns `error` and `log_id`, the latest first.
  ///
  /// Of each error and source it is the line of the latest event in the two chunks of events that end last, in all
  /// chunks where `isThorough`. The line may be gone for its age.
  package func sql(isThorough: Bool) -> String {
    let (since, until) = (filter.since ?? .min, filter.until ?? .max)
    let chunks = "c.first_id IN (SELECT chunk FROM last\(isThorough ? "" : " WHERE rank <= 2"))"
    return """
      WITH variant AS MATERIALIZED (
        SELECT v.id, v.level, coalesce(a.error, v.error) AS error
        FROM error_variant v LEFT JOIN error_alias a ON a.fingerprint = v.error
        WHERE coalesce(a.error, v.error) IN (\(errors.map(String.init).joined(separator: ", ")))
      ), last AS MATERIALIZED (
        SELECT x.chunk, row_number() OVER (
          PARTITION BY w.error, o.first_id >> 36 ORDER BY min(o.max_us, \(until)) DESC, x.chunk DESC) AS rank
        FROM variant w JOIN error_chunk_variant x ON x.variant = w.id JOIN error_chunk o ON o.first_id = x.chunk
        WHERE o.max_us >= \(since) AND o.min_us < \(until)
      )
      SELECT error, log_id FROM (
        SELECT v.error, e.log_id, max(e.time_us) AS time_us
        FROM (\(ErrorFilter.eventsSQL(where: chunks))) e JOIN variant v ON v.id = e.variant
        \(filter.eventsClause(since, until)) GROUP BY v.error, e.log_id >> 36
      ) ORDER BY error, time_us DESC, log_id DESC
      """
  }
}
