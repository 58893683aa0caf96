import LogModel
package import SQLite

/// The dictionary as the store has it, templates in the order of their ids.
package struct StoredDictionary: Sendable {
  package var templates: [(template: StoredTemplate, skeleton: Int64, hash: UInt64?)] = []
  package var skeletons: [(id: Int64, count: Int)] = []

  package init() {}
}

extension StoredDictionary {
  /// The dictionary of the store, in the order of the ids.
  package init(reading db: borrowing Connection) throws(SQLiteError) {
    self.init()
    do {
      var statement = try db.prepare(
        """
        SELECT id, coalesce(sum(count), 0) FROM skeleton LEFT JOIN skeleton_source ON skeleton = id
        GROUP BY id
        """)
      while try statement.step() { skeletons.append((statement.integer(0), statement.int(1))) }
    }
    var statement = try db.prepare(
      "SELECT id, pattern, coalesce(level, 0), timed, hash, text, coalesce(base, 0), skeleton FROM template ORDER BY id"
    )
    while try statement.step() {
      let template = StoredTemplate(
        id: statement.integer(0), pattern: statement.integer(1), level: UInt8(statement.int(2)),
        base: statement.integer(6), timed: statement.int(3) != 0, text: statement.bytes(5))
      templates.append(
        (
          template, statement.integer(7),
          statement.optionalInteger(4).map { UInt64(bitPattern: $0) }
        ))
    }
  }
}

extension TimeLayout {
  /// The layout in columns `kind, sep, point, digits, offset_s, suffix` from `first` on.
  init(_ statement: borrowing Statement, from first: Int32) {
    self.init(
      kind: Kind(rawValue: UInt8(truncatingIfNeeded: statement.int(first))) ?? .none,
      separator: statement.text(first + 1).utf8.first ?? 0,
      point: statement.text(first + 2).utf8.first ?? 0,
      digits: UInt8(truncatingIfNeeded: statement.int(first + 3)),
      offsetSeconds: Int32(truncatingIfNeeded: statement.int(first + 4)),
      suffix: Suffix(statement.text(first + 5)) ?? Suffix())
  }
}
