/// The sums of lines in which anomalies are looked for: hours of `skeleton_hour`, with their twelve
/// times five minutes.
package enum AnomalyQuery {
  /// The first hour with lines, and the one after the last.
  package static let extentSQL = "SELECT min(hour), max(hour) + 1 FROM skeleton_hour"

  /// The first hour with lines after `?`.
  package static let nextHourSQL =
    "SELECT hour FROM skeleton_hour WHERE hour > ? ORDER BY hour LIMIT 1"

  /// The pattern of lines beyond the number of skeletons that are kept apart.
  package static let catchAllSQL = "SELECT id FROM pattern WHERE text = '<other>'"

  /// Columns `pattern`, `source` and `bucket`, since 1970: when each that has lines before an hour came
  /// first from that hour on.
  package static func laterFirstsSQL(_ hour: Int64) -> String {
    let slots = (0..<12).map { "WHEN m\($0 < 2 ? "0" : "")\($0 * 5) > 0 THEN \($0)" }
    return """
      SELECT k.pattern, h.source, min(12 * h.hour + CASE \(slots.joined(separator: " ")) ELSE 11 END)
      FROM skeleton_hour h JOIN skeleton k ON k.id = h.skeleton
      WHERE h.hour >= \(hour) AND k.pattern IN (
        SELECT o.pattern FROM skeleton_source c JOIN skeleton o ON o.id = c.skeleton
        WHERE c.first_us < \(hour) * 3600000000) GROUP BY 1, 2
      """
  }

  /// Columns `pattern`, `source`, `level` (the highest) and `time_us`: when each came first.
  package static let firstsSQL = """
    SELECT k.pattern, c.source, max(c.level) AS level, min(c.first_us) AS time_us
    FROM skeleton_source c JOIN skeleton k ON k.id = c.skeleton GROUP BY 1, 2
    """

  /// Columns `skeleton` and `pattern`.
  package static let patternsSQL = "SELECT id AS skeleton, pattern FROM skeleton"

  /// Columns `hour`, `source`, `level`, `skeleton` and one for each five minutes, in ascending hours.
  package static func hoursSQL(_ hours: Range<Int64>) -> String {
    let slots = (0..<12).map { "m\($0 < 2 ? "0" : "")\($0 * 5)" }.joined(separator: ", ")
    return """
      SELECT hour, source, level, skeleton, \(slots)
      FROM skeleton_hour WHERE hour >= \(hours.lowerBound) AND hour < \(hours.upperBound) ORDER BY hour
      """
  }
}
