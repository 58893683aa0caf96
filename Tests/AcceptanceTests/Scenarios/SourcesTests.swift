import TestSupport
import Testing

/// `sources forget` and `sources reingest`, against stores that came about without them.
@Suite struct `Forgetting and reading again` {
  @Test func `a store that forgot a source is one that never had it, and reading again is reading`()
  {
    for round in UInt64(0)..<12 {
      let seed = Seed.value &+ round
      var history = TwoStores(seed: seed)
      for _ in 0..<25 { history.step() }
      history.finish()
      guard history.failures.isEmpty else {
        Issue.record("SEED=\(seed)\n\(history.failures.joined(separator: "\n"))")
        return
      }
    }
  }

  @Test(arguments: ["", "gzip app.log", "cp app.log app.log.1; rm app.log", "mv app.log app.log.1"])
  func `a file that began with a forgotten source's lines is named, and read again on demand`(
    _ rotation: String
  ) {
    let logs = Self.sharedBeginning()
    let forgotten = logs.run(["sources", "forget", "backup"])
    #expect(forgotten.status == 0)
    #expect(
      forgotten.errorOutput == """
        logbook: the first lines of \(logs.file("live/app.log")) were stored once, as those of 'backup'
        hint: 'logbook sources reingest live' stores them as those of 'live'

        """)
    logs.shell("cd live; rm app.log.1; \(rotation)")
    logs.ingest(logs.file("live"), "--source", "live")
    #expect(logs.value("SELECT count(*) || ' ' || count(DISTINCT message) FROM log") == "15 15")
    #expect(logs.run(["verify"]).status == 0)
    let again = logs.run(["sources", "reingest", "live"])
    #expect(again.status == 0, "\(again.errorOutput)")
    logs.append("live/app.log", 5)
    logs.ingest(logs.file("live"), "--source", "live")
    logs.expectClosed(
      inOrder: false, by: ["ingest", logs.file("live"), "--source", "live"])
  }

  @Test func `a source that is read again takes nothing from one that goes on from it`() {
    let logs = Self.sharedBeginning()
    #expect(logs.run(["sources", "reingest", "backup"]).status == 0)
    let counts =
      "SELECT group_concat(source || count, ' ') FROM (SELECT source, count(*) AS count FROM log GROUP BY 1)"
    #expect(logs.value(counts) == "backup30 live15")
    logs.append("live/app.log", 5)
    logs.ingest(logs.file("live"), "--source", "live")
    logs.ingest(logs.file("backup"), "--source", "backup")
    #expect(logs.value(counts) == "backup30 live20")
    logs.expectClosed(
      inOrder: false, by: ["ingest", logs.file("live"), "--source", "live"])
  }

  /// 30 lines of a file in `backup`, whose copy in `live` has 15 more.
  private static func sharedBeginning() -> LogFolder {
    let logs = LogFolder()
    logs.shell("mkdir backup live")
    logs.append("backup/app.log", 30)
    logs.ingest(logs.file("backup"), "--source", "backup")
    logs.shell("cp backup/app.log live/app.log; cp backup/app.log live/app.log.1")
    logs.append("live/app.log", 10)
    logs.ingest(logs.file("live"), "--source", "live")
    logs.append("live/app.log", 5)
    logs.ingest(logs.file("live"), "--source", "live")
    return logs
  }

  @Test func `a turn that two sources show stays until both are forgotten`() {
    func turn(_ number: Int, _ output: Int, in folder: String) -> String {
      #"{"timestamp":"2026-11-20T12:00:\#(10 + number).000Z","type":"assistant","sessionId":"s","requestId":"r\#(number)","#
        + #""cwd":"/home/\#(folder)","#
        + #""version":"2.1.100","message":{"id":"m\#(number)","model":"claude-sonnet-4-6","stop_reason":"end_turn","content":[],"#
        + #""usage":{"input_tokens":10,"output_tokens":\#(output)}}}"# + "\n"
    }
    let logs = LogFolder()
    // Not copies of each other: each has a line of its own before what they share.
    for (name, numbers) in [
      ("a", [(1, 5), (3, 7), (4, 8)]), ("b", [(2, 6), (3, 7), (4, 9)]), ("c", [(5, 3), (4, 8)]),
    ] {
      for (number, output) in numbers {
        logs.appendText("\(name).jsonl", turn(number, output, in: name))
      }
    }
    for name in ["a", "b", "c"] { logs.ingest(logs.file("\(name).jsonl"), "--source", name) }
    func outputs() -> String {
      logs.value(
        "SELECT coalesce(group_concat(source || output_tokens, ' '), '-') FROM (SELECT * FROM turns ORDER BY time)"
      )
    }
    #expect(outputs() == "a5 b6 a7 b9 c3")
    let project = "SELECT coalesce(max(project), '-') FROM turns"
    #expect(logs.value(project) == "/home/a")
    for (name, rest, folder) in [
      ("b", "a5 a7 a8 c3", "/home/a"), ("a", "c8 c3", "/home/c"), ("c", "-", "-"),
    ] {
      #expect(logs.run(["sources", "forget", name]).status == 0)
      #expect(outputs() == rest)
      #expect(logs.value(project) == folder)
      #expect(logs.run(["verify"]).status == 0)
    }
    #expect(logs.value("SELECT count(*) FROM turn_copy") == "0")
  }

  @Test func `no id comes back, also of the newest source`() {
    let logs = LogFolder()
    logs.append("a.log", 3)
    logs.append("b.log", 3)
    logs.ingest()
    let forgotten = logs.rows("SELECT id FROM log")
    #expect(logs.run(["sources", "forget", logs.file("b.log")]).status == 0)
    #expect(logs.run(["sources", "forget", logs.file("a.log")]).status == 0)
    #expect(logs.value("SELECT count(*) FROM log") == "0")
    #expect(logs.value("SELECT count(*) FROM template") == "0")
    logs.ingest()
    let first = logs.rows("SELECT id FROM log")
    #expect(first.count == 6 && Set(first).isDisjoint(with: forgotten))
    #expect(logs.run(["sources", "reingest", logs.file("b.log")]).status == 0)
    let second = logs.rows("SELECT id FROM log WHERE source LIKE '%b.log'")
    #expect(second.count == 3 && Set(second).isDisjoint(with: first + forgotten))
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `lines that no file holds are not lost without being asked`() {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.append("app.log.1", 4)
    logs.ingest()
    logs.shell("rm app.log.1")
    let name = logs.file("app.log")
    let before = logs.databaseState()
    let refused = logs.run(["sources", "reingest", name])
    #expect(refused.status == 1)
    #expect(
      refused.errorOutput.hasPrefix(
        "logbook: 232 bytes of source '\(name)' are stored and in no file any more: \(name).1 (gone)\n"
      ), "\(refused.errorOutput)")
    #expect(logs.databaseState() == before)
    #expect(logs.run(["sources", "reingest", name, "--drop-missing"]).status == 0)
    logs.expected.removeLast(4)
    logs.expectExactlyOnce()
  }

  @Test func `what came from standard input is in no file`() {
    let logs = LogFolder()
    let outcome = logs.logbook.run("ingest", "-", "--source", "app", input: Array("one\n".utf8))
    #expect(outcome.status == 0)
    let refused = logs.run(["sources", "reingest", "app"])
    #expect(refused.status == 1 && refused.errorOutput.contains("- (standard input)"))
  }

  @Test func `a renamed file is read again where the configuration finds it`() {
    let logs = LogFolder()
    logs.logbook.scratch.write(
      "logbook.yaml",
      "sources:\n  - {name: app, path: logs/*.log*, max_line: 1KiB, encoding: utf-16le}\n")
    logs.shell("printf '2026-03-02T10:00:00Z INFO one\\n' | iconv -t utf-16le > app.log")
    #expect(logs.run(["ingest"]).status == 0)
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    #expect(logs.run(["sources", "reingest", "app"]).status == 0)
    #expect(logs.stored() == ["2026-03-02T10:00:00Z INFO one"])
    logs.expectVerified()
  }

  @Test func `what is left after a kill is read by the next ingest`() throws {
    let faults = try #require(FaultInjection.shared)
    for call in stride(from: 40, to: 400, by: 12) {
      let logs = LogFolder()
      logs.append("app.log", 40)
      logs.append("other.log", 40)
      logs.ingest()
      let outcome = logs.run(
        ["sources", "reingest", logs.file("app.log")],
        environment: faults.environment(.kill, at: call))
      logs.ingest()
      logs.expectRecords(inOrder: false)
      logs.expectVerified()
      if outcome.status == 0 { break }
    }
  }
}

