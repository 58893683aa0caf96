import LogModel
import SQLite
import Storage
import TestSupport
import Testing

/// What events of errors must add up to, in whatever order and portions their lines were read.
@Suite struct ErrorTableTests {
  /// A line that shows an error; equal lines of several files have one key.
  private struct Line {
    var row: ErrorRow
    var source: Int64 { row.logID >> 36 }
  }

  private static let files: ClosedRange<Int64> = 1...4

  /// Files 1 and 2 are of source 1, the others of source 2; lines have ids in the order of their files.
  private static func lines(_ random: inout SeededRandom, count: Int) -> [Line] {
    let texts = ["disk full", "no route", "timeout"]
    var lines: [Line] = []
    for file in files {
      for number in 0..<Int64(count) {
        let isFine = Bool.random(using: &random)
        let time = 1_700_000_000_000_000 + Int64.random(in: 0...9, using: &random) * 1_800_000_000
        let own = isFine ? time + Int64.random(in: 1...3, using: &random) : time
        let text = texts.randomElement(using: &random) ?? ""
        let row = ErrorRow(
          logID: ((file + 1) / 2) << 36 + (2 - file % 2) * 100_000 + number * 3, file: file,
          time: own,
          severity: Bool.random(using: &random) ? .error : .fatal,
          error: LoggedError(.text, type: nil, text: text, of: [text]), key: isFine ? own : nil)
        lines.append(Line(row: row))
      }
    }
    return lines
  }

  private static func store(_ scratch: Scratch, _ count: Int) throws -> Store {
    let store = try makeStore(scratch)
    try store.write { db throws(SQLiteError) in
      for id in files {
        var file = FileRow(
          source: (id + 1) / 2, path: Path("/log/\(id)"), device: 8, inode: id, birth: nil)
        file.id = id
        try FileTable().insert(file, seen: 5, in: db)
        let first = ((id + 1) / 2) << 36 + (2 - id % 2) * 100_000
        try ExtentTable().add(
          Extent(firstID: first, count: Int64(count) * 3, file: id, offset: 0, bytes: 1), in: db)
      }
    }
    return store
  }

  /// The lines that count, by what `docs/ERRORS.md` says of copies.
  private static func events(_ lines: [Line]) -> [Line] {
    var events = lines.filter { $0.row.key == nil }
    var first: [[Int64]: Line] = [:]
    var counts: [[Int64]: Int64] = [:]
    for line in lines.sorted(by: { $0.row.logID < $1.row.logID }) {
      guard let key = line.row.key else { continue }
      let nth = counts[[key, line.row.file], default: 0]
      counts[[key, line.row.file]] = nth + 1
      if first[[key, nth]] == nil { first[[key, nth]] = line }
    }
    events += first.values
    return events
  }

  /// As the stock shell shows them: line, time and text.
  private static func shown(_ path: String) -> [String] {
    let sql = "SELECT log_id || ' ' || time_us || ' ' || message FROM error_events ORDER BY log_id"
    return Command.run("sqlite3", [path, sql]).output.split(separator: "\n").map(String.init)
  }

  private static func expect(_ lines: [Line], in store: borrowing Store, _ path: String) throws {
    let events = events(lines).sorted { $0.row.logID < $1.row.logID }
    #expect(
      shown(path) == events.map { "\($0.row.logID) \($0.row.time) \($0.row.error.text)" })
    var counted: [String: Int] = [:]
    for event in events {
      let level = Int64(event.row.severity?.rawValue ?? 0)
      let hour = event.row.time / 3_600_000_000
      counted["\(hour) \(event.source) \(level) \(event.row.error.fingerprint)", default: 0] += 1
    }
    var stored: [String: Int] = [:]
    var row = try store.db.prepare("SELECT hour, source, level, error, count FROM error_count")
    while try row.step() {
      let key = (0..<4 as Range<Int32>).map { "\(row.integer($0))" }.joined(separator: " ")
      stored[key] = row.int(4)
    }
    #expect(stored == counted)
    for text in Set(events.map(\.row.error.text)) {
      let times = events.filter { $0.row.error.text == text }.map(\.row.time)
      var group = try store.db.prepare(
        "SELECT count, first_us, last_us FROM error_group WHERE title = ?")
      try group.bind(1, text)
      #expect(try group.step())
      #expect(
        [group.integer(0), group.integer(1), group.integer(2)]
          == [Int64(times.count), times.min() ?? 0, times.max() ?? 0])
    }
  }

  @Test(arguments: [Seed.value, 1, 2])
  func `do not depend on the order in which sources were read`(seed: UInt64) throws {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let scratch = Scratch()
    let lines = Self.lines(&random, count: 400)
    let keys = Dictionary(uniqueKeysWithValues: lines.map { ($0.row.logID, $0.row.key) })
    let store = try Self.store(scratch, 400)
    let path = scratch.file("logbook.db")
    var table = ErrorTable()
    func key(_ line: Int64, _ db: borrowing Connection) throws(SQLiteError) -> Int64? {
      keys[line] ?? nil
    }
    var left = [1, 2].map { source in lines.filter { $0.source == source }[...] }
    while left.contains(where: { !$0.isEmpty }) {
      var rows: [ErrorRow] = []
      for index in left.indices {
        let part = left[index].prefix(Int.random(in: 0...150, using: &random))
        left[index] = left[index].dropFirst(part.count)
        rows += part.map(\.row)
      }
      try store.write { db throws(SQLiteError) in try table.insert(rows, in: db, key: key) }
    }
    try Self.expect(lines, in: store, path)
    try store.write { db throws(SQLiteError) in try table.remove(source: 1, in: db, key: key) }
    try Self.expect(lines.filter { $0.source == 2 }, in: store, path)
  }

  @Test func `fill chunks, and change in the middle of them`() throws {
    let scratch = Scratch()
    let count = 20_000
    let store = try Self.store(scratch, count)
    var lines: [Line] = []
    for number in 0..<Int64(count) {
      let text = number % 7 == 0 ? "disk full" : "no route"
      lines.append(
        Line(
          row: ErrorRow(
            logID: 1 << 36 + 100_000 + number, file: 1, time: 1_700_000_000_000_000 + number * 1000,
            severity: .error, error: LoggedError(.text, type: nil, text: text, of: [text]), key: nil
          )))
    }
    var table = ErrorTable()
    for start in stride(from: 0, to: count, by: 3000) {
      let rows = lines[start...].prefix(3000).map(\.row)
      try store.write { db throws(SQLiteError) in
        try table.insert(rows, in: db) { _, _ in nil }
      }
    }
    #expect(try store.db.integer("SELECT count(*) FROM error_chunk") == 3)
    try Self.expect(lines, in: store, scratch.file("logbook.db"))
    let changed = 8000..<9000
    for index in changed {
      lines[index].row.error = LoggedError(.text, type: nil, text: "gone", of: ["gone"])
    }
    let rows = lines[changed].map(\.row)
    try store.write { db throws(SQLiteError) in
      _ = try table.replace(Set(rows.map(\.logID)), by: rows, in: db)
      try table.rebuild(in: db)
    }
    try Self.expect(lines, in: store, scratch.file("logbook.db"))
  }
}
