package import SQLite
import LogModel

extension GaugeTable {
  /// Gives labels other values; gauges that become equal are one then.
  ///
  /// Values for which `replace` returns nil stay. The result is how many gauges were changed.
  package func replaceLabels(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Int {
    let changed = try changedLabels(in: db, replace)
    for (id, labels) in changed {
      let other = try db.integer(
        """
        SELECT o.id FROM gauge g JOIN gauge o ON o.metric = g.metric AND o.source = g.source AND o.labels = ?
        WHERE g.id = ?
        """, labels, id)
      if let other {
        try move(id, to: other, db)
      } else {
        try db.run("UPDATE gauge SET labels = ? WHERE id = ?", labels, id)
      }
    }
    return changed.count
  }

  /// How many gauges have labels for whose values `replace` returns others.
  package func countLabels(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> Int {
    try changedLabels(in: db, replace).count
  }

  private func changedLabels(
    in db: borrowing Connection, _ replace: (String) -> String?
  ) throws(SQLiteError) -> [(id: Int64, labels: String)] {
    var changed: [(id: Int64, labels: String)] = []
    var row = try db.prepare("SELECT id, labels FROM gauge WHERE labels <> '{}' ORDER BY id")
    while try row.step() {
      let pairs = try pairs(row.text(1), db)
      let new = pairs.map { ($0.name, replace($0.value) ?? $0.value) }
      if zip(pairs, new).contains(where: { $0.value != $1.1 }) {
        changed.append((row.integer(0), LabelText.object(new)))
      }
    }
    return changed
  }

  private func move(
    _ gauge: Int64, to other: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var points: [Point] = []
    var chunks: [Int64] = []
    do {
      var row = try db.prepare("SELECT id FROM gauge_chunk WHERE gauge = ?")
      try row.bind(1, gauge)
      while try row.step() { chunks.append(row.integer(0)) }
    }
    for chunk in chunks { points += try self.points(of: chunk, in: db) }
    do {
      var row = try db.prepare("SELECT time_us, value FROM gauge_sample WHERE gauge = ?")
      try row.bind(1, gauge)
      while try row.step() { points.append((row.integer(0), row.real(1))) }
    }
    for table in ["gauge_chunk", "gauge_sample"] {
      try db.run("DELETE FROM \(table) WHERE gauge = ?", gauge)
    }
    try db.run("DELETE FROM gauge WHERE id = ?", gauge)
    for point in points {
      try unpack(other, around: point.time, db)
      try write(point, of: other, db)
    }
    try pack(db)
  }
}
