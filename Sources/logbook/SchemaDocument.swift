import Reporting
import SQLite

/// What `schema` prints: the views that people use first, then the tables.
enum SchemaDocument {
  struct Relation {
    var name: String
    var kind: String
    var meaning: String?
    var columns: [(name: String, type: String, meaning: String?)]

    func write(to sink: TextSink) {
      sink.write("  {\"name\":")
      sink.writeJSON(name)
      sink.write(",\"kind\":")
      sink.writeJSON(kind)
      if let meaning {
        sink.write(",\"meaning\":")
        sink.writeJSON(meaning)
      }
      sink.write(",\"columns\":[")
      for (index, column) in columns.enumerated() {
        sink.write(index == 0 ? "\n    {\"name\":" : ",\n    {\"name\":")
        sink.writeJSON(column.name)
        sink.write(",\"type\":")
        sink.writeJSON(column.type)
        if let meaning = column.meaning {
          sink.write(",\"meaning\":")
          sink.writeJSON(meaning)
        }
        sink.write("}")
      }
      sink.write("]}")
    }
  }

  static func relations(of db: borrowing Connection) throws(SQLiteError) -> [Relation] {
    var relations: [Relation] = []
    var statement = try db.prepare(
      """
      SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
      ORDER BY type DESC, name
      """)
    while try statement.step() {
      let name = statement.text(0)
      let comments = comments(statement.text(2))
      let known = viewMeanings[name]
      var columns: [(name: String, type: String, meaning: String?)] = []
      var info = try db.prepare("SELECT name, type FROM pragma_table_info(?)")
      try info.bind(1, name)
      while try info.step() {
        let column = info.text(0)
        columns.append((column, info.text(1), known?.columns[column] ?? comments[column]))
      }
      relations.append(
        Relation(
          name: name, kind: statement.text(1), meaning: known?.meaning ?? comments[""],
          columns: columns))
    }
    return relations
  }

  /// The comments in a table's SQL, by column: SQLite keeps the statement as it was written.
  private static func comments(_ sql: String) -> [String: String] {
    var found: [String: String] = [:]
    for line in sql.split(separator: "\n").dropFirst() {
      let text = String(line)
      guard let dash = text.firstRange(of: "-- ") else { continue }
      let column = text.split(separator: " ").first.map(String.init) ?? ""
      found[column] = String(text[dash.upperBound...])
    }
    return found
  }

  private static let viewMeanings: [String: (meaning: String, columns: [String: String])] = [
    "log": (
      "Every line. In the shell, prune by time with chunk IN (SELECT first_id FROM chunk WHERE max_us >= A AND min_us < B).",
      [
        "id": "source << 36 | number; never changes, never reused; in file order within a source",
        "time": "UTC, fixed width YYYY-MM-DDTHH:MM:SS.ffffffZ",
        "time_us":
          "microseconds since 1970 UTC; a line without a time has that of the line before it",
        "level": "trace, debug, info, warn, error, fatal, or NULL",
        "source": "the source's name",
        "pattern_id": "patterns.id",
        "message": "the record as it stood in the file, less its line end",
        "chunk": "chunk.first_id, for pruning",
      ]
    ),
    "log_row": ("What log is made from: a row for each line, nothing formatted yet.", [:]),
    "files": ("How far each file has been read, a row for each generation.", [:]),
    "runs": ("What each ingest did.", [:]),
    "rejects": ("Records that could not be taken as they are, with file, offset and reason.", [:]),
    "patterns": (
      "Lines that differ only in numbers, names and the like, counted.",
      ["share": "of all lines, 0 to 1", "level": "the highest seen"]
    ),
    "volume": (
      "Lines by minute, source and level.",
      ["time": "the beginning of the minute, UTC", "lines": "records in that minute"]
    ),
  ]
}
