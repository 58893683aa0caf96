import ArgumentParsing
import Configuration
import LogModel
import Reporting
import SQLite
import Storage
import Tailing

struct Status: ReadingCommand {
  static let name = "status"
  static let abstract = "Show how far each source has been read."
  static let discussion = """
    lines are those of the files, records the rows of log. lag_bytes is what its files hold beyond what was \
    read; lost_bytes was gone before it could be read, hole_bytes are NULs that were passed over, cut_bytes \
    stood behind max_line; sanitized lines had NUL or bytes that are no text, damaged archives could not be \
    read to their end. A table at a terminal has last_error and what follows it only where there is any.
    """
  static let options = resultOptions
  var result = ResultOptions()

  private static let troubles = [
    "last_error", "rejects", "lost_bytes", "hole_bytes", "cut_bytes", "sanitized", "damaged",
  ]

  /// What the store knows of each source; how much more its files hold is seen on disk.
  private static let sql = """
    SELECT s.name AS source,
      (SELECT count(*) FROM file f WHERE f.source = s.id AND f.state IN ('active', 'finished', 'error')) AS files,
      coalesce(f.lines, 0) AS lines, coalesce(c.records, 0) AS records, coalesce(f.bytes, 0) AS bytes,
      0 AS lag_bytes,
      strftime('%Y-%m-%dT%H:%M:%S', c.last_us/1000000, 'unixepoch') || '.'
        || substr(1000000 + c.last_us%1000000, 2) || 'Z' AS last_line,
      (SELECT error FROM file f WHERE f.source = s.id AND error IS NOT NULL ORDER BY seen_us DESC LIMIT 1)
        AS last_error,
      coalesce(f.rejects, 0) AS rejects, coalesce(f.lost_bytes, 0) AS lost_bytes,
      coalesce(f.hole_bytes, 0) AS hole_bytes, coalesce(f.cut_bytes, 0) AS cut_bytes,
      coalesce(f.sanitized, 0) AS sanitized, coalesce(f.damaged, 0) AS damaged, s.id
    FROM source s
      LEFT JOIN (SELECT source, sum(count) AS records, max(max_us) AS last_us FROM chunk GROUP BY source) c
        ON c.source = s.id
      LEFT JOIN (SELECT source, sum(lines) AS lines, sum(bytes_stored + bytes_skipped + open_bytes) AS bytes,
          sum(rejects) AS rejects, sum(lost_bytes) AS lost_bytes,
          sum(bytes_skipped - bytes_cut) AS hole_bytes, sum(bytes_cut) AS cut_bytes,
          sum(sanitized) AS sanitized, sum(compression IS NOT NULL AND error IS NOT NULL) AS damaged
        FROM file GROUP BY source) f
        ON f.source = s.id
    ORDER BY s.name
    """

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if result.showsSQL { return try show(Self.sql) }
    let workspace = try Workspace(globals)
    let store = try workspace.openForReading()
    let lag = try lag(store)
    var names: [String]
    var rows: [[Value]] = []
    var seen: Set<String> = []
    do {
      var statement = try store.db.prepare(Self.sql)
      let count = statement.columnCount - 1
      names = (0..<count).map { statement.columnName($0) }
      while try statement.step() {
        var values = (0..<count).map { Value(statement, $0) }
        values[5] = .integer(lag[statement.integer(count)] ?? 0)
        seen.insert(statement.text(0))
        rows.append(values)
      }
    }
    // A configured source that has never matched a file is a row, so that a wrong path shows.
    for source in workspace.configuration?.sources ?? [] where !seen.contains(source.name) {
      rows.append([
        .text(source.name), .integer(0), .integer(0), .integer(0), .integer(0), .integer(0),
        .null,
        .text("no file matches \(source.paths.joined(separator: ", "))"), .integer(0), .integer(0),
        .integer(0), .integer(0), .integer(0), .integer(0),
      ])
    }
    var writer = ResultWriter(result)
    if writer.terminalWidth != nil {
      // No trouble is no column.
      for index in names.indices.reversed()
      where Self.troubles.contains(names[index])
        && rows.allSatisfy({ $0[index] == .null || $0[index] == .integer(0) })
      {
        names.remove(at: index)
        for row in rows.indices { rows[row].remove(at: index) }
      }
    }
    writer.begin(names)
    for row in rows where writer.isOpen { writer.row(row) }
    try writer.end()
    return .success
  }

  /// Unread bytes of plain files, by source.
  private func lag(_ store: borrowing Store) throws -> [Int64: Int64] {
    let rows = try store.wrap { db throws(SQLiteError) in try FileTable().present(in: db) }
    var lag: [Int64: Int64] = [:]
    for row in rows where row.state == .active && row.compression == nil {
      guard let status = try? FileStatus(of: row.path), status.inode == row.inode,
        status.device == row.device
      else { continue }
      lag[row.source, default: 0] += max(0, status.size - row.offset - row.openBytes)
    }
    return lag
  }
}
