import Patterns
package import SQLite

/// Other texts for what patterns are made of.
package struct PatternRenaming: Sendable, Equatable {
  /// The new texts of skeletons, by the ids that they have now.
  package var skeletons: [Int64: String] = [:]
  /// The new texts of pins, by their old ones.
  package var pins: [String: String] = [:]
  /// Patterns whose ids are not to lead on to others.
  package var withdrawn: Set<Int64> = []

  package init() {}

  package var isEmpty: Bool { skeletons.isEmpty && pins.isEmpty }

  /// The new texts without those that are themselves to have others: none is both old and new.
  fileprivate var resolved: [(old: Int64, new: Int64, text: String)] {
    skeletons.sorted { $0.key < $1.key }.compactMap { old, text in
      var text = text
      for _ in skeletons {
        guard let next = skeletons[PatternText.id(of: text)] else { break }
        text = next
      }
      let new = PatternText.id(of: text)
      return skeletons[new] == nil ? (old, new, text) : nil
    }
  }
}

extension PatternTable {
  /// Gives skeletons and pins other texts, and makes the patterns anew; lines and counts go along.
  ///
  /// Ids are hashes of texts, so they change, too. What led to the pattern of a skeleton that is
  /// renamed leads nowhere from then on: nothing tells what the texts of those ids were.
  package func rename(
    _ renaming: PatternRenaming, in db: borrowing Connection
  ) throws(SQLiteError) {
    for (old, new) in renaming.pins {
      _ = try unpin(old, in: db)
      try pin(new, in: db)
    }
    try db.execute("CREATE TEMP TABLE renamed(old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
    for skeleton in renaming.resolved {
      try db.run("INSERT INTO renamed VALUES(?, ?)", skeleton.old, skeleton.new)
      try db.run(
        "INSERT OR IGNORE INTO skeleton(id, pattern, text) SELECT ?2, pattern, ?3 FROM skeleton WHERE id = ?1",
        skeleton.old, skeleton.new, skeleton.text)
    }
    try db.execute(Self.carryOver)
    try merge(in: db)
    try addUp(try patterns(db), in: db)
    for pattern in renaming.withdrawn {
      try db.run("DELETE FROM pattern_alias WHERE old = ?", pattern)
    }
    try removeUnused(in: db)
  }

  private static let carryOver = """
    DELETE FROM pattern_alias WHERE pattern IN (SELECT pattern FROM skeleton JOIN renamed ON old = id);
    INSERT INTO skeleton_source(skeleton, source, level, first_us, last_us, count)
      SELECT new, source, level, min(first_us), max(last_us), sum(count)
      FROM skeleton_source, renamed WHERE old = skeleton GROUP BY 1, 2, 3
      ON CONFLICT DO UPDATE SET first_us = min(first_us, excluded.first_us),
        last_us = max(last_us, excluded.last_us), count = count + excluded.count;
    INSERT INTO skeleton_minute(hour, source, level, skeleton, lines)
      SELECT hour, source, level, skeleton, json_group_object(minute - 60 * hour, count) FROM (
        SELECT hour, source, level, coalesce(new, skeleton) AS skeleton, minute, sum(count) AS count
        FROM skeleton_count LEFT JOIN renamed ON old = skeleton
        WHERE skeleton IN (SELECT old FROM renamed UNION SELECT new FROM renamed)
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5)
      GROUP BY 1, 2, 3, 4
      ON CONFLICT DO UPDATE SET lines = excluded.lines;
    INSERT INTO skeleton_hour(hour, source, level, skeleton, \(HourCount.columns))
      SELECT hour, source, level, new, \(HourCount.sums)
      FROM skeleton_hour, renamed WHERE old = skeleton GROUP BY 1, 2, 3, 4
      ON CONFLICT DO UPDATE SET \(HourCount.addition);
    UPDATE template SET (skeleton, pattern) = (
        SELECT k.id, k.pattern FROM renamed JOIN skeleton k ON k.id = new WHERE old = template.skeleton)
      WHERE skeleton IN (SELECT old FROM renamed);
    DELETE FROM skeleton_source WHERE skeleton IN (SELECT old FROM renamed);
    DELETE FROM skeleton_minute WHERE skeleton IN (SELECT old FROM renamed);
    DELETE FROM skeleton_hour WHERE skeleton IN (SELECT old FROM renamed);
    DELETE FROM skeleton WHERE id IN (SELECT old FROM renamed);
    DROP TABLE renamed;
    """

  private func patterns(_ db: borrowing Connection) throws(SQLiteError) -> [Int64] {
    var patterns: [Int64] = []
    var row = try db.prepare("SELECT id FROM pattern")
    while try row.step() { patterns.append(row.integer(0)) }
    return patterns
  }
}