/// Random logs of three sources that share patterns, read into two stores, of which one never sees
/// the source `b`.
private struct TwoStores {
  private var random: SeededRandom
  private let logs = LogFolder()
  /// Of each source, how many rotated files there are.
  private var rotated = [0, 0, 0]
  private var isGone = false
  private(set) var failures: [String] = []

  private static let names = ["a", "b", "c"]
  private static let victim = 1

  init(seed: UInt64) {
    random = SeededRandom(seed: seed)
    var configuration = "sources:\n"
    for name in Self.names {
      configuration += "  - {name: \(name), path: 'logs/\(name)/*.log*', max_line: 200}\n"
      logs.shell("mkdir \(name); : > \(name)/x.log")
    }
    logs.logbook.scratch.write("logbook.yaml", configuration)
    read(into: "whole.db", "a")
    read(into: "without.db", "a")
  }

  private mutating func pick(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(random.next() % UInt64(range.count))
  }

  mutating func step() {
    let source = pick(0...2)
    let name = Self.names[source]
    switch pick(0...9) {
    case 0..<5:
      var text = ""
      for _ in 0..<pick(1...(pick(0...9) == 0 ? 3000 : 8)) { text += line() + "\n" }
      logs.appendText("\(name)/x.log", text)
    case 5:
      logs.appendText(
        "\(name)/x.log", line() + (pick(0...1) == 0 ? "" : "\n    at Frame.x(1)") + "\n")
    case 6:
      rotated[source] += 1
      logs.shell("[ ! -s x.log ] || mv x.log x.log.\(rotated[source]); : > x.log", in: name)
    case 7 where rotated[source] > 0:
      logs.shell("gzip $(ls x.log.*[0-9] | head -1) || :", in: name)
    case 8 where source == Self.victim && !isGone:
      logs.shell("rm -f $(ls x.log.* | head -1)", in: name)
      isGone = true
    default: read(source)
    }
  }

