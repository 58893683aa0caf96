import SQLite
import Storage

/// What the stored events of errors add up to.
struct ErrorTally {
  private struct Hour: Hashable {
    var hour: Int64
    var source: Int64
    var level: Int64
    var error: Int64
  }

  private struct Group: Equatable {
    var level: Int64
    var first: Int64
    var last: Int64
    var count: Int64

    /// Whether it is a sum of `other` and of events that are gone, of which one may be the latest.
    func reaches(over other: Group, lacksLatest: Bool) -> Bool {
      level >= other.level && first <= other.first && count == other.count
        && (lacksLatest ? last >= other.last : last == other.last)
    }
  }

  private struct Chunk: Equatable {
    var last: Int64
    var count: Int64
    var first: Int64
    var latest: Int64

    mutating func add(_ event: ErrorEvent) {
      last = max(last, event.logID)
      count += 1
      first = min(first, event.time)
      latest = max(latest, event.time)
    }
  }

  /// What an event that comes first gives its group.
  private struct Names: Hashable {
    var title: String
    var type: String?
    var culprit: String?

    init(title: String, type: String?, culprit: String?) {
      (self.title, self.type, self.culprit) = (title, type, culprit)
    }

    init(of variant: ErrorVariant) {
      self.init(title: variant.text, type: variant.type, culprit: variant.culprit)
    }
  }

  private struct Part: Hashable {
    var variant: Int64
    var chunk: Int64
  }

  private(set) var variants: [Int64: ErrorVariant] = [:]
  private(set) var count: Int64 = 0
  /// Of the sources that are read once more.
  private(set) var replayedCount: Int64 = 0
  /// Times to the microsecond that several events have.
  private(set) var sharedTimes: Set<Int64> = []
  /// Such times of events in sources that are not read once more.
  private(set) var timesElsewhere: Set<Int64> = []
  private var hours: [Hour: Int64] = [:]
  private var groups: [Int64: Group] = [:]
  /// What the first events of each group say.
  private var names: [Int64: Set<Names>] = [:]
  private var chunks: [Int64: Chunk] = [:]
  private var parts: [Part: Int64] = [:]
  private var hasUnknown = false

  /// Of the sources in `replayed`, events from the time given on are read once more.
  init(reading db: borrowing Connection, _ replayed: [Int64: Int64]) throws(SQLiteError) {
    var row = try db.prepare("SELECT id, error, level, type, culprit, text FROM error_variant")
    while try row.step() {
      variants[row.integer(0)] = ErrorVariant(
        error: row.integer(1), level: row.integer(2), type: row.optionalText(3),
        culprit: row.optionalText(4), text: row.text(5))
    }
    var fine: [Int64] = []
    var elsewhere: Set<Int64> = []
    var tally = self
    try ErrorChunkTable().read(.all, in: db) { chunk, events in
      let start = replayed[chunk >> 36] ?? .max
      for event in events {
        tally.add(event, chunk)
        if event.time >= start { tally.replayedCount += 1 }
        guard event.time % 1000 != 0 else { continue }
        if event.time >= start { fine.append(event.time) } else { elsewhere.insert(event.time) }
      }
    }
    self = tally
    timesElsewhere = elsewhere
    fine.sort()
    for (time, next) in zip(fine, fine.dropFirst()) where time == next && !elsewhere.contains(time)
    {
      sharedTimes.insert(time)
    }
  }

  private mutating func add(_ event: ErrorEvent, _ chunk: Int64) {
    count += 1
    chunks[
      chunk, default: Chunk(last: event.logID, count: 0, first: event.time, latest: event.time)
    ]
    .add(event)
    guard let variant = variants[event.variant] else { return hasUnknown = true }
    guard !event.isCopy else { return }
    parts[Part(variant: event.variant, chunk: chunk), default: 0] += 1
    let hour = Hour(
      hour: event.time / 3_600_000_000, source: chunk >> 36, level: variant.level,
      error: variant.error)
    hours[hour, default: 0] += 1
    let known = groups[variant.error]
    var group =
      known ?? Group(level: variant.level, first: event.time, last: event.time, count: 0)
    if known == nil || event.time < group.first { names[variant.error] = [] }
    group.first = min(group.first, event.time)
    if event.time == group.first { names[variant.error, default: []].insert(Names(of: variant)) }
    group.last = max(group.last, event.time)
    group.level = max(group.level, variant.level)
    group.count += 1
    groups[variant.error] = group
  }

