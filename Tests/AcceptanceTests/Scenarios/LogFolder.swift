import Glibc
import TestSupport
import Testing

/// A folder of log files, a database beside it, and every record that was ever written: what the
/// scenarios of reading rotated logs stand on.
final class LogFolder {
  let logbook: Logbook
  /// What the database must hold, each record as often as it stands here.
  var expected: [String] = []
  /// What `logbook.yaml` says; nil for none.
  var configuration: String? {
    didSet { logbook.scratch.write("logbook.yaml", configuration ?? "") }
  }
  /// From here on all numbers have as many digits, so that equal counts of lines are equally long.
  private(set) var sequence = 1000

  init(in scratch: Scratch = Scratch()) {
    logbook = Logbook(in: scratch)
    _ = unsafe mkdir(path, 0o755)
  }

  var path: String { logbook.scratch.file("logs") }

  func file(_ name: String) -> String { path + "/" + name }

  // MARK: Writing

  /// The next line: a time one second after the last one's, and a number that no other line has.
  func line(
    _ text: String = "job done", level: String = "INFO", milliseconds: Int = 0
  ) -> String {
    sequence += 1
    return
      "\(Self.time(sequence, milliseconds)) \(level) [worker-\(sequence % 7)] \(text) id=\(sequence)"
  }

  /// A line that shows what a request to a language model used.
  func usageLine() -> String {
    sequence += 1
    return
      #"\#(Self.time(sequence)) INFO {"id":"chatcmpl-\#(sequence)","session_id":"s\#(sequence % 3)","#
      + #""model":"gpt-4o","usage":{"prompt_tokens":\#(sequence),"completion_tokens":\#(sequence % 9)}}"#
  }

  /// A structured event, in a line of JSON.
  func eventLine() -> String {
    sequence += 1
    let event =
      sequence % 2 == 0
      ? #""event":"api_request","method":"GET","path":"/items/\#(sequence)","status_code":200"#
      : #""event":"task_complete","task_name":"t\#(sequence % 3)","duration_seconds":\#(sequence % 9)"#
    return
      #"{"timestamp":"\#(Self.time(sequence))","level":"INFO","message":"m","details":{\#(event)},"duration_ms":\#(sequence % 50)}"#
  }

  /// A record that shows an error: a message, or an exception with its trace.
  func errorRecord(end: String) -> String {
    sequence += 1
    let head = "\(Self.time(sequence)) ERROR order \(sequence) failed"
    guard sequence % 2 == 0 else { return head }
    return head + "\(end)Traceback (most recent call last):"
      + "\(end)  File \"/srv/shop.py\", line \(sequence % 90), in step\(sequence % 3)"
      + "\(end)KeyError: 'k\(sequence)'"
  }

  static func time(_ seconds: Int, _ milliseconds: Int = 0) -> String {
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let day = seconds / 86_400
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
    return "2026-0\(1 + day / 28)-\(padded(1 + day % 28))T\(padded(hour)):\(padded(minute)):"
      + "\(padded(second)).\(padded(milliseconds, 3))Z"
  }

  func lines(_ count: Int) -> [String] { (0..<count).map { _ in line() } }

  /// Appends so many new lines, each of them a record that must be stored.
  @discardableResult
  func append(_ name: String, _ count: Int) -> [String] {
    let added = lines(count)
    append(name, records: added)
    return added
  }

  func append(_ name: String, records: [String], end: String = "\n") {
    expected += records
    appendText(name, records.map { $0 + end }.joined())
  }

  /// Appends text of which `expected` knows nothing.
  func appendText(_ name: String, _ text: String) {
    logbook.scratch.append("logs/" + name, text)
  }

  func appendBytes(_ name: String, _ bytes: [UInt8]) {
    logbook.scratch.append("logs/" + name, bytes)
  }

  /// Runs a script in the folder.
  @discardableResult
  func shell(
    _ script: String, isExpectedToWork: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Command.Outcome {
    let outcome = Command.run("/bin/sh", ["-ec", script], directory: path)
    if isExpectedToWork {
      #expect(
        outcome.status == 0, "\(script)\n\(outcome.errorOutput)", sourceLocation: sourceLocation)
    }
    return outcome
  }