  private mutating func line() -> String {
    let time = LogFolder.time(pick(0...400), pick(0...999))
    let number = pick(0...99)
    let words = [
      "INFO user \(number) logged in", "WARN timeout after \(number) ms",
      "ERROR timeout after 5 ms",
      "INFO \(["red", "green", "blue"][number % 3]) light", "DEBUG caf\u{FFFD} \(number)",
      "INFO " + String(repeating: "long ", count: number),
      "INFO once \(random.next() % 1_000_000)x",
    ]
    return time + " " + words[pick(0...words.count - 1)]
  }

  private mutating func read(_ source: Int) {
    let name = Self.names[source]
    // The last record is open for both stores, or for none.
    logs.shell("touch -d '\(pick(0...1) == 0 ? "-" : "+")1 hour' *", in: name)
    read(into: "whole.db", name)
    if source != Self.victim { read(into: "without.db", name) }
  }

  private func read(into database: String, _ name: String) {
    let outcome = logs.run(["--db", database, "ingest", "--source", name])
    #expect(outcome.status == 0 || outcome.status == 74, "\(outcome.errorOutput)")
  }

  mutating func finish() {
    for source in 0...2 { read(source) }
    logs.shell("sqlite3 -readonly ../whole.db \"VACUUM INTO 'again.db'\"; mv again.db ..")
    run("whole.db", "sources", "forget", "b")
    let unused = """
      SELECT count(*) FROM template WHERE id NOT IN (SELECT template FROM chunk_template)
        OR pattern NOT IN (SELECT id FROM pattern)
      """
    let left = logs.run(["--db", "whole.db", "sql", "--format", "csv", unused]).output
    if !left.hasSuffix("\n0\n") { failures.append("unused templates are left: \(left)") }
    compare("whole.db", "without.db", "after forget")
    var arguments = ["sources", "reingest", "b"]
    let before = dump("again.db")
    if logs.run(["--db", "again.db"] + arguments).status == 1 {
      if !isGone { failures.append("reingest refused") }
      if dump("again.db") != before { failures.append("a refused reingest changed something") }
      arguments.append("--drop-missing")
    }
    logs.shell("touch -d '-1 hour' b/*")
    _ = logs.run(["--db", "again.db"] + arguments)
    read(into: "without.db", "b")
    compare("again.db", "without.db", "after reingest")
    read(into: "whole.db", "b")
    compare("whole.db", "without.db", "after forget and ingest")
  }

