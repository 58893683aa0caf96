import SQLite

extension ErrorSums {
  /// Makes the sums anew out of the events that are left, and forgets texts and groups that have none.
  ///
  /// What a group keeps of events that are gone for their age stays.
  static func rebuild(in db: borrowing Connection) throws(SQLiteError) {
    let events = try EventSums(reading: db)
    try removeVariants(unless: events.variants, in: db)
    try db.execute(
      """
      DELETE FROM error_count;
      DELETE FROM error_group WHERE id NOT IN (SELECT error FROM error_variant)
        AND NOT (\(ErrorPruning.mayLackEvents) AND id IN (
          SELECT error FROM error_decision UNION ALL SELECT fingerprint FROM error_alias UNION ALL SELECT error FROM error_alias));
      UPDATE error_group SET count = 0;
      """)
    var hours: [Hour: Int64] = [:]
    var groups: [Int64: StoredGroup] = [:]
    var row = try db.prepare("SELECT id, error, level, type, culprit, text FROM error_variant")
    while try row.step() {
      guard let sums = events.sums[row.integer(0)] else { continue }
      let (error, level) = (row.integer(1), row.integer(2))
      for (place, count) in sums.hours {
        hours[
          Hour(hour: place.hour, source: place.source, level: level, error: error), default: 0] +=
          count
      }
      let names = Names(
        text: row.text(5), type: row.optionalText(3), culprit: row.optionalText(4))
      groups[error, default: StoredGroup(first: sums.first, last: sums.last, names: names)]
        .add(sums, level, names)
    }
    for (hour, count) in hours.sorted(by: { $0.key.order < $1.key.order }) {
      try db.run(
        "INSERT INTO error_count(hour, source, level, error, count) VALUES(?, ?, ?, ?, ?)",
        hour.hour, hour.source, hour.level, hour.error, count)
    }
    for (id, group) in groups.sorted(by: { $0.key < $1.key }) { try group.write(id, to: db) }
  }

  private static func removeVariants(
    unless used: Set<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) {
    var unused: [Int64] = []
    do {
      var row = try db.prepare("SELECT id FROM error_variant")
      while try row.step() {
        if !used.contains(row.integer(0)) { unused.append(row.integer(0)) }
      }
    }
    for id in unused { try db.run("DELETE FROM error_variant WHERE id = ?", id) }
  }
}

/// What the stored events add up to, by what they say.
private struct EventSums {
  struct Place: Hashable {
    var hour: Int64
    var source: Int64
  }

  /// Of one variant, copies left out.
  struct Sums {
    var hours: [Place: Int64] = [:]
    var first: Int64
    var last: Int64
    var count: Int64 = 0
  }

  private(set) var sums: [Int64: Sums] = [:]
  /// With those that only copies have.
  private(set) var variants: Set<Int64> = []

  init(reading db: borrowing Connection) throws(SQLiteError) {
    var (sums, variants) = (sums, variants)
    try ErrorChunkTable().read(.all, in: db) { chunk, events in
      for event in events {
        variants.insert(event.variant)
        guard !event.isCopy else { continue }
        let place = Place(hour: ErrorSums.hour(of: event.time), source: chunk >> 36)
        sums[event.variant, default: Sums(first: event.time, last: event.time)]
          .add(event.time, place)
      }
    }
    (self.sums, self.variants) = (sums, variants)
  }
}

extension EventSums.Sums {
  fileprivate mutating func add(_ time: Int64, _ place: EventSums.Place) {
    hours[place, default: 0] += 1
    first = min(first, time)
    last = max(last, time)
    count += 1
  }
}

private struct StoredGroup {
  var first: Int64
  var last: Int64
  var names: ErrorSums.Names
  var level: Int64 = 0
  var count: Int64 = 0

  mutating func add(_ sums: EventSums.Sums, _ level: Int64, _ names: ErrorSums.Names) {
    if sums.first < first || sums.first == first && names.isBefore(self.names) {
      self.names = names
    }
    first = min(first, sums.first)
    last = max(last, sums.last)
    count += sums.count
    self.level = max(self.level, level)
  }

  /// What the earliest event says may be beyond the limit of texts: then what is stored is right, unless
  /// that was another event; and so it is where that event is gone.
  func write(_ id: Int64, to db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      UPDATE error_group SET (type, title, culprit) = (
          SELECT iif(known, g.type, ?2), iif(known, g.title, ?3), iif(known, g.culprit, ?4)
          FROM (SELECT g.older AND ?6 >= g.first_us OR ?3 = '\(ErrorTable.otherText)' AND ?6 = g.first_us AS known)),
        level = nullif(iif(g.older, max(?5, coalesce(g.level, 0)), ?5), 0),
        first_us = iif(g.older, min(?6, g.first_us), ?6), last_us = iif(g.oldest, max(?7, g.last_us), ?7),
        count = ?8
      FROM (
        SELECT *, \(ErrorPruning.mayLackEvents) AS older, \(ErrorPruning.mayLackLatest) AS oldest FROM error_group
      ) g WHERE error_group.id = ?1 AND g.id = ?1
      """, id, names.type, names.text, names.culprit, level, first, last, count)
  }
}
