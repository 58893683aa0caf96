import TestSupport
import Testing

/// What was stored and must go is in no page of the file any more, and all else is as it was.
@Suite struct `Purging` {
  private static let secret = "hunter2zebra"

  private static func lines(_ count: Int) -> [String] {
    (1...count).map { number in
      let time = LogFolder.time(number)
      return switch number % 7 {
      case 0: "\(time) INFO login of ada with \(secret) from 10.0.0.\(number % 250)"
      case 1: #"{"time":"\#(time)","level":"warn","msg":"token \#(secret)","n":\#(number)}"#
      case 2:
        #"{"timestamp":"\#(time)","ai_log":"{\"session_id\":\"s-\#(secret)\",\"model\":\"gpt-4o\","#
          + #"\"input_token\":\#(number),\"output_token\":5,\"answer\":\"it is \#(secret)\"}"}"#
      case 3: "\(time) ERROR \(secret) word\(number % 3)"
      case 4: #"{"timestamp":"\#(time)","ai_log":"{\"session_id\": broken \#(secret)"}"#
      default: "\(time) INFO nothing of it \(number)"
      }
    }
  }

  private static let facts = """
    SELECT count(*) || ' ' || sum(input_tokens) || ' ' || sum(cost_nano) || ' ' || sum(log_id) AS f FROM turns
    """
  private static let times =
    "SELECT group_concat(id || ' ' || time_us || ' ' || coalesce(level, '-'), ';') AS t FROM (SELECT * FROM log ORDER BY id)"

  private static func raw(_ logs: LogFolder) -> String {
    let name = logs.logbook.database
    let bytes = Command.run("/bin/sh", ["-c", "cat \(name) \(name)-wal"]).outputBytes
    let chunks = Command.run(
      "sqlite3", [name, "SELECT sqlar_uncompress(data, size) FROM chunk", ".dump"])
    return String(decoding: bytes, as: UTF8.self) + chunks.output
  }

