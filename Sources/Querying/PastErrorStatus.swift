/// What errors were at an earlier time, by the events before it.
///
/// The rules are those of the view `errors`, hours are counted whole. What people have said of an error holds as it
/// stands; whether it is ignored is the view's to say.
package enum PastErrorStatus {
  /// Columns `id` and `status`, of errors that the view does not have as ignored.
  package static func sql(before until: Int64) -> String {
    """
    WITH newest(us, hour) AS MATERIALIZED (
      SELECT us, us / 3600000000 FROM (SELECT min(us, \(until - 1)) AS us FROM error_now)
    ), total AS MATERIALIZED (
      SELECT coalesce(a.error, g.id) AS error, min(g.first_us) AS first_us, max(g.last_us) AS last_us
      FROM error_group g LEFT JOIN error_alias a ON a.fingerprint = g.id WHERE g.count > 0 GROUP BY 1
    ), hourly AS MATERIALIZED (
      SELECT coalesce(a.error, c.error) AS error, c.hour, sum(c.count) AS count
      FROM newest n CROSS JOIN error_count c ON c.hour BETWEEN n.hour - 169 AND n.hour
        LEFT JOIN error_alias a ON a.fingerprint = c.error GROUP BY 1, 2
    ), latest AS (
      SELECT h.error, max(h.count) AS count FROM newest n JOIN hourly h ON h.hour >= n.hour - 1 GROUP BY 1
    ), span AS (
      SELECT t.error, n.hour - 1 - max(n.hour - 169, t.first_us / 3600000000) AS hours
      FROM total t JOIN newest n
    ), usual AS (
      SELECT h.error, h.count, row_number() OVER (PARTITION BY h.error ORDER BY h.count DESC) AS rank
      FROM newest n JOIN hourly h ON h.hour < n.hour - 1
    ), escalating AS MATERIALIZED (
      SELECT l.error FROM latest l JOIN span s ON s.error = l.error
        LEFT JOIN usual u ON u.error = l.error AND u.rank = s.hours / 20 + 1
      WHERE s.hours >= 24 AND l.count > max(10, 4 * coalesce(u.count, 0))
    )
    SELECT t.error AS id, CASE
      WHEN d.resolved_us IS NOT NULL THEN iif(\(isBack(before: until)), 'regressed', 'resolved')
      WHEN t.error IN (SELECT error FROM escalating) THEN 'escalating'
      WHEN t.first_us > n.us - 604800000000 THEN 'new'
      ELSE 'ongoing' END AS status
    FROM total t JOIN newest n LEFT JOIN error_decision d ON d.error = t.error
    """
  }

  /// Whether there is an event since the error was resolved; those of a long time are asked for only where the last
  /// one is too late to tell.
  private static func isBack(before until: Int64) -> String {
    let variants = """
      SELECT v.id FROM error_variant v LEFT JOIN error_alias a ON a.fingerprint = v.error
      WHERE coalesce(a.error, v.error) = t.error
      """
    let chunks = """
      c.max_us > d.resolved_us AND c.min_us < \(until)
      AND c.first_id IN (SELECT chunk FROM error_chunk_variant WHERE variant IN (\(variants)))
      """
    return """
      CASE WHEN t.last_us < \(until) THEN t.last_us > d.resolved_us
        WHEN d.resolved_us >= \(until - 1) THEN FALSE
        ELSE EXISTS (
          SELECT 1 FROM (\(ErrorFilter.eventsSQL(where: chunks))) e WHERE e.copy IS NULL
            AND e.time_us > d.resolved_us AND e.time_us < \(until) AND e.variant IN (\(variants))
        ) END
      """
  }
}
