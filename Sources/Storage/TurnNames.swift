package import SQLite

/// Puts other names in the place of those that turns and sessions hold.
package struct TurnNames {
  package init() {}

  /// Replaces the names for which `replace` returns another, inside the caller's transaction; how
  /// many they are.
  ///
  /// Where the other name is there already, both become one.
  package func replace(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Int {
    let labels = try changed("SELECT id, text FROM turn_label", db, replace)
    var renumbered: (labels: [Int64: Int64], sessions: [Int64: Int64]) = ([:], [:])
    for (id, name) in labels {
      guard let known = try db.integer("SELECT id FROM turn_label WHERE text = ?", name) else {
        try db.run("UPDATE turn_label SET text = ? WHERE id = ?", name, id)
        continue
      }
      renumbered.labels[id] = known
      for (table, column) in Self.labelled {
        try db.run("UPDATE \(table) SET \(column) = ? WHERE \(column) = ?", known, id)
      }
      try db.run("DELETE FROM turn_label WHERE id = ?", id)
    }
    let sessions = try changed("SELECT id, key FROM session", db, replace)
    for (id, name) in sessions {
      guard let known = try db.integer("SELECT id FROM session WHERE key = ?", name) else {
        try db.run("UPDATE session SET key = ? WHERE id = ?", name, id)
        continue
      }
      renumbered.sessions[id] = known
      try db.run("UPDATE turn_row SET session = ? WHERE session = ?", known, id)
      try db.run("DELETE FROM session WHERE id = ?", id)
    }
    try TurnChunkTable().renumber(
      labels: Self.followed(renumbered.labels), sessions: Self.followed(renumbered.sessions),
      in: db)
    let requests = try changed(
      "SELECT id, request_id FROM turn_row WHERE request_id IS NOT NULL", db, replace)
    for (id, name) in requests {
      try db.run("UPDATE turn_row SET request_id = ? WHERE id = ?", name, id)
    }
    return labels.count + sessions.count + requests.count
  }

  /// How many names there are for which `replace` returns another.
  package func count(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Int {
    try changed("SELECT id, text FROM turn_label", db, replace).count
      + changed("SELECT id, key FROM session", db, replace).count
      + changed("SELECT id, request_id FROM turn_row WHERE request_id IS NOT NULL", db, replace)
      .count
  }

  /// What became of what a number became, to the end.
  private static func followed(_ numbers: [Int64: Int64]) -> [Int64: Int64] {
    numbers.mapValues { number in
      var last = number
      while let next = numbers[last] { last = next }
      return last
    }
  }

  private static let labelled = [
    ("turn_row", "model"), ("turn_row", "agent"), ("turn_row", "failure"), ("turn_row", "consumer"),
    ("turn_row", "route"), ("turn_row", "tier"), ("session", "agent"), ("turn_row", "project"),
  ]

  private func changed(
    _ query: String, _ db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> [(id: Int64, name: String)] {
    var found: [(id: Int64, name: String)] = []
    var row = try db.prepare(query)
    while try row.step() {
      if let name = replace(row.text(1)) { found.append((row.integer(0), name)) }
    }
    return found
  }
}