  private mutating func run(_ database: String, _ arguments: String...) {
    let outcome = logs.run(["--db", database] + arguments)
    if outcome.status != 0 { failures.append("\(arguments): \(outcome.errorOutput)") }
  }

  private mutating func compare(_ left: String, _ right: String, _ when: String) {
    for database in [left, right] {
      let outcome = logs.run(["--db", database, "verify"])
      if outcome.status != 0 { failures.append("\(when): verify \(database): \(outcome.output)") }
    }
    let found = dump(left).split(separator: "\n")
    let expected = dump(right).split(separator: "\n")
    guard found != expected else { return }
    let difference = zip(found, expected).first { $0 != $1 }
    failures.append(
      "\(when): \(found.count) rows, not \(expected.count): "
        + "\(difference?.0 ?? "") instead of \(difference?.1 ?? "")")
  }

  /// All tables, up to ids, and up to which shapes became templates: that depends on what was read
  /// when, and shows in no line.
  private func dump(_ database: String) -> String {
    let outcome = Command.run(
      "sqlite3", ["-readonly", "../" + database, Self.queries], directory: logs.path)
    return outcome.status == 0 ? outcome.output : outcome.errorOutput
  }

  private static let queries = """
    SELECT 'source', name, kind, family, format, next_line - first_line FROM source ORDER BY name;
    CREATE TEMP VIEW f AS SELECT file.*, s.name, s.first_line,
      row_number() OVER (PARTITION BY file.source ORDER BY file.id) AS number
      FROM file JOIN source s ON s.id = file.source;
    SELECT 'file', name, number, path, device, inode, birth_us, size, mtime_us, ctime_us, head_length,
      head_hash, start, (SELECT o.number FROM f o WHERE o.id = f.origin), offset, anchor_length,
      anchor_hash, crc32, overlong, compression, state, (open_line & 0xFFFFFFFFF) - first_line, open_bytes,
      open_whole, open_lines, open_crc32, open_anchor_length, open_anchor_hash, last_us, bytes_stored,
      bytes_skipped, lost_bytes, lines, unparsed, sanitized, rejects, error FROM f ORDER BY name, number;
    SELECT 'reject', name, number, r.offset, (log_id & 0xFFFFFFFFF) - first_line, reason, text
      FROM reject r JOIN f ON f.id = r.file ORDER BY name, number, r.offset;
    SELECT 'extent', name, (first_id & 0xFFFFFFFFF) - first_line, count, number, e.offset, e.bytes
      FROM extent e JOIN f ON f.id = e.file ORDER BY name, first_id;
    SELECT 'pattern', * FROM pattern WHERE id IN
      (SELECT pattern FROM template WHERE id IN (SELECT template FROM chunk_template)) ORDER BY id;
    SELECT 'pattern_count', minute, name, level, pattern, count
      FROM pattern_count JOIN source s ON s.id = source ORDER BY minute, name, level, pattern;
    SELECT 'line_count', minute, name, level, count
      FROM line_count JOIN source s ON s.id = source ORDER BY minute, name, level;
    SELECT 'chunk', name, (first_id & 0xFFFFFFFFF) - first_line, kind, sep, point, digits, offset_s, suffix, count,
      unit_us, min_us, max_us, sealed
      FROM chunk JOIN source s ON s.id = source JOIN layout l ON l.id = layout ORDER BY name, first_id;
    SELECT 'chunk_template', name, (chunk & 0xFFFFFFFFF) - first_line, pattern, level, sum(u.count)
      FROM chunk_template u JOIN chunk c ON c.first_id = chunk JOIN source s ON s.id = c.source
      JOIN template t ON t.id = template GROUP BY chunk, pattern, level ORDER BY name, chunk, pattern, level;
    SELECT 'log', name, (log.id & 0xFFFFFFFFF) - first_line, time_us, level, pattern_id, message
      FROM log JOIN source s ON s.name = log.source ORDER BY log.id & 0xFFFFFFFFF, name;
    SELECT 'layout', kind, sep, point, digits, offset_s, suffix FROM layout ORDER BY 2, 3, 4, 5, 6, 7;
    """
}

extension LogFolder {
  fileprivate func shell(_ script: String, in folder: String) { shell("cd \(folder); " + script) }
}
