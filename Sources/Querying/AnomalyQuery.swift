/// The sums of lines in which anomalies are looked for: hours of `skeleton_hour`, with their twelve
/// times five minutes.
package enum AnomalyQuery {
  /// The first hour with lines, and the one after the last.
  package static let extentSQL = "SELECT min(hour), max(hour) + 1 FROM skeleton_hour"

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
