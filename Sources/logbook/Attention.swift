import Configuration
import LogModel
import Reporting
import Retention
import SQLite
import Storage

/// What nobody but a person can put right.
struct Attention {
  /// Bytes wait so long only where nothing reads them any more.
  private static let patience: Int64 = 3600
  private static let day: Int64 = 86_400_000_000
  /// Of fewer lines nothing is said.
  private static let fewLines = 100

  private(set) var texts: [String] = []

  init(
    _ store: borrowing Store, lag: ReadingLag, configuration: Configuration?, now: Int64
  ) throws {
    var known: Set<String> = []
    do {
      var row = try store.db.prepare("SELECT id, name FROM source ORDER BY name")
      while try row.step() {
        known.insert(row.text(1))
        guard let lag = lag.sources[row.integer(0)], lag.seconds >= Self.patience else { continue }
        texts.append(
          "\(row.text(1)): \(ByteCount(lag.bytes)) have not been read for \(ElapsedTime(microseconds: lag.seconds * 1_000_000)); does the timer run?"
        )
      }
    }
    try addFiles(store.db, now: now)
    if let problem = try store.db.text("SELECT problem FROM run ORDER BY id DESC LIMIT 1") {
      texts.append("the last ingest: \(problem)")
    }
    try addFormats(store.db)
    try addDamage(store, configuration, now: now)
    if let size = configuration?.retention?.size?.bytes,
      let excess = try Pruning.excess(over: size, in: store)
    {
      texts.append(Failure(excess).message)
    }
    for source in configuration?.sources ?? [] where !known.contains(source.name) {
      texts.append("\(source.name): no file matches \(source.paths.joined(separator: ", "))")
    }
  }

  private mutating func addFiles(_ db: borrowing Connection, now: Int64) throws {
    do {
      var row = try db.prepare(
        """
        SELECT CAST(path AS TEXT), error FROM file
        WHERE error IS NOT NULL AND state IN ('active', 'finished', 'error')
          AND (error NOT LIKE 'incomplete%' OR mtime_us < ?) ORDER BY path
        """)
      // One that is being compressed is incomplete for a while.
      try row.bind(1, now - Self.patience * 1_000_000)
      while try row.step() { texts.append("\(row.text(0)): \(row.text(1))") }
    }
    var row = try db.prepare(
      """
      SELECT CAST(path AS TEXT), lost_bytes FROM file WHERE lost_bytes > 0 AND seen_us >= ? ORDER BY path
      """)
    try row.bind(1, now - Self.day)
    while try row.step() {
      texts.append(
        "\(row.text(0)): \(row.integer(1)) bytes were lost today; rotate less often, or read more often"
      )
    }
  }

  /// What makes every `ingest` fail: it writes events into the last chunk of a source, and removes what is old.
  private mutating func addDamage(
    _ store: borrowing Store, _ configuration: Configuration?, now: Int64
  ) throws {
    var damaged: [Int64: String] = [:]
    if let retention = configuration?.retention {
      let all = Pruning.Limits(retention, now: now)
      var limits = Pruning.Limits()
      (limits.lines, limits.keepsErrors, limits.events) = (all.lines, all.keepsErrors, all.events)
      damaged = try Pruning.look(limits, in: store).damaged
    }
    var row = try store.db.prepare(
      "SELECT max(first_id) FROM error_chunk GROUP BY first_id >> 36")
    while try row.step() {
      let chunk = row.integer(0)
      do throws(SQLiteError) {
        _ = try ErrorPruning().count(chunk: chunk, before: .min, in: store.db)
      } catch {
        guard error.isCorrupt else { throw error }
        damaged[chunk] = error.message
      }
    }
    for (chunk, message) in damaged.sorted(by: { $0.key < $1.key }) {
      let damage = try Damage(chunk: chunk, message: message, store.db)
      texts.append("\(damage.text); \(damage.remedy)")
    }
  }

  private mutating func addFormats(_ db: borrowing Connection) throws {
    var row = try db.prepare(
      """
      SELECT s.name, s.format, 100 * sum(f.unparsed) / sum(f.lines) FROM source s JOIN file f ON f.source = s.id
      GROUP BY s.id HAVING sum(f.lines) >= ? AND 2 * sum(f.unparsed) > sum(f.lines) ORDER BY s.name
      """)
    try row.bind(1, Self.fewLines)
    while try row.step() {
      texts.append(
        "\(row.text(0)): \(row.integer(2)) % of the lines are not of its format \(row.optionalText(1) ?? "auto"); see 'logbook sources reingest'"
      )
    }
  }
}
