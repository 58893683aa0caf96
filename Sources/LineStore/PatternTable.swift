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
    let texts = PatternAssignment.patterns(
      of: skeletons.map { ($0.text, $0.isCounted) }, pins: try pins(db))
    var left: [Int64: [(skeleton: Int64, pattern: Int64)]] = [:]
    var changed: Set<Int64> = []
    for (skeleton, text) in zip(skeletons, texts) {
      let id = PatternText.id(of: text)
      guard skeleton.pattern != id else { continue }
      if changed.insert(id).inserted {
        try db.run(
          "INSERT OR IGNORE INTO pattern(id, text, first_us, last_us, count) VALUES(?, ?, 0, 0, 0)",
          id, text)
      }
      if skeleton.pattern == 0 {
        try db.run(
          "INSERT INTO skeleton(id, pattern, text) VALUES(?, ?, ?)", skeleton.id, id, skeleton.text)
      } else {
        try db.run("UPDATE skeleton SET pattern = ? WHERE id = ?", id, skeleton.id)
        try db.run("UPDATE template SET pattern = ? WHERE skeleton = ?", id, skeleton.id)
        left[skeleton.pattern, default: []].append((skeleton.id, id))
      }
    }
    for (pattern, moves) in left.sorted(by: { $0.key < $1.key }) {
      changed.insert(pattern)
      try replace(pattern, by: moves, db)
    }
    try addUp(changed, in: db)
  }

  /// Removes a pattern that has no skeleton any more; its id goes on as that of the pattern which has
  /// most of its lines now.
  private func replace(
    _ pattern: Int64, by moves: [(skeleton: Int64, pattern: Int64)], _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard try db.integer("SELECT 1 FROM skeleton WHERE pattern = ? LIMIT 1", pattern) == nil else {
      return
    }
    var lines: [Int64: Int64] = [:]
    for move in moves {
      lines[move.pattern, default: 0] +=
        try db.integer(
          "SELECT sum(count) FROM skeleton_source WHERE skeleton = ?", move.skeleton) ?? 0
    }
    let heir = lines.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    guard let heir else { return }
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

  /// Takes skeletons out of the patterns all of whose lines are gone, and are in no count any more.
  package func removeUncounted(in db: borrowing Connection) throws(SQLiteError) {
    var touched: [Int64] = []
    do {
      var row = try db.prepare(
        """
        SELECT DISTINCT pattern FROM skeleton WHERE id IN
          (SELECT skeleton FROM skeleton_source WHERE count <= 0)
        """)
      while try row.step() { touched.append(row.integer(0)) }
    }
    try db.run("DELETE FROM skeleton_source WHERE count <= 0")
    try remake(touched, in: db)
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
