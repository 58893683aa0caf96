import LogModel
import Querying
import Reporting
import SQLite

/// Lines by level, source and interval.
struct LineTally {
  /// By level, of which 0 is none.
  typealias Levels = [Int64]
  static let noLevels = Levels(repeating: 0, count: Int(Severity.fatal.rawValue) + 1)

  private(set) var levels = noLevels
  /// By id.
  private(set) var sources: [Int64: Levels] = [:]
  /// By interval.
  private(set) var course: [Levels]
  /// By id and interval.
  private(set) var sourceCourse: [Int64: [Int64]] = [:]
  /// Minutes since 1970.
  private(set) var firstMinute: Int64?
  private(set) var lastMinute: Int64?
  /// The most minutes without a line between two with one, and after which minute they begin.
  private(set) var longestGap: (minutes: Int64, after: Int64)?

  init(_ query: ReportQuery, _ axis: TimeAxis, _ db: borrowing Connection) throws {
    course = [Levels](repeating: Self.noLevels, count: axis.count)
    var row = try db.prepare(query.minutesSQL)
    while try row.step() {
      let minute = row.integer(0)
      let (source, count) = (row.integer(1), row.integer(3))
      let level = max(0, min(Self.noLevels.count - 1, row.int(2)))
      let interval = axis.index(of: minute * 60_000_000)
      levels[level] += count
      course[interval][level] += count
      sources[source, default: Self.noLevels][level] += count
      sourceCourse[source, default: [Int64](repeating: 0, count: axis.count)][interval] += count
      if firstMinute == nil { firstMinute = minute }
      if let lastMinute, minute - lastMinute - 1 > longestGap?.minutes ?? 0 {
        longestGap = (minute - lastMinute - 1, lastMinute)
      }
      lastMinute = minute
    }
  }

  var total: Int64 { levels.reduce(0, +) }
  var errors: Int64 { Self.errors(levels) }

  /// Of level error and fatal.
  static func errors(_ levels: Levels) -> Int64 {
    levels[Int(Severity.error.rawValue)...].reduce(0, +)
  }
}

/// The interval that a share lies in with a probability of 95 %: Wilson, "Probable inference, the law
/// of succession, and statistical inference" (1927).
func wilsonInterval(_ count: Int64, of total: Int64) -> ClosedRange<Double> {
  guard total > 0 else { return 0...1 }
  let (n, z) = (Double(total), 1.96)
  let share = Double(count) / n
  let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
  let reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
  return max(0, middle - reach)...min(1, middle + reach)
}
