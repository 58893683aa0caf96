/// One error in detail.
package struct ErrorDetailQuery: Sendable, Equatable {
  package var error: Int64
  package var filter: ErrorFilter

  package init(error: Int64, filter: ErrorFilter = ErrorFilter()) {
    self.error = error
    self.filter = filter
  }

  private var fingerprints: String {
    "SELECT id FROM error_group WHERE coalesce((SELECT error FROM error_alias WHERE fingerprint = id), id) = \(error)"
  }

  private var lines: String { ErrorQuery.linesSQL(of: error) }

  /// The row of `errors`.
  package var headSQL: String {
    "SELECT \(ErrorQuery.columns.joined(separator: ", ")) FROM errors WHERE id = \(error)"
  }

  /// Columns `part`, `name`, `value` and `count`.
  package var partsSQL: String {
    let counted = "(\(filter.rowsSQL)) WHERE error IN (\(fingerprints))"
    return """
      SELECT 'fingerprint' AS part, '' || id AS name, 'tier ' || tier || ', version ' || algorithm || ': ' || coalesce(type || ': ', '') || title AS value, count FROM error_group
      WHERE id IN (\(fingerprints))
      UNION ALL
      SELECT 'frame', '' || (f.key + 1), f.value, NULL FROM error_group g, json_each(g.frames) f WHERE g.id = \(error)
      UNION ALL
      SELECT * FROM (SELECT 'status', time, status, run FROM error_transitions WHERE error_id = \(error) ORDER BY id)
      UNION ALL
      SELECT * FROM (SELECT 'level', coalesce(\(SQLText.levelName("level")), 'none'), NULL, sum(count) FROM \(counted) GROUP BY level ORDER BY 4 DESC)
      UNION ALL
      SELECT * FROM (SELECT 'source', (SELECT name FROM source WHERE id = source), NULL, sum(count) FROM \(counted) GROUP BY source ORDER BY 4 DESC, 2)
      UNION ALL
      SELECT * FROM (SELECT 'text', NULL, v.text, sum(c.count) FROM error_variant v JOIN error_chunk_variant c ON c.variant = v.id
        WHERE v.error IN (\(fingerprints)) GROUP BY v.text ORDER BY 4 DESC, 3 LIMIT 5)
      UNION ALL
      SELECT * FROM (SELECT 'session', (SELECT key FROM session WHERE id = t.session), NULL, count(*) FROM turn t
        WHERE t.session IS NOT NULL AND t.log_id IN (\(lines)) GROUP BY t.session ORDER BY 4 DESC, 2 LIMIT 5)
      """
  }

  /// Columns `hour` and `count`, ascending.
  package var hoursSQL: String {
    "SELECT hour, sum(count) AS count FROM (\(filter.rowsSQL)) WHERE error IN (\(fingerprints)) GROUP BY hour ORDER BY hour"
  }

  /// Columns `id`, `pattern_id` and `message`, the newest first.
  package func linesSQL(limit: Int) -> String {
    var query = SearchQuery(.error(error))
    query.since = filter.since
    query.until = filter.until
    query.sources = filter.sources
    query.minimumLevel = filter.minimumLevel
    query.limit = limit
    return query.rowsSQL(columns: ["id", "pattern_id", "message"])
  }
}
