import LogModel
import SQLite

/// Gives a pattern another text, and with it another id; lines and counts go along.
///
/// The old id leads nowhere: it is a hash of the old text.
enum PatternRenaming {
  static func rename(
    _ old: Int64, to text: String, _ db: borrowing Connection
  ) throws(SQLiteError) {
    let new = Int64(SHA256.prefix64(of: text) >> 12)
    guard new != old else { return }
    try db.run(
      """
      INSERT INTO pattern(id, text, level, first_us, last_us, count)
      SELECT ?2, ?3, level, first_us, last_us, count FROM pattern WHERE id = ?1
      ON CONFLICT(id) DO UPDATE SET
        level = nullif(max(coalesce(level, 0), coalesce(excluded.level, 0)), 0),
        first_us = iif(excluded.count = 0, first_us, iif(count = 0, excluded.first_us, min(first_us, excluded.first_us))),
        last_us = max(last_us, excluded.last_us), count = count + excluded.count
      """, old, new, text)
    try db.run(
      """
      INSERT INTO pattern_count(minute, source, level, pattern, count)
      SELECT minute, source, level, ?2, count FROM pattern_count WHERE pattern = ?1
      ON CONFLICT DO UPDATE SET count = count + excluded.count
      """, old, new)
    try db.run("DELETE FROM pattern_count WHERE pattern = ?", old)
    try db.run("UPDATE template SET pattern = ?2 WHERE pattern = ?1", old, new)
    try db.run("UPDATE pattern_alias SET pattern = ?2 WHERE pattern = ?1", old, new)
    try db.run("DELETE FROM pattern WHERE id = ?", old)
  }
}
