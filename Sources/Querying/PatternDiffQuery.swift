/// What two ranges of time have in different parts: their patterns, the most telling first.
///
/// The score is the log-likelihood ratio G² of Dunning, "Accurate methods for the statistics of surprise
/// and coincidence" (1993), over the lines of a pattern and those of all others.
package struct PatternDiffQuery: Sendable, Equatable {
  package var before: MinuteFilter
  package var after: MinuteFilter
  package var limit: Int?

  package init(before: MinuteFilter, after: MinuteFilter, limit: Int? = nil) {
    self.before = before
    self.after = after
    self.limit = limit
  }

  /// Columns `id`, `pattern`, `level`, `before` and `after` (lines), `change` (new, gone, more, less) and
  /// `score`; patterns with the same part of both ranges are left out.
  package var sql: String {
    """
    WITH lines AS (
      SELECT k.pattern, sum(c.earlier) AS a, sum(c.later) AS b
      FROM (
        SELECT skeleton, sum(count) AS earlier, 0 AS later FROM (\(before.skeletonRows)) GROUP BY skeleton
        UNION ALL
        SELECT skeleton, 0, sum(count) FROM (\(after.skeletonRows)) GROUP BY skeleton
      ) c JOIN skeleton k ON k.id = c.skeleton GROUP BY k.pattern
    ), total AS (
      SELECT 1.0 * sum(a) AS a, 1.0 * sum(b) AS b FROM lines
    ), expected AS (
      SELECT l.*, t.a AS ta, t.b AS tb, (l.a + l.b) * t.a / (t.a + t.b) AS ea, (l.a + l.b) * t.b / (t.a + t.b) AS eb
      FROM lines l, total t
    ), scored AS (
      SELECT pattern, a, b, ea, 2 * (\(term("a", "ea")) + \(term("b", "eb"))
        + \(term("ta - a", "ta - ea")) + \(term("tb - b", "tb - eb"))) AS score
      FROM expected
    )
    SELECT p.id, p.text AS pattern, \(SQLText.levelName("p.level")) AS level, s.a AS before, s.b AS after,
      CASE WHEN s.a = 0 THEN 'new' WHEN s.b = 0 THEN 'gone' WHEN s.a < s.ea THEN 'more' ELSE 'less' END AS change,
      round(s.score, 1) AS score
    FROM scored s JOIN pattern p ON p.id = s.pattern WHERE s.a <> s.ea
    ORDER BY s.score DESC, p.id\(limit.map { " LIMIT \($0)" } ?? "")
    """
  }

  private func term(_ observed: String, _ expected: String) -> String {
    "iif(\(observed) > 0, (\(observed)) * ln((\(observed)) / (\(expected))), 0)"
  }
}
