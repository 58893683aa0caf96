import SQLite

extension PruneForecast {
  /// What tables take at least, by name, when what was removed is gone.
  mutating func sizesLeft(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [String: Int64] {
    let all = try Self.allChunks(db).values.reduce(0) { $0 + $1.bytes }
    let bytes = chunks.values.reduce(0) { $0 + $1.bytes }
    let rows = try db.integer("SELECT count(*) FROM skeleton_hour") ?? 0
    let hours = groups?.reduce(0) { $0 + $1.rows } ?? rows
    let used = try usedTemplates(db)
    let known = try db.integer("SELECT count(*) FROM skeleton") ?? 0
    let skeletons = try countedSkeletons(db).map { Int64($0.union(used.values).count) }
    var sizes = try Pruning.tableSizes(db)
    let empty = try Self.emptySizes(db)
    // Rows that lie side by side, and such as are spread: of these, pages stay that are used by a third and more.
    for (tables, left, all, spread) in [
      (["chunk", "chunk_word"], bytes, all, 1),
      (["skeleton_minute", "skeleton_hour", "line_count"], hours, rows, 1),
      (["template"], Int64(used.count), try db.integer("SELECT count(*) FROM template") ?? 0, 2),
      (["skeleton", "skeleton_source", "pattern"], skeletons ?? known, known, 2),
    ] as [([String], Int64, Int64, Double)] {
      let part = min(1, spread * Double(left) / Double(max(1, all)))
      for table in tables {
        guard let size = sizes[table] else { continue }
        sizes[table] = max(Int64(Double(size) * part), empty[table] ?? 0)
      }
    }
    if let templates {
      sizes["chunk_template"] = max(templates.size, empty["chunk_template"] ?? 0)
    }
    return sizes
  }

  /// A page for each table, and for each of its indexes.
  private static func emptySizes(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [String: Int64] {
    var sizes: [String: Int64] = [:]
    var row = try db.prepare(
      "SELECT tbl_name, count(*) * page_size FROM sqlite_schema, pragma_page_size WHERE rootpage > 0 GROUP BY 1"
    )
    while try row.step() { sizes[row.text(0)] = row.integer(1) }
    return sizes
  }

  /// The skeletons of the templates that the lines left use.
  private func usedTemplates(_ db: borrowing Connection) throws(SQLiteError) -> [Int64: Int64] {
    var used: [Int64: Int64] = [:]
    var row = try db.prepare(
      "SELECT c.chunk, t.id, t.skeleton FROM chunk_template c JOIN template t ON t.id = c.template")
    while try row.step() {
      if chunks[row.integer(0)] != nil { used[row.integer(1)] = row.integer(2) }
    }
    return used
  }

  /// Those of the counts that are left; nil where these are all.
  private func countedSkeletons(_ db: borrowing Connection) throws(SQLiteError) -> Set<Int64>? {
    guard let groups else { return nil }
    var skeletons: Set<Int64> = []
    var row = try db.prepare(
      "SELECT skeleton FROM skeleton_hour WHERE hour = ? AND source = ? AND level = ?")
    for group in groups {
      try row.bind(values: group.hour, group.source, group.level)
      while try row.step() { skeletons.insert(row.integer(0)) }
      row.reset()
    }
    return skeletons
  }
}
