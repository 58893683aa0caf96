import Patterns
package import SQLite

/// The rows of `pattern` and `skeleton`: which skeleton is of which pattern, and what patterns add up to.
///
/// After each of these calls the patterns are what `PatternMerge` makes of the skeletons that have
/// lines, whatever the order in which they came.
package struct PatternTable {
  private struct Skeleton {
    var id: Int64
    /// 0 for none yet.
    var pattern: Int64
    var text: String
    /// Whether it has lines; those of open records do not count yet.
    var isCounted: Bool
  }

  package init() {}

  /// Adds `drafts`, of which those in `counted` are about to have lines, and merges.
  func add(
    _ drafts: [SkeletonDraft], counted: Set<Int64>, to db: borrowing Connection
  ) throws(SQLiteError) {
    var skeletons = try skeletons(db)
    for index in skeletons.indices where counted.contains(skeletons[index].id) {
      skeletons[index].isCounted = true
    }
    for draft in drafts {
      skeletons.append(
        Skeleton(
          id: draft.id, pattern: 0, text: draft.text, isCounted: counted.contains(draft.id)))
    }
    try merge(skeletons, db)
  }

  /// Makes the patterns anew out of the skeletons that have lines.
  package func merge(in db: borrowing Connection) throws(SQLiteError) {
    try merge(try skeletons(db), db)
  }

  /// Makes all lines that `text` describes one pattern, at the next merge.
  package func pin(_ text: String, in db: borrowing Connection) throws(SQLiteError) {
    try db.run("INSERT OR IGNORE INTO pattern_pin(text) VALUES(?)", text)
  }

  /// False if it was not pinned.
  package func unpin(_ text: String, in db: borrowing Connection) throws(SQLiteError) -> Bool {
    try db.run("DELETE FROM pattern_pin WHERE text = ?", text)
    return db.changes > 0
  }

  private func skeletons(_ db: borrowing Connection) throws(SQLiteError) -> [Skeleton] {
    var skeletons: [Skeleton] = []
    var row = try db.prepare(
      """
      SELECT id, pattern, text, EXISTS (SELECT 1 FROM skeleton_source WHERE skeleton = id)
      FROM skeleton ORDER BY id
      """)
    while try row.step() {
      skeletons.append(
        Skeleton(
          id: row.integer(0), pattern: row.integer(1), text: row.text(2),
          isCounted: row.integer(3) != 0))
    }
    return skeletons
  }

  /// The patterns that users wrote, those that say most first.
  private func pins(_ db: borrowing Connection) throws(SQLiteError) -> [PatternText] {
    var pins: [PatternText] = []
    var row = try db.prepare("SELECT text FROM pattern_pin")
    while try row.step() { pins.append(PatternText(row.text(0))) }
    return pins
  }

  private func merge(
    _ skeletons: [Skeleton], _ db: borrowing Connection
  ) throws(SQLiteError) {
    let moves = try moves(skeletons, db)
    try write(moves.all[...], of: moves, in: db)
  }

  private func moves(
    _ skeletons: [Skeleton], _ db: borrowing Connection
  ) throws(SQLiteError) -> PatternMoves {
    let texts = PatternAssignment.patterns(
      of: skeletons.map { ($0.text, $0.isCounted) }, pins: try pins(db))
    var moves = PatternMoves()
    var lines = try db.prepare("SELECT sum(count) FROM skeleton_source WHERE skeleton = ?")
    for (skeleton, text) in zip(skeletons, texts) {
      let id = PatternText.id(of: text)
      guard skeleton.pattern != id else { continue }
      let move = PatternMoves.Move(
        skeleton: skeleton.id, text: skeleton.text, from: skeleton.pattern, to: id, pattern: text)
      try lines.bind(1, skeleton.id)
      moves.add(move, lines: try lines.step() ? lines.integer(0) : 0)
      lines.reset()
    }
    return moves
  }

  /// What a merge moves once these skeletons are removed as uncounted; it takes a while where there are many.
  package func moves(
    without uncounted: [Int64], in db: borrowing Connection
  ) throws(SQLiteError) -> PatternMoves {
    let uncounted = Set(uncounted)
    var left: [Skeleton] = []
    for var skeleton in try skeletons(db) {
      if uncounted.contains(skeleton.id) {
        // Another source or level may count it.
        skeleton.isCounted =
          try db.integer(
            "SELECT 1 FROM skeleton_source WHERE skeleton = ? AND count > 0 LIMIT 1", skeleton.id)
          != nil
        let isUsed = try db.integer(
          "SELECT 1 FROM template WHERE skeleton = ? LIMIT 1", skeleton.id)
        guard skeleton.isCounted || isUsed != nil else { continue }
      }
      left.append(skeleton)
    }
    return try moves(left, db)
  }

  /// Makes some of the moves.
  package func write(
    _ part: ArraySlice<PatternMoves.Move>, of moves: PatternMoves, in db: borrowing Connection
  ) throws(SQLiteError) {
    var changed: Set<Int64> = []
    var left: Set<Int64> = []
    for move in part {
      if changed.insert(move.to).inserted {
        try db.run(
          "INSERT OR IGNORE INTO pattern(id, text, first_us, last_us, count) VALUES(?, ?, 0, 0, 0)",
          move.to, move.pattern)
      }
      if move.from == 0 {
        try db.run(
          "INSERT INTO skeleton(id, pattern, text) VALUES(?, ?, ?)", move.skeleton, move.to,
          move.text)
      } else {
        try db.run("UPDATE skeleton SET pattern = ? WHERE id = ?", move.to, move.skeleton)
        try db.run("UPDATE template SET pattern = ? WHERE skeleton = ?", move.to, move.skeleton)
        left.insert(move.from)
      }
    }
    for pattern in left.sorted() {
      changed.insert(pattern)
      if let heir = moves.heirs[pattern]?.pattern { try replace(pattern, by: heir, db) }
    }
    try addUp(changed, in: db)
  }

  /// Removes a pattern that has no skeleton any more; its id goes on as that of the pattern which has
  /// most of its lines now.
  private func replace(
    _ pattern: Int64, by heir: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard try db.integer("SELECT 1 FROM skeleton WHERE pattern = ? LIMIT 1", pattern) == nil else {
      return
    }
    try db.run("UPDATE pattern_alias SET pattern = ? WHERE pattern = ?", heir, pattern)
    try db.run(
      """
      INSERT INTO pattern_alias(old, pattern) SELECT ?1, ?2
      WHERE EXISTS (SELECT 1 FROM pattern WHERE id = ?1 AND count > 0)
      ON CONFLICT DO UPDATE SET pattern = excluded.pattern
      """, pattern, heir)
    try db.run("DELETE FROM pattern WHERE id = ?", pattern)
  }

  /// Writes what `patterns` add up to; an id that is one again is no other's old one.
  package func addUp(
    _ patterns: some Sequence<Int64>, in db: borrowing Connection
  ) throws(SQLiteError) {
    for pattern in patterns {
      try db.run(
        """
        UPDATE pattern SET (level, first_us, last_us, count) = (
          SELECT nullif(max(c.level), 0), coalesce(min(c.first_us), 0), coalesce(max(c.last_us), 0),
            coalesce(sum(c.count), 0)
          FROM skeleton k JOIN skeleton_source c ON c.skeleton = k.id WHERE k.pattern = ?1)
        WHERE id = ?1
        """, pattern)
      try db.run(
        """
        DELETE FROM pattern_alias WHERE old = ?1 AND EXISTS (SELECT 1 FROM pattern WHERE id = ?1)
        """, pattern)
    }
  }

  /// Takes a source out of the patterns; templates without lines are gone by now.
  package func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    var touched: [Int64] = []
    do {
      var row = try db.prepare(
        """
        SELECT DISTINCT pattern FROM skeleton WHERE id IN
          (SELECT skeleton FROM skeleton_source WHERE source = ?)
        """)
      try row.bind(1, source)
      while try row.step() { touched.append(row.integer(0)) }
    }
    try db.run("DELETE FROM skeleton_minute WHERE source = ?", source)
    try db.run("DELETE FROM skeleton_hour WHERE source = ?", source)
    try db.run("DELETE FROM skeleton_source WHERE source = ?", source)
    try remake(touched, in: db)
  }

  /// The skeletons that some source and level, or all, count no line of any more.
  package func uncounted(in db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    var ids: [Int64] = []
    var row = try db.prepare(
      """
      SELECT skeleton FROM skeleton_source WHERE count <= 0
      UNION SELECT id FROM skeleton WHERE id NOT IN (SELECT skeleton FROM skeleton_source)
        AND id NOT IN (SELECT skeleton FROM template)
      """)
    while try row.step() { ids.append(row.integer(0)) }
    return ids
  }

  /// Takes out of `skeletons` those that are uncounted, and patterns that had no other; those in `touched` add up to less.
  ///
  /// A merge is to follow.
  package func remove(
    uncounted skeletons: some Sequence<Int64>, touching touched: inout Set<Int64>,
    in db: borrowing Connection
  ) throws(SQLiteError) {
    for id in skeletons {
      try db.run("DELETE FROM skeleton_source WHERE skeleton = ? AND count <= 0", id)
      guard let pattern = try db.integer("SELECT pattern FROM skeleton WHERE id = ?", id) else {
        continue
      }
      touched.insert(pattern)
      try db.run(
        """
        DELETE FROM skeleton WHERE id = ?1
          AND NOT EXISTS (SELECT 1 FROM skeleton_source WHERE skeleton = ?1)
          AND NOT EXISTS (SELECT 1 FROM template WHERE skeleton = ?1)
        """, id)
      guard try db.integer("SELECT 1 FROM skeleton WHERE pattern = ? LIMIT 1", pattern) == nil
      else { continue }
      try db.run("DELETE FROM pattern_alias WHERE pattern = ?", pattern)
      try db.run("DELETE FROM pattern WHERE id = ?", pattern)
    }
  }

  /// Makes the patterns anew where skeletons have lost their lines; those in `touched` add up to less.
  private func remake(_ touched: [Int64], in db: borrowing Connection) throws(SQLiteError) {
    try db.execute(
      """
      DELETE FROM skeleton WHERE id NOT IN (SELECT skeleton FROM skeleton_source)
        AND id NOT IN (SELECT skeleton FROM template);
      """)
    try merge(in: db)
    try addUp(touched, in: db)
    try removeUnused(in: db)
  }

  /// Removes patterns of no skeleton.
  func removeUnused(in db: borrowing Connection) throws(SQLiteError) {
    try db.execute(
      """
      DELETE FROM pattern_alias WHERE pattern NOT IN (SELECT pattern FROM skeleton);
      DELETE FROM pattern WHERE id NOT IN (SELECT pattern FROM skeleton);
      """)
  }
}