  /// What of the tables is not the sum of the events.
  func faults(_ db: borrowing Connection) throws(SQLiteError) -> [String] {
    var faults: [String] = []
    if hasUnknown { faults.append("an event has no text") }
    if try chunkRows(db) != chunks { faults.append("a chunk of events is not what it says") }
    if try partRows(db) != parts {
      faults.append("a chunk has other texts than its events")
    }
    if try hourRows(db) != hours {
      faults.append("the counts by hour are not those of the events")
    }
    if try !areSums(db) { faults.append("a group is not the sum of its events") }
    if try !haveNames(db) { faults.append("a group's title is not what its first event says") }
    if try db.integer("SELECT 1 FROM error_group WHERE tier = 1 AND frames <> '[]' LIMIT 1") != nil
    {
      faults.append("an error that a field names has frames")
    }
    return faults
  }

  private func chunkRows(_ db: borrowing Connection) throws(SQLiteError) -> [Int64: Chunk] {
    var rows: [Int64: Chunk] = [:]
    var row = try db.prepare("SELECT first_id, last_id, count, min_us, max_us FROM error_chunk")
    while try row.step() {
      rows[row.integer(0)] = Chunk(
        last: row.integer(1), count: row.integer(2), first: row.integer(3), latest: row.integer(4))
    }
    return rows
  }

  private func partRows(_ db: borrowing Connection) throws(SQLiteError) -> [Part: Int64] {
    var rows: [Part: Int64] = [:]
    var row = try db.prepare("SELECT variant, chunk, count FROM error_chunk_variant")
    while try row.step() {
      rows[Part(variant: row.integer(0), chunk: row.integer(1))] = row.integer(2)
    }
    return rows
  }

  private func hourRows(_ db: borrowing Connection) throws(SQLiteError) -> [Hour: Int64] {
    var rows: [Hour: Int64] = [:]
    var row = try db.prepare("SELECT hour, source, level, error, count FROM error_count")
    while try row.step() {
      let hour = Hour(
        hour: row.integer(0), source: row.integer(1), level: row.integer(2), error: row.integer(3))
      rows[hour] = row.integer(4)
    }
    return rows
  }

  /// Whether the groups are; those of which only copies are left, or nothing, count none.
  private func areSums(_ db: borrowing Connection) throws(SQLiteError) -> Bool {
    var left = groups
    var row = try db.prepare(
      """
      SELECT id, coalesce(level, 0), first_us, last_us, count, \(ErrorPruning.mayLackEvents),
        \(ErrorPruning.mayLackLatest)
      FROM error_group
      """)
    while try row.step() {
      let stored = Group(
        level: row.integer(1), first: row.integer(2), last: row.integer(3), count: row.integer(4))
      guard let group = left.removeValue(forKey: row.integer(0)) else {
        guard stored.count == 0 else { return false }
        continue
      }
      let isSum =
        row.integer(5) == 1
        ? stored.reaches(over: group, lacksLatest: row.integer(6) == 1) : stored == group
      guard isSum else { return false }
    }
    return left.isEmpty
  }

  /// Whether each group is called what its first event says, as far as that is there.
  private func haveNames(_ db: borrowing Connection) throws(SQLiteError) -> Bool {
    var row = try db.prepare(
      "SELECT id, title, type, culprit FROM error_group WHERE count <> 0 AND NOT \(ErrorPruning.mayLackEvents)"
    )
    while try row.step() {
      let stored = Names(
        title: row.text(1), type: row.optionalText(2), culprit: row.optionalText(3))
      guard let names = names[row.integer(0)],
        names.contains(stored) || names.contains(where: { $0.title == ErrorTable.otherText })
      else { return false }
    }
    return true
  }
}
