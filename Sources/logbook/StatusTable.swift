import Configuration
import LogModel
import Reporting
import SQLite

/// The rows of `status`, a source or a file each.
struct StatusTable {
  private(set) var columns: [String] = []
  private(set) var rows: [[Value]] = []

  /// The query's last column is the id to which `lag` belongs.
  init(_ sql: String, _ db: borrowing Connection, lag: [Int64: ReadingLag.Lag]) throws {
    var statement = try db.prepare(sql)
    let count = statement.columnCount - 1
    columns = (0..<count).map { statement.columnName($0) }
    let bytes = columns.firstIndex(of: "lag_bytes")
    let seconds = columns.firstIndex(of: "lag_s")
    while try statement.step() {
      var values = (0..<count).map { Value(statement, $0) }
      if let lag = lag[statement.integer(count)], let bytes, let seconds {
        values[bytes] = .integer(lag.bytes)
        values[seconds] = .integer(lag.seconds)
      }
      rows.append(values)
    }
  }

  /// A configured source that has never matched a file is a row, so that a wrong path shows.
  mutating func addMissing(_ sources: [Configuration.Source]) {
    let seen = rows.map { $0[0] }
    for source in sources where !seen.contains(.text(source.name)) {
      rows.append(
        columns.map { column in
          switch column {
          case "source": .text(source.name)
          case "last_error": .text("no file matches \(source.paths.joined(separator: ", "))")
          case "last_line", "parsed": .null
          default: .integer(0)
          }
        })
    }
  }

  /// Removes those of `names` that say nothing in any row: none of it, or all lines parsed.
  mutating func removeEmpty(_ names: Set<String>) {
    for index in columns.indices.reversed()
    where names.contains(columns[index])
      && rows.allSatisfy({ [.null, .integer(0), .real(1)].contains($0[index]) })
    {
      columns.remove(at: index)
      for row in rows.indices { rows[row].remove(at: index) }
    }
  }

  /// The numbers as Prometheus reads them, a metric for each column.
  ///
  /// All are gauges: retention makes them smaller.
  var metrics: String {
    var text = ""
    for (index, column) in columns.enumerated() {
      guard let help = Self.help[column] else { continue }
      let name = Self.names[column] ?? "logbook_\(column)"
      text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
      for row in rows {
        guard let value = Self.number(row[index]), case .text(let source) = row[0] else { continue }
        text += "\(name){source=\"\(Self.escaped(source))\"} \(value)\n"
      }
    }
    return text
  }

  static func attention(_ count: Int) -> String {
    """
    # HELP logbook_needs_attention What needs a person, as 'logbook status' says it.
    # TYPE logbook_needs_attention gauge
    logbook_needs_attention \(count)

    """
  }

  private static let names = [
    "lag_s": "logbook_lag_seconds", "last_line": "logbook_last_line_timestamp_seconds",
    "parsed": "logbook_parsed_ratio",
  ]

  private static let help = [
    "files": "Files that are there.", "lines": "Lines of the files.",
    "records": "Rows of log.", "bytes": "Bytes read.", "lag_bytes": "Bytes not read yet.",
    "lag_s": "How long bytes have not been read.", "last_line": "The time of the newest line.",
    "parsed": "Share of lines that are of the source's format.",
    "rejects": "Records that could not be taken as they are.",
    "lost_bytes": "Bytes gone before they were read.", "hole_bytes": "NULs passed over.",
    "cut_bytes": "Bytes behind max_line.", "sanitized": "Lines with bytes that are no text.",
    "damaged": "Archives not read to their end.", "pruned": "Lines gone for their age.",
  ]

  private static func number(_ value: Value) -> String? {
    switch value {
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): Instant.parse(text).map { String(Double($0) / 1e6) }
    case .null, .blob, .json: nil
    }
  }

  private static func escaped(_ label: String) -> String {
    var text = ""
    for character in label.unicodeScalars {
      switch character {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}
