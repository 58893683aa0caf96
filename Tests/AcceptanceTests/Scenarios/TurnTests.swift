import TestSupport
import Testing

/// Turns of language models are committed with the lines that show them: each once, whatever became
/// of the file.
@Suite struct `Turns` {
  /// Turns, input, output, cached, and those with a time that cannot be read.
  private static let counted =
    "SELECT count(*) || ' ' || sum(input + cache_read) || ' ' || sum(output + reasoning) || ' '"
    + " || sum(cache_read) || ' ' || sum(invalid_time) AS sums FROM turn"

  private static func line(_ number: Int, session: String = "s1", model: String = "gpt-4o")
    -> String
  {
    let time = LogFolder.time(number)
    return
      #"{"timestamp":"\#(time)","ai_log":"{\"session_id\":\"\#(session)\",\"model\":\"\#(model)\","#
      + #"\"input_token\":\#(100 + number),\"output_token\":\#(number),\"cached_tokens\":\#(number % 50)}"}"#
  }

  @Test(.enabled(if: Repository.data != nil, "the shared test data is absent"))
  func `the totals of the rotation test hold after each step and each run without news`() {
    let logs = LogFolder()
    let data = (Repository.data ?? "") + "/higress/rotation_test"
    let steps = [
      ("cp \(data)/access.log.2 access.log", "10 1055 555 355 1"),
      ("mv access.log access.log.1; cp \(data)/access.log.1 access.log", "15 1620 870 570 1"),
      (
        "mv access.log.1 access.log.2; mv access.log access.log.1; cp \(data)/access.log access.log",
        "18 1971 1071 711 1"
      ),
    ]
    for (script, expected) in steps {
      logs.shell(script)
      for _ in 0..<2 {
        logs.ingest()
        #expect(logs.value(Self.counted) == expected)
      }
    }
    logs.shell("gzip access.log.2; touch -d '1 hour ago' *")
    logs.ingest()
    #expect(logs.value(Self.counted) == "18 1971 1071 711 1")
  }

  @Test(arguments: [
    "mv app.log app.log.1; gzip app.log.1", "rm app.log", "printf '\\n' >> app.log",
  ])
  func `a record that is still open shows its turn when it is complete`(_ end: String) {
    let logs = LogFolder()
    logs.append("app.log", records: [Self.line(1)])
    logs.append("app.log", records: [Self.line(2)], end: "")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM turn") == "1")
    logs.shell(end)
    _ = logs.run(["ingest", logs.path])
    #expect(logs.value(Self.counted) == "2 203 3 3 0")
    #expect(logs.value("SELECT count(*) FROM turn t JOIN log l ON l.id = t.log_id") == "2")
  }

  @Test func `a record that goes on shows the turn of what it has become`() {
    let logs = LogFolder()
    let line = Self.line(1)
    logs.appendText("app.log", String(line.prefix(90)))
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM turn") == "0")
    logs.appendText("app.log", String(line.dropFirst(90)) + "\n")
    logs.expected = [line]
    logs.ingest()
    #expect(logs.value(Self.counted) == "1 101 1 1 0")
    logs.expectExactlyOnce()
  }

  @Test func `a copy of a file adds no turn, and two equal lines in one file are two`() {
    let logs = LogFolder()
    let lines = [Self.line(1), Self.line(2), Self.line(2), Self.line(3)]
    logs.append("app.log", records: lines)
    logs.ingest("--source", "gateway", logs.file("app.log"))
    // Other lines in front: no copy of the file, but its records.
    logs.append("other.log", records: [Self.line(7)] + lines)
    logs.ingest("--source", "gateway", logs.file("other.log"))
    #expect(logs.value("SELECT count(*) FROM log") == "9")
    #expect(logs.value("SELECT count(*) FROM turn") == "5")
    // Another source is another gateway.
    logs.shell("(cat app.log; echo) > elsewhere.log")
    logs.ingest("--source", "elsewhere", logs.file("elsewhere.log"))
    #expect(logs.value("SELECT count(*) FROM turn") == "9")
  }

  @Test func `forgetting a source takes its turns, and reading it again brings them back`() {
    let logs = LogFolder()
    logs.append("a.log", records: (1...20).map { Self.line($0, session: "s\($0 % 3)") })
    logs.append("b.log", records: (21...30).map { Self.line($0, session: "s\($0 % 5)") })
    logs.ingest("--source", "a", logs.file("a.log"))
    logs.ingest("--source", "b", logs.file("b.log"))
    let before = logs.value(Self.counted)
    #expect(logs.run(["sources", "reingest", "a"]).status == 0)
    logs.ingest("--source", "a", logs.file("a.log"))
    #expect(logs.value(Self.counted) == before)
    #expect(logs.run(["sources", "forget", "a"]).status == 0)
    #expect(logs.value("SELECT count(*) FROM turn") == "10")
    #expect(logs.value("SELECT count(*) FROM session") == "5")
  }

