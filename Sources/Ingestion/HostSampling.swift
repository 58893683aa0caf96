import Collecting
package import LogModel
import SQLite
package import Storage

/// What a host says of itself, stored as samples.
package enum HostSampling {
  /// Whether there is anything to be seen of a kernel below `root`.
  package static func isHost(root: Path) -> Bool { HostReading.isHost(root: root) }

  /// Looks at the host whose files are below `root`, unless the last look was less than `interval` ago; the
  /// result is how many samples source `name` has got.
  ///
  /// The samples and what the next rates are made from are written in one transaction. Their time is
  /// the whole second.
  package static func sample(
    root: Path, as name: String, now: Int64, every interval: Int64 = 0, into store: borrowing Store
  ) throws(StorageError) -> Int {
    let last = try store.wrap { db throws(SQLiteError) in
      try db.integer(
        "SELECT h.time_us FROM host h JOIN source s ON s.id = h.source WHERE s.name = ?", name)
    }
    if let last, last <= now, now - last < interval { return 0 }
    let reading = HostReading(root: root, time: now)
    return try store.write { db throws(SQLiteError) in
      let source = try source(name, db)
      let last = try HostTable().state(source: source, in: db)
      let rates = last.map {
        reading.rates(
          since: $0.counters.compactMap { HostReading.Counter($0) }, time: $0.time,
          uptime: $0.uptime)
      }
      let time = now - now % 1_000_000
      let samples = (reading.levels + (rates ?? [])).map { GaugeSample($0, time: time) }
      try GaugeTable().add(samples, source: source, in: db)
      let counters = reading.counters.map {
        HostTable.Counter(
          metric: $0.metric.rawValue, label: $0.label, value: $0.value, whole: $0.whole)
      }
      try HostTable().replace(
        .init(time: now, uptime: reading.uptime, counters: counters), source: source, in: db)
      return samples.count
    }
  }

  private static func source(
    _ name: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    if let known = try SourceTable().row(name: name, in: db) { return known.id }
    let row = SourceRow(
      id: try SourceTable().nextID(in: db), name: name, kind: "host", family: nil)
    try SourceTable().insert(row, in: db)
    return row.id
  }
}

extension HostReading.Counter {
  /// Nil for a metric that an older or newer logbook knew.
  init?(_ counter: HostTable.Counter) {
    guard let metric = HostMetric(rawValue: counter.metric) else { return nil }
    self.init(metric, counter.label, counter.value, of: counter.whole)
  }
}

extension GaugeSample {
  init(_ level: HostReading.Level, time: Int64) {
    let labels = level.metric.label.map { LabelText.object([($0, level.label)]) }
    self.init(
      metric: level.metric.rawValue, labels: labels ?? "{}", help: level.metric.help, time: time,
      value: level.value)
  }
}
