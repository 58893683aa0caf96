package import LogModel
import Metrics
import SQLite
package import Storage

/// Counts the stored lines for rules anew.
///
/// Buckets of which lines are gone for their age stay as they are. All in one transaction: what breaks off leaves the figures that were. The caller holds the run's lock.
package enum MetricRebuilding {
  package struct Rebuilt: Sendable, Equatable {
    package var series: Int64 = 0
    package var samples: Int64 = 0
    package var rejects: Int64 = 0
    package var limitHits: Int64 = 0
  }

  package static func rebuild(
    _ rules: [ActiveMetricRule], in store: borrowing Store, isCancelled: () -> Bool
  ) throws -> Rebuilt {
    var fresh = rules
    for index in fresh.indices {
      fresh[index].starts = [:]
      fresh[index].labelHashes = []
      fresh[index].limitHits = 0
    }
    let ids = rules.map(\.id)
    var replay = try store.wrap { db throws(SQLiteError) in
      try MetricReplay(fresh, isStandard: false, keepsRejects: true, reading: db)
    }
    try store.write { db in
      let times = try PrunedTable().samplesFrom(in: db)
      for id in ids { try MetricRuleTable().restart(id, keeping: times, in: db) }
      try count(&replay, from: times, in: db, isCancelled)
    }
    return try rebuilt(ids, store)
  }

  /// The same of all that is counted without a rule; what is told is `metric`'s.
  ///
  /// - Parameter isCounted: Whether lines of a source's file are, as the next run would have it; nil where nothing says so, and it
  ///   stays as it was.
  package static func rebuild(
    _ metric: StandardMetric, in store: borrowing Store,
    isCounted: (_ source: String, _ file: Path) -> Bool?, isCancelled: () -> Bool
  ) throws -> Rebuilt {
    var replay = try store.wrap { db throws(SQLiteError) in
      try MetricReplay([], isStandard: true, keepsRejects: true, reading: db)
    }
    try store.write { db in
      let times = try PrunedTable().samplesFrom(in: db)
      try choose(isCounted, in: db)
      try StandardMetricTable().restart(keeping: times, in: db)
      try count(&replay, from: times, in: db, isCancelled)
      try StandardMetricTable().removeUnused(db)
    }
    return try rebuilt([metric.rawValue], store)
  }

  /// Turns sources on or off, which a run does only where it reads lines of them.
  private static func choose(
    _ isCounted: (_ source: String, _ file: Path) -> Bool?, in db: borrowing Connection
  ) throws(SQLiteError) {
    for source in try SourceTable().all(in: db) {
      guard let file = try FileTable().rows(source: source.id, in: db).max(by: { $0.id < $1.id }),
        let isWanted = isCounted(source.name, file.path), isWanted != (source.countedFrom != nil)
      else { continue }
      try SourceTable().set(countedFrom: isWanted ? 0 : nil, of: source.id, in: db)
    }
  }

  private static func rebuilt(
    _ ids: [Int64], _ store: borrowing Store
  ) throws(StorageError) -> Rebuilt {
    var done = Rebuilt()
    try store.wrap { db throws(SQLiteError) in
      var row = try db.prepare(
        "SELECT series, samples, rejects, limit_hits FROM metrics WHERE id = ?")
      for id in ids {
        try row.bind(1, id)
        while try row.step() {
          done.series += row.integer(0)
          done.samples += row.integer(1)
          done.rejects += row.integer(2)
          done.limitHits += row.integer(3)
        }
        row.reset()
      }
    }
    return done
  }

  private static func count(
    _ replay: inout MetricReplay, from times: [Int64: Int64], in db: borrowing Connection,
    _ isCancelled: () -> Bool
  ) throws {
    var table = SampleTable()
    // What is gone of a day is in the day's bucket, which stays.
    let steps = try RouteSteps(reading: db)
    for source in try SourceTable().all(in: db) {
      let start = times[source.id] ?? .min
      let files = try FileTable().rows(source: source.id, in: db)
      for file in files.sorted(by: { $0.id < $1.id }) where file.bytesStored > 0 {
        try replay.run(file, of: source, in: db) { counting throws(SQLiteError) in
          if counting.hasManyBuckets {
            try table.add(steps.widened(counting.take()).from(start), in: db)
          }
          return !isCancelled()
        }
        if isCancelled() { throw RebuildCancelled() }
        let rejects = replay.takeRejects()
        try RejectRow.add(rejects.rows, of: rejects.count, inFile: file.id, in: db)
      }
      try table.add(steps.widened(replay.counting.take()).from(start), in: db)
      if replay.isStandard, try RouteLimit.enforce(source.id, after: nil, hasMore: true, in: db) {
        table = SampleTable()
      }
    }
  }
}

/// The user asked to stop.
package struct RebuildCancelled: Error {}
