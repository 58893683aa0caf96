import SQLite

// What becomes of the turns in chunks.

extension TurnChunkTable {
  /// Adds turns with ascending ids.
  ///
  /// One whose key is there already takes over what is stored if its rank is higher, and is dropped
  /// otherwise. The same key in another source is another turn.
  func add(_ turns: [PackedTurn], in db: borrowing Connection) throws(SQLiteError) {
    let sources = Set(turns.lazy.map { $0.logID >> 36 }).sorted()
    for source in sources {
      // They are large, and mostly all of one source: then there is one array of them.
      let own = sources.count == 1 ? turns : turns.filter { $0.logID >> 36 == source }
      try add(own, of: source, in: db)
    }
  }

  private func add(
    _ turns: [PackedTurn], of source: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    var new = turns
    var places: [Int64: Int] = [:]
    places.reserveCapacity(turns.count)
    var known: Set<Int> = []
    for (index, turn) in turns.enumerated() {
      if let place = places[turn.key] {
        if new[place].rank < turn.rank { new[place].become(turn) }
        known.insert(index)
      } else {
        places[turn.key] = index
      }
    }
    var extent = Extent.source(source)
    extent.keys = (turns.lazy.map(\.key).min() ?? 0)...(turns.lazy.map(\.key).max() ?? 0)
    for chunk in try chunks(extent, in: db) {
      let stored = try self.keys(of: chunk, in: db).enumerated().compactMap { index, key in
        places[key].map { (index, new: $0) }
      }
      guard !stored.isEmpty else { continue }
      known.formUnion(stored.lazy.map(\.new))
      try edit(chunk, in: db) { turns in
        var isChanged = false
        for (index, place) in stored where turns[index].rank < new[place].rank {
          turns[index].become(new[place])
          isChanged = true
        }
        return isChanged
      }
    }
    if !known.isEmpty { new = new.indices.filter { !known.contains($0) }.map { new[$0] } }
    try append(new, in: db)
  }

  func count(before time: Int64, in db: borrowing Connection) throws(SQLiteError) -> Int64 {
    var count: Int64 = 0
    for chunk in try chunks(Extent(times: .min...(time - 1)), in: db) {
      let whole = try db.integer(
        "SELECT count FROM turn_chunk WHERE first_id = ? AND max_us < ?", chunk, time)
      if let whole {
        count += whole
      } else {
        for turn in try turns(of: chunk, in: db) where turn.time < time { count += 1 }
      }
    }
    return count
  }

  /// Takes out turns before `time`: some `limit` of them, if there are so many; how many.
  func remove(
    before time: Int64, limit: Int, in db: borrowing Connection
  ) throws(SQLiteError) -> Int {
    var count = 0
    for chunk in try chunks(Extent(times: .min...(time - 1)), in: db) where count < limit {
      try edit(chunk, in: db) { turns in
        let before = turns.count
        turns.removeAll { $0.time < time }
        count += before - turns.count
        return true
      }
    }
    return count
  }

  /// Puts the numbers of the sessions and names in chunks into temporary tables, `packed_session` and
  /// `packed_label`.
  func noteNames(in db: borrowing Connection) throws(SQLiteError) {
    var sessions: Set<Int64> = []
    var labels: Set<Int64> = []
    for chunk in try chunks(in: db) {
      for turn in try turns(of: chunk, in: db) {
        if let session = turn[.session] { sessions.insert(session) }
        for column in PackedTurn.Column.labels {
          if let label = turn[column] { labels.insert(label) }
        }
      }
    }
    for (table, ids) in [("packed_session", sessions), ("packed_label", labels)] {
      try db.execute("CREATE TEMP TABLE \(table)(id INTEGER PRIMARY KEY)")
      let sorted = ids.sorted()
      try db.insertRows(sorted.count, into: "\(table)(id)", columns: 1) {
        statement, first, index throws(SQLiteError) in
        try statement.bind(first, sorted[index])
      }
    }
  }

  /// Puts other numbers of `turn_label` and `session` in the place of those that turns hold.
  func renumber(
    labels: [Int64: Int64], sessions: [Int64: Int64], in db: borrowing Connection
  ) throws(SQLiteError) {
    guard !(labels.isEmpty && sessions.isEmpty) else { return }
    for chunk in try chunks(in: db) {
      try edit(chunk, in: db) { turns in
        var isChanged = false
        for index in turns.indices {
          if let session = turns[index][.session], let other = sessions[session] {
            turns[index][.session] = other
            isChanged = true
          }
          for column in PackedTurn.Column.labels {
            guard let label = turns[index][column], let other = labels[label] else { continue }
            turns[index][column] = other
            isChanged = true
          }
        }
        return isChanged
      }
    }
  }
}

extension PackedTurn {
  /// Takes over what another record of the same turn says.
  fileprivate mutating func become(_ other: PackedTurn) {
    let id = self.id
    self = other
    self.id = id
  }
}