  @Test func `any split into runs gives the turns of one run`() {
    var random = SeededRandom(seed: Seed.value)
    print("SEED=\(Seed.value)")
    var lines = (1...60).map { number in
      Self.line(
        number, session: "s\(Int.random(in: 0..<4, using: &random))",
        model: ["gpt-4o", "claude-sonnet-4-5", "unheard-of"].randomElement(using: &random) ?? "")
    }
    lines.insert(
      #"{"timestamp":"2026-01-01T00:00:30Z","ai_log":"{\"session_id\": broken"}"#, at: 30)
    lines.insert(lines[3], at: 4)
    let text = Array((lines.joined(separator: "\n") + "\n").utf8)
    let (parts, whole) = (LogFolder(), LogFolder())
    whole.appendBytes("app.log", text)
    whole.ingest()
    var start = 0
    while start < text.count {
      let end = min(text.count, start + Int.random(in: 1..<900, using: &random))
      parts.appendBytes("app.log", Array(text[start..<end]))
      parts.ingest()
      start = end
    }
    let rows =
      "SELECT group_concat(r, '|') AS turns FROM (SELECT session || ' ' || time || ' ' || coalesce(model, '') || ' '"
      + " || input_tokens || ' ' || cached_tokens || ' ' || output_tokens || ' ' || coalesce(cost_nano, '-') || ' '"
      + " || log_id AS r FROM turns ORDER BY log_id)"
    #expect(parts.value(rows).count > 2000)
    #expect(parts.value(rows) == whole.value(rows))
    #expect(whole.value("SELECT count(*) FROM turn") == "61")
    #expect(parts.value("SELECT count(*) || ' ' || min(reason) FROM reject") == "1 broken ai_log")
    #expect(parts.value("SELECT rejects FROM file") == "1")
  }

  @Test(arguments: [
    ("json_set(t, '$[1][8]', t->>'$[1][8]' + 1)", "turn 2 is not what line "),
    ("json_remove(t, '$[1]')", "line 68719476738 (source "),
    ("json_set(t, '$[2][1]', t->>'$[2][1]' + 1)", "turn 3 is not in line "),
    ("json_set(t, '$[1][19]', t->>'$[1][19]' + 1)", "turn 2 does not cost what price "),
    ("json_set(t, '$[0][17]', NULL)", "turn 1 has a cost, and no price"),
    ("'[[]]'", "the turns from 1 on are damaged"),
    ("UPDATE session SET key = 'x'", "turn 1 is not what line "),
    ("DELETE FROM turn_state", "file 1 ("),
  ])
  func `verify finds a turn that is not what its line shows`(_ damage: String, _ finding: String) {
    let logs = LogFolder()
    logs.append("app.log", records: (1...3).map { Self.line($0) })
    logs.ingest()
    #expect(logs.run(["verify"]).status == 0)
    if damage.hasPrefix("json") || damage.hasPrefix("'") {
      LogFolder.editTurns(logs.logbook.database, damage)
    } else {
      let script = Command.run("sqlite3", [logs.logbook.database, damage])
      #expect(script.status == 0, "\(script.errorOutput)")
    }
    let outcome = logs.run(["verify", "--format", "ndjson"])
    #expect(outcome.status == 1)
    #expect(
      outcome.output.contains(#"{"check":"turns","ok":false,"detail":"\#(finding)"#),
      "\(outcome.output)")
  }

  @Test func `verify takes the turns of lines in two formats as they are`() {
    let logs = LogFolder()
    for number in 1...3 {
      logs.append(
        "app.log", records: ["2026-03-02T10:00:0\(number).000000000Z stdout F " + Self.line(number)]
      )
    }
    logs.ingest()
    logs.appendText("app.log", Self.line(4) + "\n")
    logs.ingest(logs.path, "--as", "json")
    #expect(logs.value("SELECT count(*) FROM turn") == "4")
    #expect(logs.run(["verify"]).status == 0)
  }

  /// A total that Codex reports.
  private static func count(_ total: Int) -> String {
    #"{"timestamp":"2026-05-04T10:00:\#(10 + total / 10)Z","type":"event_msg","payload":{"type":"token_count","#
      + #""info":{"total_token_usage":{"input_tokens":\#(total),"cached_input_tokens":0,"output_tokens":\#(total / 10),"#
      + #""reasoning_output_tokens":0,"total_tokens":\#(total + total / 10)}}}}"#
  }

  private static func context(_ model: String) -> String {
    #"{"timestamp":"2026-05-04T10:00:01.000Z","type":"turn_context","payload":{"model":"\#(model)"}}"#
  }

  private static let meta =
    #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"session_meta","payload":{"id":"T1","cwd":"/home/ada/shop"}}"#

  private static let turns =
    "SELECT group_concat(session || ' ' || model || ' ' || input_tokens, '; ') AS t FROM turns"

  @Test func `a file that has lost its end goes on with the session and model that it began with`()
  {
    let logs = LogFolder()
    func message(_ second: Int) -> String {
      #"{"timestamp":"2026-05-04T10:00:\#(second).500Z","type":"event_msg","payload":{"type":"agent_message","message":"b"}}"#
    }
    logs.append(
      "r.jsonl", records: [Self.meta, Self.context("gpt-5.4"), Self.count(100), message(20)])
    logs.ingest()
    logs.shell("sed -i '$d' r.jsonl")
    logs.ingest()
    for record in [message(21), Self.count(300)] {
      logs.append("r.jsonl", records: [record])
      logs.ingest()
    }
    logs.expectExactlyOnce()
    #expect(logs.value(Self.turns) == "T1 gpt-5.4 100; T1 gpt-5.4 200")
  }

  @Test(arguments: ["sed -i '4,$d' r.jsonl", "sed '4,$d' r.jsonl > x; mv x r.jsonl"])
  func `what was said behind the place where a file goes on does not count there`(_ cut: String) {
    let logs = LogFolder()
    logs.append(
      "r.jsonl",
      records: [
        Self.meta, Self.context("gpt-5.4"), Self.count(100), Self.context("gpt-5.5"),
        Self.count(300),
      ])
    logs.ingest()
    logs.shell(cut)
    logs.ingest()
    logs.append("r.jsonl", records: [Self.count(400)])
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value(Self.turns) == "T1 gpt-5.4 100; T1 gpt-5.5 200; T1 gpt-5.4 300")
  }
}
