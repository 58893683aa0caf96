import LogModel
import Metrics
import Querying
import Reporting
import SQLite
import Storage

/// p50, p95 and p99 of each series of a histogram, as `metrics query` has them.
///
/// There SQL takes the classes apart, which for a day of minutes takes seconds.
struct MetricPercentiles {
  private struct Values {
    var classes: [Int: Int64] = [:]
    var least = Double.infinity
    var most = -Double.infinity
  }

  private(set) var byLabels: [ExactText: [Quantity]] = [:]

  init(_ metric: String, _ lines: ReportQuery, _ db: borrowing Connection) throws {
    var series: [ExactText: Values] = [:]
    var row = try db.prepare(lines.histogramSQL)
    try row.bind(1, metric)
    while try row.step() {
      let labels = ExactText(row.text(0))
      var values = series.removeValue(forKey: labels) ?? Values()
      ClassText.add(row, 1, to: &values.classes)
      if let least = row.optionalReal(2) { values.least = min(values.least, least) }
      if let most = row.optionalReal(3) { values.most = max(values.most, most) }
      series[labels] = values
    }
    byLabels = series.mapValues(Self.percentiles)
  }

  /// By the middle of the class of the nearest rank, but none that is beyond the least or the most.
  private static func percentiles(_ values: Values) -> [Quantity] {
    [50, 95, 99].map { percent in
      guard let rank = MetricClass.rank(percent, of: values.classes) else { return .none }
      return .number(max(values.least, min(values.most, MetricClass.middle(of: rank))))
    }
  }
}