  @Test(arguments: [20, 300, 9000])
  func `the secret goes, and ids, times, levels and counts stay`(_ count: Int) {
    let logs = LogFolder()
    let lines = Self.lines(count)
    logs.append("app.log", records: Array(lines.prefix(count / 2)))
    logs.ingest()
    logs.append("app.log", records: Array(lines.dropFirst(count / 2)))
    logs.append(
      "app.log", records: ["\(LogFolder.time(count + 1)) INFO open \(Self.secret)"], end: "")
    logs.ingest()
    let before = (logs.value(Self.times), logs.value(Self.facts))
    let volume = logs.run(["volume", "--by", "1m", "--format", "csv"]).output
    #expect(Self.raw(logs).contains(Self.secret))
    let dry = logs.run(["purge", "--pattern", "hunter\\d\\w+", "--dry-run", "--format", "json"])
    let changed = logs.rows("SELECT id FROM log WHERE message GLOB '*\(Self.secret)*'").count
    #expect(dry.output.contains("\"lines\":\(changed),"), "\(dry.output)\(dry.errorOutput)")
    let purge = logs.run(["purge", "--pattern", "hunter\\d\\w+", "--format", "json"])
    #expect(purge.status == 0, "\(purge.errorOutput)")
    #expect(purge.output == dry.output)
    for trace in [Self.secret, "hunter", "zebra"] where Self.raw(logs).contains(trace) {
      Issue.record("\(trace) is in the file")
    }
    #expect(logs.value(Self.times) == before.0)
    #expect(logs.value(Self.facts) == before.1)
    #expect(logs.run(["volume", "--by", "1m", "--format", "csv"]).output == volume)
    #expect(
      logs.value("SELECT count(*) FROM log WHERE message LIKE '%[redacted]%'") == "\(changed)")
    let verify = logs.run(["verify", "--deep", "--format", "csv"])
    #expect(verify.status == 0, "\(verify.output)")
    #expect(logs.run(["purge", "--pattern", "hunter\\d\\w+"]).status == 1)
    // What follows is read on from where the store stood.
    logs.appendText("app.log", " and more\n")
    logs.append("app.log", records: [logs.line()])
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log") == "\(count + 2)")
    #expect(logs.run(["verify", "--deep"]).status == 0)
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log") == "\(count + 2)")
  }

  private static let texts = [
    "SELECT text FROM pattern", "SELECT text FROM skeleton", "SELECT text FROM pattern_pin",
    "SELECT text FROM template",
  ]
  private static let sums =
    "SELECT (SELECT sum(count) FROM skeleton_count) || ' ' || (SELECT sum(count) FROM skeleton_hour) || ' '"
    + " || (SELECT sum(count) FROM skeleton_source) || ' ' || (SELECT sum(count) FROM pattern) || ' '"
    + " || (SELECT sum(count) FROM line_count) || ' ' || (SELECT sum(count) FROM chunk_template) AS s"

  @Test(arguments: ["zebra|okapi", "user \\K(zebra|okapi)", "is (zebra|okapi)\\b"])
  func `patterns are made anew of what skeletons say then`(_ pattern: String) {
    let logs = LogFolder()
    func line(_ second: Int, _ text: String) -> String { LogFolder.time(second) + " " + text }
    func append(_ words: [String], from second: Int) {
      logs.append(
        "app.log",
        records: words.enumerated().flatMap { index, word in
          ["INFO Invalid user \(word)", "ERROR the word is \(word)", "WARN \(index) of it"].map {
            line(second + index, $0)
          }
        })
      logs.shell("touch -d '-1 hour' app.log")
      logs.ingest()
    }
    append(["zebra"], from: 1)
    let first = logs.rows("SELECT id FROM pattern WHERE text LIKE '%zebra%'")
    append(["okapi", "ada", "bob", "cyd"], from: 100)
    let aliases =
      "SELECT count(*) FROM pattern_alias WHERE old IN (\(first.joined(separator: ", ")))"
    #expect(first.count == 2 && logs.value(aliases) == "2")
    #expect(logs.run(["patterns", "--pin", "the word is okapi"]).status == 0)
    let before = logs.value(Self.sums)
    let merged = logs.value("SELECT id FROM pattern WHERE text = 'Invalid user <*>'")

    let purge = logs.run(["purge", "--pattern", pattern, "--format", "json"])
    #expect(purge.status == 0, "\(purge.errorOutput)")
    #expect(logs.value(Self.sums) == before)
    logs.expectVerified()
    let isWhole = pattern.hasPrefix("zebra")
    for query in Self.texts where isWhole {
      let left = logs.rows(query).filter { $0.contains("zebra") || $0.contains("okapi") }
      #expect(left == [], "\(query)")
    }
    if isWhole {
      for trace in ["zebra", "okapi"] where Self.raw(logs).contains(trace) {
        Issue.record("\(trace) is in the file")
      }
      #expect(logs.value(aliases) == "0")
    }
    #expect(logs.run(["patterns", "show", merged]).status == 0)
    #expect(logs.run(["purge", "--pattern", pattern]).status == 1)
    append(["dan", "eve"], from: 200)
    logs.expectVerified()
  }

  /// Its file is read again from where it begins, as long as further lines may belong to it.
  @Test(arguments: ["", "  more of it\n", "\(LogFolder.time(3)) INFO the next\n"])
  func `what was purged out of a record that could go on does not come back`(_ rest: String) {
    let logs = LogFolder()
    let records = [
      "\(LogFolder.time(1)) INFO fine", "\(LogFolder.time(2)) ERROR open \(Self.secret)",
    ]
    logs.append("app.log", records: records)
    logs.ingest()
    #expect(logs.run(["purge", "--pattern", "hunter\\d\\w+"]).status == 0)
    logs.appendText("app.log", rest)
    logs.ingest()
    logs.ingest()
    #expect(!Self.raw(logs).contains(Self.secret))
    #expect(logs.value("SELECT count(*) FROM log") == (rest.isEmpty ? "2" : "3"))
    #expect(logs.value("SELECT sum(count) FROM errors") == "1")
    let verify = logs.run(["verify", "--deep", "--format", "csv"])
    #expect(verify.status == 0, "\(verify.output)")
  }

  @Test func `only the lines of a source and of a time are searched`() {
    let logs = LogFolder()
    for name in ["a", "b"] {
      logs.append(
        "\(name).log", records: (1...60).map { "\(LogFolder.time($0 * 60)) INFO key=\($0)x" })
      logs.ingest("--source", name, logs.file("\(name).log"))
    }
    let purge = logs.run([
      "purge", "--pattern", "key=\\w+", "--source", "a", "--since", LogFolder.time(600), "--until",
      LogFolder.time(1200), "--format", "csv",
    ])
    #expect(purge.status == 0, "\(purge.errorOutput)")
    #expect(
      logs.rows(
        "SELECT source || ' ' || min(id & 0xFF) || ' ' || max(id & 0xFF) || ' ' || count(*) AS r FROM log"
          + " WHERE message LIKE '%[redacted]%' GROUP BY source") == ["a 10 19 10"])
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  /// A runtime has cut the text within the secret, which stands in two lines of one record.
  @Test(arguments: ["docker", "cri"])
  func `a secret that parts of a text share goes as it would have been redacted`(_ format: String) {
    func line(_ part: String, isLast: Bool) -> String {
      format == "cri"
        ? "\(LogFolder.time(1)) stdout \(isLast ? "F" : "P") \(part)"
        : #"{"log":"\#(part)\#(isLast ? #"\n"# : "")","stream":"stdout","time":"\#(LogFolder.time(1))"}"#
    }
    func stored(_ settings: String, purging: Bool) -> [String] {
      let logs = LogFolder()
      logs.configuration = "sources: [{name: app, path: 'logs/*'\(settings)}]\n"
      logs.append(
        "app.log",
        records: [line("INFO key hunter2ze", isLast: false), line("bra used", isLast: true)])
      logs.append("app.log", records: [line("INFO fine", isLast: true)])
      #expect(logs.run(["ingest"]).status == 0)
      if purging {
        let purge = logs.run(["purge", "--pattern", "hunter\\d\\w+", "--format", "csv"])
        #expect(purge.output.contains("\n1,1,"), "\(purge.output)\(purge.errorOutput)")
        #expect(logs.run(["purge", "--pattern", "hunter\\d\\w+"]).status == 1)
      }
      for trace in ["hunter", "bra used"] where Self.raw(logs).contains(trace) {
        Issue.record("\(trace) is in the file")
      }
      logs.expectVerified()
      return logs.rows("SELECT message FROM log ORDER BY id")
    }
    let purged = stored("", purging: true)
    #expect(purged == stored(#", redact: ['hunter\d\w+']"#, purging: false))
    #expect(purged.first?.contains("INFO key [redacted]") == true, "\(purged)")
  }

  @Test func `a secret goes that a route's label holds in escapes`() {
    let logs = LogFolder()
    let line =
      #"{"ai_log":"{\"model\":\"gpt-4o\",\"input_token\":1,\"output_token\":2}","authority":"a","method":"GET","path":"/v1/[x/hunter\u007aebra","response_code":200,"start_time":"\#(LogFolder.time(1))"}"#
    logs.append("app.log", records: [line])
    logs.ingest()
    #expect(Self.raw(logs).contains("u007aebra"))
    #expect(logs.run(["purge", "--pattern", "hunterzebra"]).status == 0)
    #expect(!Self.raw(logs).contains("u007aebra"))
    logs.expectVerified()
  }

  /// SQLite leaves a row in the free bytes of a page when it moves it to another one.
  @Test(arguments: 1...6)
  func `nothing is left in the file where rows were before they were moved`(_ number: UInt64) {
    var random = SeededRandom(seed: number)
    func word() -> String {
      (0...Int.random(in: 1...4, using: &random)).map { _ in
        ["ba", "ce", "di", "fo", "gu", "ha", "le", "mi", "no", "ru"].randomElement(using: &random)
          ?? ""
      }.joined()
    }
    let logs = LogFolder()
    for run in 0..<4 {
      let lines = (1...225).map { line in
        let words = (0...Int.random(in: 2...100, using: &random)).map { _ in word() }
        return
          "\(LogFolder.time(run * 225 + line)) INFO \(words.joined(separator: " ")) zebra \(word())"
      }
      logs.append("app.log", records: lines)
      logs.ingest()
    }
    #expect(logs.run(["purge", "--pattern", "zebra"]).status == 0)
    if Self.raw(logs).contains("zebra") { Issue.record("it is in the file") }
    let check = Command.run("sqlite3", [logs.logbook.database, "PRAGMA integrity_check"])
    #expect(check.output == "ok\n")
    logs.expectVerified()
  }

  @Test func `what cannot be purged is said in one line`() {
    let logs = LogFolder()
    let none = logs.run(["purge", "--pattern", "x"])
    #expect(none.status == 74 && none.errorOutput.hasPrefix("logbook: "), "\(none.errorOutput)")
    logs.append("app.log", 3)
    logs.ingest()
    let broken = logs.run(["purge", "--pattern", "(x"])
    #expect(broken.status == 2 && broken.errorOutput.contains("bad regular expression"))
    #expect(logs.run(["purge"]).status == 2)
    let unknown = logs.run(["purge", "--pattern", "x", "--source", "elsewhere"])
    #expect(unknown.status != 0 && unknown.errorOutput.contains("elsewhere"))
  }
}
