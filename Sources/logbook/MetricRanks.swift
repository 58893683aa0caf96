import LogModel
import Metrics
import Querying
import SQLite
import Storage

/// The classes that a percentile of histograms falls into, by intervals and labels.
///
/// SQL takes the classes of each bucket apart first, which for a day of minutes takes seconds.
struct MetricRanks {
  private let percent: Int
  /// As `MetricQuery.ranks` wants it.
  var json: String { "[" + entries.joined(separator: ",") + "]" }
  private var entries: [String] = []
  private var classes: [Int: Int64] = [:]

  init(_ percent: Int, of query: MetricQuery, _ db: borrowing Connection) throws(SQLiteError) {
    self.percent = percent
    var row = try db.prepare(query.classesSQL)
    var last: (start: Int64, labels: ExactText)?
    while try row.step() {
      let (start, labels) = (row.integer(0), ExactText(row.text(1)))
      if let last, last != (start, labels) { finish(last.start, last.labels.text) }
      last = (start, labels)
      ClassText.add(row, 2, to: &classes)
    }
    if let last { finish(last.start, last.labels.text) }
  }

  private mutating func finish(_ start: Int64, _ labels: String) {
    if let rank = MetricClass.rank(percent, of: classes) {
      entries.append("[\(start),\(labels),\(rank)]")
    }
    classes.removeAll(keepingCapacity: true)
  }
}
