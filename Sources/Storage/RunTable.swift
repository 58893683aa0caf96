package import SQLite

/// A row of `run`: what one ingest did.
package struct RunRow: Sendable {
  package var id: Int64
  package var started: Int64
  package var ended: Int64?
  package var process: Int32
  package var files = 0
  package var lines = 0
  package var bytes: Int64 = 0
  package var records = 0
  package var rejects = 0
  package var lostBytes: Int64 = 0
  package var holeBytes: Int64 = 0
  package var cutBytes: Int64 = 0
  package var sanitized = 0
  package var damaged = 0
  package var error: String?

  package init(id: Int64, started: Int64, process: Int32) {
    self.id = id
    self.started = started
    self.process = process
  }
}

package struct RunTable {
  package init() {}

  package func nextID(in db: borrowing Connection) throws(SQLiteError) -> Int64 {
    (try db.integer("SELECT max(id) FROM run") ?? 0) + 1
  }

  package func write(_ run: RunRow, in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      """
      INSERT INTO run(id, started_us, ended_us, pid, files, lines, bytes, records, rejects, lost_bytes, error,
        hole_bytes, cut_bytes, sanitized, damaged)
      VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
      ON CONFLICT(id) DO UPDATE SET ended_us = ?3, files = ?5, lines = ?6, bytes = ?7, records = ?8,
        rejects = ?9, lost_bytes = ?10, error = ?11, hole_bytes = ?12, cut_bytes = ?13, sanitized = ?14,
        damaged = ?15
      """,
      run.id, run.started, run.ended, Int(run.process), run.files, run.lines, run.bytes,
      run.records, run.rejects, run.lostBytes, run.error, run.holeBytes, run.cutBytes,
      run.sanitized,
      run.damaged)
  }

  /// Whether `note` would write something.
  package func isNew(
    _ problem: String?, in db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    try db.text("SELECT problem FROM run ORDER BY id DESC LIMIT 1") != problem
  }

  /// Says what kept run `id`, the last one, from reading; of a run that has stored nothing, 0, a row is added.
  package func note(
    _ problem: String?, ofRun id: Int64, at time: Int64, process: Int32,
    in db: borrowing Connection
  ) throws(SQLiteError) {
    var id = id
    if id == 0 {
      var run = RunRow(id: try nextID(in: db), started: time, process: process)
      (run.ended, id) = (time, run.id)
      try write(run, in: db)
    }
    try db.run("UPDATE run SET problem = ? WHERE id = ?", problem, id)
  }
}

/// A record that could not be taken as it is.
package struct RejectRow: Sendable {
  /// Of a file.
  package static let most = 100

  package var file: Int64
  /// Nil where a stored line was counted anew that may be others in the file.
  package var offset: Int64?
  package var line: Int64?
  package var reason: String
  /// The beginning of the record's text.
  package var text: String

  package init(file: Int64, offset: Int64?, line: Int64?, reason: String, text: String) {
    self.file = file
    self.offset = offset
    self.line = line
    self.reason = reason
    self.text = text
  }

  package func insert(in db: borrowing Connection) throws(SQLiteError) {
    try db.run(
      "INSERT INTO reject(file, offset, log_id, reason, text) VALUES(?, ?, ?, ?, ?)", file, offset,
      line, reason, text)
  }

  /// Why the value of a metric is not counted: without the value, which the text has, where what is purged is found.
  package static func reason(metric: String, isTooLarge: Bool) -> String {
    "metric \(metric): its value \(isTooLarge ? "is beyond 10^18" : "is no number")"
  }

  /// Takes out what was told of values of a metric.
  static func remove(metric: String, in db: borrowing Connection) throws(SQLiteError) {
    let reasons = [true, false].map { reason(metric: metric, isTooLarge: $0) }
    try db.run(
      """
      UPDATE file SET rejects = max(0, rejects - n.count) FROM (
        SELECT file AS id, count(*) AS count FROM reject WHERE reason IN (?, ?) GROUP BY file) n
      WHERE n.id = file.id
      """, reasons[0], reasons[1])
    try db.run("DELETE FROM reject WHERE reason IN (?, ?)", reasons[0], reasons[1])
  }

  /// Stores what was told when a file's stored lines were counted anew: up to as many rows as there may be, of
  /// the first of `count`.
  package static func add(
    _ rows: [RejectRow], of count: Int, inFile file: Int64, in db: borrowing Connection
  ) throws(SQLiteError) {
    guard count > 0 else { return }
    let known = try db.integer("SELECT count(*) FROM reject WHERE file = ?", file) ?? 0
    for row in rows.prefix(max(0, most - Int(known))) { try row.insert(in: db) }
    try db.run("UPDATE file SET rejects = rejects + ? WHERE id = ?", Int64(count), file)
  }
}