  // MARK: Reading

  /// Runs `ingest`, of the folder unless paths are given, and returns its summary.
  @discardableResult
  func ingest(
    _ arguments: String..., status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Command.Outcome {
    let outcome = run(["ingest"] + (arguments.isEmpty ? [path] : arguments))
    #expect(
      outcome.status == status, "ingest: \(outcome.output)\(outcome.errorOutput)",
      sourceLocation: sourceLocation)
    return outcome
  }

  func run(_ arguments: [String], environment: [String: String] = [:]) -> Command.Outcome {
    Command.run(
      Logbook.binary, arguments,
      environment: logbook.environment.merging(environment) { $1 },
      directory: logbook.scratch.path)
  }

  /// The messages of the store in the order of their ids.
  func stored() -> [String] { rows("SELECT hex(message) FROM log ORDER BY id").map(Self.text) }

  /// The first column of a query's rows.
  func rows(_ query: String) -> [String] {
    let outcome = run(["sql", "--format", "csv", query])
    guard outcome.status == 0 else {
      Issue.record("\(query): \(outcome.errorOutput)")
      return []
    }
    return outcome.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  func value(_ query: String) -> String { rows(query).first ?? "" }

  private static func text(_ hex: String) -> String {
    var bytes: [UInt8] = []
    var half: UInt8?
    for digit in hex.utf8 where digit != UInt8(ascii: "\"") {
      let value = digit < 0x40 ? digit - 0x30 : digit - 0x41 + 10
      if let high = half {
        bytes.append(high << 4 | value)
        half = nil
      } else {
        half = value
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the database files are: size, time of change and content.
  func databaseState() -> String {
    Command.run(
      "/bin/sh",
      ["-c", "stat -c '%s %y %z' logbook.db; stat -c %s logbook.db-wal; sha256sum logbook.db"],
      directory: logbook.scratch.path
    ).output
  }

  // MARK: The oracle

  /// Every record once and no other, in order; nothing is damaged; one more run writes nothing.
  func expectExactlyOnce(
    inOrder: Bool = true, reading arguments: [String] = [], status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectRecords(inOrder: inOrder, sourceLocation: sourceLocation)
    expectClosed(
      inOrder: inOrder, by: ["ingest"] + (arguments.isEmpty ? [path] : arguments), status: status,
      sourceLocation: sourceLocation)
  }

  /// The same once the last record of every file is closed, by a run of `command`.
  func expectClosed(
    inOrder: Bool, by command: [String], status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    // Every last record closes once its file has been quiet for a while.
    shell("find . -type f -exec touch -d '1 hour ago' {} +", sourceLocation: sourceLocation)
    let closing = run(command)
    #expect(
      closing.status == status, "\(closing.output)\(closing.errorOutput)",
      sourceLocation: sourceLocation)
    expectRecords(inOrder: inOrder, sourceLocation: sourceLocation)
    let before = databaseState()
    _ = run(command)
    let isUnchanged = databaseState() == before
    #expect(isUnchanged, "a run with nothing new wrote", sourceLocation: sourceLocation)
    expectVerified(sourceLocation: sourceLocation)
  }

  func expectRecords(inOrder: Bool = true, sourceLocation: SourceLocation = #_sourceLocation) {
    let stored = stored()
    let isRight = inOrder ? stored == expected : stored.sorted() == expected.sorted()
    #expect(isRight, "\(Self.difference(stored, expected))", sourceLocation: sourceLocation)
  }

  func expectVerified(sourceLocation: SourceLocation = #_sourceLocation) {
    let outcome = run(["verify", "--deep"])
    #expect(
      outcome.status == 0, "verify: \(outcome.output)\(outcome.errorOutput)",
      sourceLocation: sourceLocation)
  }

  /// Everything that is derived from the lines is what one run makes of one file with the same lines.
  ///
  /// Where lines were pruned, only what outlives them.
  func derivedDifference(pruned: Bool = false) -> String? {
    let other = LogFolder()
    if let configuration { other.configuration = configuration }
    other.append("app.log", records: expected)
    other.shell("touch -d '1 hour ago' app.log")
    other.ingest()
    for query in Self.derived where !(pruned && query.contains("chunk_template")) {
      let (own, whole) = (rows(query), other.rows(query))
      guard own != whole else { continue }
      let pairs = zip(own, whole).first { $0 != $1 }
      return "\(query)\n\(own.count) rows, from scratch \(whole.count)"
        + (pairs.map { "\n\($0.0) instead of \($0.1)" } ?? "")
    }
    return nil
  }

  private static let derived = [
    "SELECT id || ' ' || coalesce(level, 0) || ' ' || first_us || ' ' || last_us || ' ' || count || ' ' || text"
      + " FROM pattern WHERE count > 0 ORDER BY id",
    "SELECT minute || ' ' || level || ' ' || pattern || ' ' || sum(count) FROM pattern_count"
      + " GROUP BY minute, level, pattern",
    "SELECT hour || ' ' || level || ' ' || pattern || ' ' || sum(count) || ' ' || sum(m00) || ' ' || sum(m25)"
      + " || ' ' || sum(m55) FROM skeleton_hour JOIN skeleton k ON k.id = skeleton GROUP BY hour, level, pattern",
    "SELECT session || ' ' || time || ' ' || model || ' ' || input_tokens || ' ' || output_tokens || ' ' || cost_nano"
      + " FROM turns ORDER BY time_us",
    "SELECT id || ' ' || coalesce(type, '') || ' ' || title || ' ' || status || ' ' || count || ' ' || first_seen"
      + " || ' ' || last_seen FROM errors ORDER BY id",
    "SELECT hour || ' ' || level || ' ' || error || ' ' || sum(count) FROM error_count GROUP BY hour, level, error",
    "SELECT metric || labels || time_us || ' ' || count || ' ' || coalesce(sum || ' ' || min || ' ' || max, '')"
      + " FROM samples ORDER BY metric, labels, time_us",
    "SELECT pattern || ' ' || sum(c.count) FROM chunk_template c JOIN template t ON t.id = c.template"
      + " GROUP BY pattern",
  ]

  func expectDerived(sourceLocation: SourceLocation = #_sourceLocation) {
    let difference = derivedDifference()
    #expect(difference == nil, "\(difference ?? "")", sourceLocation: sourceLocation)
  }

  /// Changes the turns in chunks, and what these say of themselves; `expression` is SQL over `t`, their JSON.
  static func editTurns(_ database: String, _ expression: String) {
    let outcome = Command.run(
      "sqlite3",
      [
        database,
        """
        UPDATE turn_chunk SET data = CAST((
          SELECT \(expression) FROM (SELECT CAST(sqlar_uncompress(data, size) AS TEXT) AS t)) AS BLOB);
        UPDATE turn_chunk SET size = length(data), last_line = coalesce(first_line + (
          SELECT max(value->>1) FROM json_each(CAST(data AS TEXT))), last_line);
        UPDATE turn_chunk SET keys = CAST(substr(keys, 1, 8) || substr(keys, 17) AS BLOB), count = count - 1
        WHERE count > json_array_length(CAST(data AS TEXT)) AND count > 1;
        """,
      ])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  /// What is lost and what is there too often, the first few of each.
  static func difference(_ stored: [String], _ expected: [String]) -> String {
    var counts: [String: Int] = [:]
    for record in expected { counts[record, default: 0] += 1 }
    for record in stored { counts[record, default: 0] -= 1 }
    let lost = counts.filter { $0.value > 0 }
    let extra = counts.filter { $0.value < 0 }
    if lost.isEmpty && extra.isEmpty {
      let place = zip(stored, expected).first { $0 != $1 }
      return "the order differs: \(place?.0 ?? "") instead of \(place?.1 ?? "")"
    }
    return "stored \(stored.count) of \(expected.count)"
      + "\nlost \(lost.count): \(lost.keys.sorted().prefix(3).map { $0.prefix(200) })"
      + "\nextra \(extra.count): \(extra.keys.sorted().prefix(3).map { $0.prefix(200) })"
  }
}
