import LineStore
package import LogModel
import Recomputation
import SQLite
package import Storage

/// Takes a source's lines, and all that was derived from them, out of the store.
///
/// What stays is what a store without these lines would hold. The caller holds the run's lock.
package enum Forgetting {
  /// What was taken out.
  package struct Removed: Sendable, Equatable {
    /// Generations.
    package var files = 0
    package var lines: Int64 = 0
    package var records: Int64 = 0
    package var bytes: Int64 = 0
    /// Files of other sources whose first lines were stored as these.
    package var beginnings: [Beginning] = []
  }

  /// A file that began with what another source's had said before.
  package struct Beginning: Sendable, Equatable {
    package var source: String
    package var path: Path
  }

  /// What becomes of the row of `source`: its id does not come back either way.
  package enum Remainder: Sendable {
    case nothing
    /// The source stays, and its next line has the number that it would have had.
    case source(format: String?)
  }

  package static func forget(
    _ source: SourceRow, leaving remainder: Remainder, in store: borrowing Store
  ) throws(StorageError) -> Removed {
    // Nobody else adds or removes lines meanwhile, so the long part needs no transaction.
    let turns = try store.wrap { db throws(SQLiteError) in
      try TurnRemainder(without: source.id, reading: db)
    }
    let beginnings = try store.wrap { db throws(SQLiteError) in
      try SharedBeginnings(without: source.id, reading: db)
    }
    return try store.write { db throws(SQLiteError) in
      let errors = try ErrorTable().fingerprints(in: db)
      var removed = try removed(source.id, db)
      removed.beginnings = beginnings.files
      try beginnings.write(to: db)
      try turns.clear(db)
      try removeLines(source.id, db)
      try turns.write(to: db)
      try removeUnused(db)
      try PatternTable().remove(source: source.id, in: db)
      switch remainder {
      case .nothing:
        try ErrorDecisions().remove(unused: errors, in: db)
        try GaugeTable().remove(source: source.id, in: db)
        try SourceTable().remove(id: source.id, in: db)
      case .source(let format):
        try SourceTable().empty(id: source.id, format: format, in: db)
      }
      return removed
    }
  }

  private static func removed(
    _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Removed {
    var removed = Removed()
    do {
      var row = try db.prepare(
        """
        SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(bytes_stored + open_bytes), 0)
        FROM file WHERE source = ?
        """)
      try row.bind(1, source)
      if try row.step() {
        removed.files = row.int(0)
        removed.lines = row.integer(1)
        removed.bytes = row.integer(2)
      }
    }
    removed.records =
      try db.integer(
        """
        SELECT coalesce(sum(count), 0) - (SELECT coalesce(sum(lines), 0) FROM thinned WHERE chunk >> 36 = ?1)
        FROM chunk WHERE source = ?1
        """, source) ?? 0
    return removed
  }

  private static func removeLines(
    _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    let first = LineIdentifier.make(source: source, number: 0)
    let end = LineIdentifier.make(source: source + 1, number: 0)
    try db.run("DELETE FROM template_use WHERE chunk >= ? AND chunk < ?", first, end)
    try db.run("DELETE FROM chunk_word WHERE chunk >= ? AND chunk < ?", first, end)
    try db.run("DELETE FROM chunk WHERE first_id >= ? AND first_id < ?", first, end)
    try db.run("DELETE FROM extent WHERE first_id >= ? AND first_id < ?", first, end)
    try db.run("DELETE FROM line_count WHERE source = ?", source)
    try PrunedTable().remove(source: source, in: db)
    try TurnTable().remove(source: source, in: db)
    var errors = ErrorTable()
    var keys = ErrorKeys()
    try errors.remove(source: source, in: db) { line, db throws(SQLiteError) in
      try keys.key(ofLine: line, in: db)
    }
    try db.run("DELETE FROM error_pending WHERE source = ?", source)
    try MetricRuleTable().remove(source: source, in: db)
    try db.run(
      "DELETE FROM reject WHERE file IN (SELECT id FROM file WHERE source = ?)", source)
    try db.run(
      "DELETE FROM turn_state WHERE file IN (SELECT id FROM file WHERE source = ?)", source)
    try db.run("DELETE FROM file WHERE source = ?", source)
  }

  /// Removes what no line refers to any more.
  static func removeUnused(_ db: borrowing Connection) throws(SQLiteError) {
    var uses = try TemplateUses(reading: db)
    try uses.removeUnused(in: db)
    try db.execute("DELETE FROM layout WHERE id NOT IN (SELECT layout FROM chunk)")
    try db.execute("DELETE FROM excess")
  }
}
