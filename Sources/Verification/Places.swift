import LineStore
import LogModel
import SQLite

/// The rows that others refer to, and what to call them in a fault.
struct Places {
  struct Source {
    var name: String
    /// The lines before it were forgotten.
    var firstLine: Int64
    var nextLine: Int64
  }

  struct File {
    var source: Int64
    var start: Int64
    var offset: Int64
    var bytesStored: Int64
    var openLine: Int64?
    var openBytes: Int64
  }

  private(set) var sources: [Int64: Source] = [:]
  private(set) var files: [Int64: File] = [:]
  /// What retention has removed of a source.
  struct Removal {
    var lines: Int64
    /// Of these, how many are in no count.
    var uncounted: Int64
    /// Microseconds since 1970.
    var linesBefore: Int64?
    var turnsBefore: Int64?
    var eventsBefore: Int64?
    var samplesBefore: Int64?
  }

  /// Lines that are stored but not complete.
  private(set) var openLines: Set<Int64> = []
  /// Lines that are gone with their chunks.
  private(set) var pruned = LineRanges()
  /// How many lines are gone of chunks that are there.
  private(set) var thinned: [Int64: Int64] = [:]
  private(set) var removals: [Int64: Removal] = [:]

  init(reading db: borrowing Connection) throws(SQLiteError) {
    do {
      var row = try db.prepare("SELECT id, name, first_line, next_line FROM source")
      while try row.step() {
        sources[row.integer(0)] = Source(
          name: row.text(1), firstLine: row.integer(2), nextLine: row.integer(3))
      }
    }
    try readRemovals(db)
    var row = try db.prepare(
      "SELECT id, source, start, offset, bytes_stored, open_line, open_bytes FROM file")
    while try row.step() {
      let file = File(
        source: row.integer(1), start: row.integer(2), offset: row.integer(3),
        bytesStored: row.integer(4), openLine: row.optionalInteger(5), openBytes: row.integer(6))
      files[row.integer(0)] = file
      if let line = file.openLine { openLines.insert(line) }
    }
  }

  private mutating func readRemovals(_ db: borrowing Connection) throws(SQLiteError) {
    do {
      var row = try db.prepare("SELECT first_id, count FROM pruned ORDER BY first_id")
      while try row.step() {
        // A run that cannot be leaves its lines to be missed.
        guard LineIdentifier.isRun(row.integer(0), count: row.integer(1)) else { continue }
        _ = pruned.add(row.integer(0)..<row.integer(0) + row.integer(1))
      }
    }
    do {
      var row = try db.prepare("SELECT chunk, lines FROM thinned")
      while try row.step() { thinned[row.integer(0)] = row.integer(1) }
    }
    var row = try db.prepare(
      "SELECT source, lines, uncounted, until_us, turns_us, errors_us, samples_us FROM retention")
    while try row.step() {
      removals[row.integer(0)] = Removal(
        lines: row.integer(1), uncounted: row.integer(2), linesBefore: row.optionalInteger(3),
        turnsBefore: row.optionalInteger(4), eventsBefore: row.optionalInteger(5),
        samplesBefore: row.optionalInteger(6))
    }
  }

  func source(_ id: Int64) -> String { "source \(sources[id]?.name ?? String(id))" }

  func chunk(_ id: Int64) -> String { "chunk \(id) (\(source(LineIdentifier.source(of: id))))" }

  /// `line 68719476737 (source app)`, or a range of them.
  func lines(_ range: Range<Int64>) -> String {
    let source = source(LineIdentifier.source(of: range.lowerBound))
    return range.count == 1
      ? "line \(range.lowerBound) (\(source))"
      : "lines \(range.lowerBound) to \(range.upperBound - 1) (\(source))"
  }

  /// `file 3 (/var/log/x)`; the path is read when it is asked for.
  func file(_ id: Int64, _ db: borrowing Connection) -> String {
    guard let path = try? db.text("SELECT CAST(path AS TEXT) FROM file WHERE id = ?", id) else {
      return "file \(id)"
    }
    return "file \(id) (\(path))"
  }
}

extension LineIdentifier {
  static func number(of id: Int64) -> Int64 { id & (1 << numberBits - 1) }

  /// Whether a run of `count` lines from `id` on stays within one source's numbers.
  static func isRun(_ id: Int64, count: Int64) -> Bool {
    let number = number(of: id)
    return id > 1 << numberBits && id < 1 << 62 && number > 0 && count > 0
      && count <= 1 << numberBits - number
  }
}
