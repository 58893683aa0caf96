import TestSupport
import Testing

// Requests with whole conversations in them are longer than a line may be; what they used stands at
// their end.

extension `Turns` {
  private static let limit = "sources: [{name: app, path: 'logs/*', max_line: 1KiB}]\n"
  private static let speech = String(repeating: #"utter \"no\" \\ to \u00e9, } and ] "#, count: 400)

  /// The same request, written by a gateway, a client of an API and an agent.
  private static func longLines(_ number: Int) -> [String] {
    let time = LogFolder.time(number)
    let inner = speech.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#)
    let messages = (0..<3).map { #"{\"role\":\"user\",\"content\":\"\#(inner) \#($0)\"}"# }
    return [
      #"{"ai_log":"{\"answer\":\"\#(inner)\",\"input_token\":\#(100 + number),\"messages\":[\#(messages.joined(separator: ","))],"#
        + #"\"model\":\"gpt-4o\",\"output_token\":7,\"session_id\":\"gateway\"}","start_time":"\#(time)"}"#,
      #"{"time":"\#(time)","session":"client","request":{"messages":["\#(speech)","\#(speech)"]},"response":"#
        + #"{"id":"chatcmpl-0123456789ab\#(number)","model":"gpt-4o","usage":{"prompt_tokens":\#(100 + number),"completion_tokens":7}}}"#,
      #"{"type":"assistant","sessionId":"claude","timestamp":"\#(time)","message":{"id":"msg_\#(number)","model":"claude-sonnet-4-6","#
        + #""content":[{"type":"tool_use","input":{"text":"\#(speech)"}}],"usage":{"input_tokens":\#(100 + number),"output_tokens":7}}}"#,
    ]
  }

  private static let all =
    "SELECT group_concat(r, '|') AS turns FROM (SELECT session || ' ' || time || ' ' || model || ' ' || input_tokens"
    + " || ' ' || output_tokens || ' ' || tool_calls || ' ' || log_id || ' ' || cost_nano AS r FROM turns ORDER BY log_id)"
  private static let longCount =
    "SELECT count(*) || ' ' || sum(input_tokens) || ' ' || count(DISTINCT session) || ' ' || sum(tool_calls) AS n FROM turns"

  @Test func `a line that is longer than it may be shows its turn, in any split into runs`() {
    var random = SeededRandom(seed: Seed.value)
    print("SEED=\(Seed.value)")
    let lines = (1...3).flatMap(Self.longLines) + [Self.longLines(4)[1]]
    let text = Array((lines.joined(separator: "\n") + "\n").utf8)
    let (parts, whole) = (LogFolder(), LogFolder())
    for logs in [parts, whole] { logs.configuration = Self.limit }
    whole.appendBytes("app.log", text)
    _ = whole.run(["ingest"])
    #expect(whole.value(Self.longCount) == "10 1022 3 3")
    var start = 0
    while start < text.count {
      let end = min(text.count, start + Int.random(in: 1..<40_000, using: &random))
      parts.appendBytes("app.log", Array(text[start..<end]))
      _ = parts.run(["ingest"])
      let verified = parts.run(["verify"])
      #expect(verified.status == 0, "\(end) bytes: \(verified.output)")
      start = end
    }
    #expect(parts.value(Self.all) == whole.value(Self.all))
    for logs in [parts, whole] {
      #expect(logs.run(["verify"]).status == 0)
      #expect(
        logs.value("SELECT count(*) FROM reject WHERE reason LIKE 'line of % was cut%'") == "10")
      #expect(logs.value("SELECT count(*) FROM reject") == "10")
    }
  }

  @Test func `a file that is gone before a line too long for the store has ended is no fault`() {
    let logs = LogFolder()
    logs.configuration = Self.limit
    logs.appendText("app.log", String(Self.longLines(1)[1].prefix(20_000)))
    for script in ["true", "rm app.log"] {
      logs.shell(script)
      _ = logs.run(["ingest"])
      let verified = logs.run(["verify"])
      #expect(verified.status == 0, "\(script): \(verified.output)")
    }
  }

  @Test func `a container's line that is longer than it may be shows its turn`() {
    let logs = LogFolder()
    logs.configuration = Self.limit
    let record = Self.longLines(1)[1]
    logs.appendText("pod.log", "2026-03-02T10:00:00.000000000Z stdout F \(record)\n")
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.longCount) == "1 101 1 0")
  }

  @Test(arguments: ["gzip app.log", "zstd -q --rm app.log", "mv app.log old.log; gzip old.log"])
  func `the end of an archive is the end of a line that is longer than it may be`(_ script: String)
  {
    let logs = LogFolder()
    logs.configuration = Self.limit
    logs.appendText("app.log", Self.longLines(1).joined(separator: "\n"))
    if script.contains("mv") {
      _ = logs.run(["ingest"])
      #expect(logs.value("SELECT count(*) FROM turn") == "2")
    }
    logs.shell(script)
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.longCount) == "3 303 3 1")
  }

  @Test func `of a line that is longer than it may be nothing is kept that must not be`() {
    let logs = LogFolder()
    logs.configuration =
      "sources: [{name: app, path: 'logs/*', max_line: 1KiB, content: drop, redact: ['gate[a-z]+']}]\n"
    let text = Self.longLines(1).joined(separator: "\n") + "\n"
    logs.appendText("app.log", String(text.prefix(60_000)))
    _ = logs.run(["ingest"])
    logs.appendText("app.log", String(text.dropFirst(60_000)))
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.longCount) == "3 303 3 1")
    #expect(
      logs.rows("SELECT session FROM turns ORDER BY log_id") == ["[redacted]", "client", "claude"])
    #expect(logs.shell("grep -c 'utter' ../logbook.db", isExpectedToWork: false).output == "0\n")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a turn of a line that is longer than it may be stays as long as a source has it`() {
    let logs = LogFolder()
    logs.configuration =
      "sources: [{name: a, path: 'logs/a*', max_line: 1KiB},"
      + " {name: b, path: 'logs/b*', max_line: 1KiB}, {name: c, path: 'logs/c*', max_line: 1KiB}]\n"
    let turn = { (number: Int) in Self.longLines(number)[2] + "\n" }
    for (name, numbers) in [("a", [1, 3, 4]), ("b", [2, 3, 4]), ("c", [5, 4])] {
      logs.appendText(name + ".jsonl", numbers.map(turn).joined())
    }
    _ = logs.run(["ingest"])
    let sums =
      "SELECT group_concat(source || input_tokens, ' ') || ' ' || group_concat(DISTINCT agent) AS s"
      + " FROM (SELECT * FROM turns ORDER BY time)"
    #expect(logs.value(sums) == "a101 b102 a103 a104 c105 claude-code")
    let agent = "SELECT agent FROM sessions"
    for (name, rest) in [("b", "a101 a103 a104 c105"), ("a", "c104 c105")] {
      #expect(logs.run(["sources", "forget", name]).status == 0)
      #expect(logs.value(sums) == rest + " claude-code")
      #expect(logs.value(agent) == "claude-code")
      #expect(
        logs.value("SELECT count(*) FROM turn WHERE log_id NOT IN (SELECT id FROM log)") == "0")
      #expect(logs.run(["verify"]).status == 0)
    }
    #expect(logs.value("SELECT count(*) FROM turn_copy") == "0")
  }

  @Test func `a list of any length is passed over, and a line with too much beside it is none`() {
    let logs = LogFolder()
    logs.configuration = Self.limit
    let many = (0..<100_000).map { #"{"role":"user","n":[\#($0),{"a":"b"}]}"# }
    let usage = #""model":"gpt-4o","usage":{"prompt_tokens":9,"completion_tokens":1}}"#
    let members = (0..<60_000).map { #""member \#($0)":"some text","# }
    logs.appendText(
      "app.log",
      #"{"session":"a","messages":[\#(many.joined(separator: ", "))],"# + usage
        + "\n" + #"{"session":"b",\#(members.joined())"# + usage
        + "\n" + #"{"session":"c","x":\#(String(repeating: "[", count: 3000)),"# + usage + "\n")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT group_concat(session || total_tokens) AS s FROM turns") == "a10")
    #expect(logs.value("SELECT count(*) FROM reject WHERE reason LIKE 'line of %'") == "3")
    #expect(logs.run(["verify"]).status == 0)
  }
}
