import TestSupport
import Testing

@Suite struct `The verdict of a report` {
  private static let day = [
    "--since", LogFolder.time(86_400), "--until", LogFolder.time(2 * 86_400), "--compare", "prev",
  ]

  private static func report(
    _ logs: LogFolder, _ expression: String, _ arguments: [String] = day
  ) -> String {
    let path = logs.logbook.scratch.file("report.json")
    let outcome = logs.run(["report", "--json", "--out", path] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    return logs.shell("jq -c '\(expression)' ../report.json").output
      .split(separator: "\n").joined(separator: " ")
  }

  private static func ingest(_ logs: LogFolder, _ arguments: String...) {
    logs.shell("touch -d '1 hour ago' *")
    let outcome = logs.run(["ingest", logs.path] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  @Test func `names what has changed most, of lines and of metrics`() {
    let logs = LogFolder()
    logs.configuration = #"""
      metrics:
        - {name: took_ms, pattern: 'took (\d+) ms', function: avg, labels: {job: 'job (\w+)'}}
        - {name: failures, pattern: 'job (\w+) failed', function: count}
        - {name: steady_ms, pattern: 'send took (\d+) ms', function: max}
      """#
    logs.append(
      "app.log",
      records: (0..<(48 * 6)).flatMap { tick -> [String] in
        let time = LogFolder.time(tick * 600)
        let isLater = tick >= 24 * 6
        return [
          "\(time) INFO job copy took \(isLater ? 900 : 300) ms",
          "\(time) INFO job send took 300 ms", "\(time) DEBUG nothing to do",
        ] + (isLater ? ["\(time) ERROR job copy failed"] : ["\(time) WARN disk is slow"])
      })
    Self.ingest(logs)
    #expect(
      Self.report(
        logs, "[.verdict.changes[] | [.kind, .value, .earlier, .subject]] | sort")
        == #"[["average",900,300,"took_ms job=copy"],["lines",0,144,"disk is slow"],["lines",144,0,"job copy failed"],["values",144,0,"failures"]]"#
    )
    #expect(
      Self.report(logs, "[.verdict.errors[] | [.status, .title]]")
        == #"[["new","job copy failed"]]"#)
    #expect(
      Self.report(logs, "[.verdict.lines, .verdict.error_rate_earlier, .quality.parsed_share]")
        == "[576,0,1]")
    let head = logs.run(["report"] + Self.day).output.split(separator: "\n").prefix(7)
    #expect(head.contains { $0.hasPrefix("576 lines of ") })
    // Nothing is compared, and nothing has changed.
    #expect(Self.report(logs, ".verdict.changes", []) == "null")
  }

  @Test
  func `averages may begin at nothing or change their sign, and what is steady has not changed`() {
    let logs = LogFolder()
    logs.configuration = #"""
      metrics:
        - {name: queue, pattern: 'queue (-?\d+)', function: avg}
        - {name: temp, pattern: 'temp (-?\d+)', function: avg}
        - {name: balance, pattern: 'balance (-?\d+)', function: avg}
        - {name: steady, pattern: 'steady (-?\d+)', function: avg}
      """#
    logs.append(
      "app.log",
      records: (0..<(48 * 6)).flatMap { tick -> [String] in
        let time = LogFolder.time(tick * 600)
        let isLater = tick >= 24 * 6
        return [
          "queue \(isLater ? 5000 : 0)", "temp \(isLater ? 30 : -20)",
          "balance \(isLater ? -900 : 100)", "steady 0",
        ].map { "\(time) INFO \($0)" }
          + [String](repeating: "\(time) WARN retrying upload", count: isLater ? 5 : 1)
      })
    Self.ingest(logs)
    #expect(
      Self.report(
        logs, "[.verdict.changes[] | [.kind, .value, .earlier, .change, .subject]] | sort")
        == #"[["average",-900,100,-10,"balance"],["average",30,-20,2.5,"temp"],["average",5000,0,null,"queue"],["lines",720,144,4,"retrying upload"]]"#
    )
  }

  @Test func `labels have one form, whatever is in them`() {
    let logs = LogFolder()
    logs.configuration = #"""
      metrics:
        - {name: seen, pattern: 'is', labels: {of: 'of (.*) is', kind: '(INFO)'}}
      """#
    for (number, value) in ["a", "a b", #"say "x""#, #"c:\d"#, "k=v"].enumerated() {
      logs.append("app.log", records: ["\(LogFolder.time(number)) INFO of \(value) is"])
    }
    Self.ingest(logs)
    #expect(
      logs.run(["report", "--json"]).output.contains(#""labels":"kind=INFO of=a""#))
    #expect(
      Self.report(logs, "[.metrics.series[].labels] | sort", [])
        == #"["kind=INFO of=\"a b\"","kind=INFO of=\"c:\\\\d\"","kind=INFO of=\"k=v\"","kind=INFO of=\"say \\\"x\\\"\"","kind=INFO of=a"]"#
    )
  }

  /// Prompts grow by 100 tokens a turn; sessions of 1, 2, 4 and 9 turns, a minute apart.
  @Test func `sessions are listed by length, and prompts by turn`() {
    let logs = LogFolder()
    let lengths = [1, 2, 4, 9]
    logs.append(
      "access.log",
      records: lengths.enumerated().flatMap { session, turns in
        (0..<turns).map { turn in
          let time = LogFolder.time(session * 7 + turn * 60)
          return
            #"{"ai_log":"{\"session_id\":\"s\#(turns)\",\"model\":\"gpt-4o\",\"input_token\":\#(100 * (turn + 1)),\"output_token\":9}","method":"POST","path":"/v1","response_code":"200","response_flags":"-","start_time":"\#(time)","request_id":"r\#(session)-\#(turn)"}"#
        }
      })
    Self.ingest(logs)
    #expect(
      Self.report(
        logs, "[.sessions.longest[] | [.session, .duration_ms, .turns, .longest_prompt_tokens]]", []
      )
        == #"[["s9",480000,9,900],["s4",180000,4,400],["s2",60000,2,200]]"#)
    #expect(
      Self.report(
        logs, "[.sessions.prompts[] | [.turn, .turns, .input_p50, .input_p95, .input_max]]", [])
        == #"[["1",4,100,100,100],["2–3",5,200,300,300],["4–7",5,500,700,700],["8–15",2,800,900,900]]"#
    )
  }

  @Test func `an error shows a line of the time, and how many sessions it hit`() {
    let logs = LogFolder()
    func line(_ second: Int, _ session: String) -> String {
      #"{"ai_log":"{\"session_id\":\"\#(session)\",\"model\":\"gpt-4o\",\"input_token\":5,\"output_token\":9}","method":"POST","path":"/v1","response_code":"503","response_flags":"UF","start_time":"\#(LogFolder.time(second))","request_id":"r\#(second)"}"#
    }
    logs.append(
      "access.log", records: (0..<300).map { line($0 * 60, ["one", "two", "three"][$0 % 3]) })
    logs.append("app.log", records: ["\(LogFolder.time(90)) ERROR no space <b>left</b>"])
    Self.ingest(logs)
    for (until, last, sessions) in [(60, 0, 1), (120, 1, 2), (6000, 99, 3), (18_000, 299, 3)] {
      let range = ["--since", LogFolder.time(0), "--until", LogFolder.time(until)]
      let found = ".errors.most_frequent[] | select(.title | contains(\"POST\"))"
      #expect(
        Self.report(logs, "[\(found) | .sessions, (.sample | fromjson.request_id)]", range)
          == #"[\#(sessions),"r\#(last * 60)"]"#, "\(until)")
    }
    // The same error later, in another source; then without its lines.
    logs.append(
      "other.log",
      records: (0..<50).map { "\(LogFolder.time(40_000 + $0)) ERROR no space <b>left</b>" })
    Self.ingest(logs)
    let found = "[.errors.most_frequent[] | select(.title | contains(\"space\")) | .sample[:19]]"
    #expect(Self.report(logs, found, ["--source", "*app.log"]) == #"["2026-01-01T00:01:30"]"#)
    #expect(Self.report(logs, found, []) == #"["2026-01-01T11:07:29"]"#)
    let page = logs.run(["report", "--format", "html"]).output
    #expect(page.contains("ERROR no space &lt;b&gt;left&lt;/b&gt;</code>"))
  }
}
