import TestSupport
import Testing

/// The command of each row of the panels of requests lists as many lines as the row counts, whatever a log says.
@Suite struct `Commands of reports` {
  /// In a combined log, where no server escapes them, or the server does.
  private static let hostile = [
    #"/a?q=\"x\"&y='z'"#, #"/back\\slash\"#, #"/C:\users\new"#, "/esc\u{1B}[31m", "/rtl\u{202E}x",
    "/tab\there", #"/$(touch no)`id`"#, "/%s%d*?[a]", "/tag\u{E0041}", "/ü\u{FEFF}é", "/a  b   c",
    "/" + String(repeating: "long-ü/", count: 60),
    "/" + String(repeating: "longer'\"/", count: 400),
    "/" + String(repeating: "\u{1}\\", count: 700), "true", "null", "-x OR y", "(", "\"",
  ]

  /// Rows of which a command lists another number of lines than they count.
  private static func differences(_ logs: LogFolder, _ arguments: [String]) -> (
    rows: Int, text: String
  ) {
    let path = logs.logbook.scratch.file("report.json")
    let outcome = logs.run(["report", "--json", "--out", path] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    let output = logs.shell(
      #"""
      export LOGBOOK_DB=\#(logs.logbook.database) TZ=UTC; cd ..
      jq '.requests | [.statuses, .paths, .clients, .agents, .referrers, .slow_paths] | map(.[]?) | length' report.json
      jq -r '.requests | [.statuses, .paths, .clients, .agents, .referrers, .slow_paths] | .[][]? | [.hits, .command] | @base64' report.json |
      while read -r row; do
        row=$(printf %s "$row" | base64 -d); count=$(printf %s "$row" | jq '.[0]')
        command=$(printf %s "$row" | jq -r '.[1] // "logbook false"')
        found=$(eval "\#(Logbook.binary) ${command#logbook } --format ndjson" | wc -l)
        [ "$found" = "$count" ] || printf '%s\n' "$count, not $found: $command" | cut -c 1-500
      done
      """#
    ).output
    let lines = output.split(separator: "\n", maxSplits: 1)
    return (lines.first.flatMap { Int($0) } ?? 0, lines.count > 1 ? String(lines[1]) : "")
  }

  @Test(arguments: [[], ["--where", "status>=200 -nothing"]])
  func `of an access log`(_ arguments: [String]) {
    for part in 0..<2 {
      let logs = LogFolder()
      let values = Self.hostile.enumerated().filter { $0.offset % 2 == part }.map(\.element)
      logs.append(
        "access.log",
        records: values.enumerated().flatMap { number, text in
          (0...number % 3).map { count in
            let agent = text.replacing(#"\""#, with: "\"").replacing("\"", with: #"\""#)
            return
              #"10.0.0.\#(count) - - [01/Jan/2026:01:00:1\#(count) +0000] "GET \#(text) HTTP/1.1" \#(count == 2 ? "-" : "200") 7 "\#(agent)" "agent \#(agent)" 0.100"#
          }
        })
      logs.shell("touch -d '1 hour ago' *")
      logs.ingest()
      let found = Self.differences(logs, arguments)
      #expect(found.rows > 30 && found.text.isEmpty, "\(found.rows): \(found.text)")
    }
  }

  @Test func `of a gateway`() {
    func escaped(_ text: String) -> String {
      text.unicodeScalars.map { scalar in
        scalar == "\"" || scalar == "\\"
          ? "\\\(scalar)"
          : scalar.value < 0x20
            ? "\\u00\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))" : "\(scalar)"
      }.joined()
    }
    for part in 0..<2 {
      let logs = LogFolder()
      let values = Self.hostile.enumerated().filter { $0.offset % 2 == part }.map(\.element)
      logs.append(
        "gate.log",
        records: values.enumerated().flatMap { number, text in
          (0...number % 3).map { count in
            #"{"ai_log":"{}","bytes_sent":"9","downstream_remote_address":"10.0.0.1:\#(40_000 + number)","duration":"1","method":"GET","path":"\#(escaped(text))","response_code":"\#(count == 2 ? "0" : "200")","response_flags":"-","start_time":"2026-01-01T01:00:1\#(count)Z","user_agent":"\#(escaped(text))","referer":"\/\#(escaped(text))","x_forwarded_for":"\#(escaped(count == 1 ? "-" : text))"}"#
          }
        })
      logs.shell("touch -d '1 hour ago' *")
      logs.ingest()
      let found = Self.differences(logs, [])
      #expect(found.rows > 30 && found.text.isEmpty, "\(found.rows): \(found.text)")
    }
  }

  @Test func `of access logs of JSON and logfmt, and of no other records`() {
    let logs = LogFolder()
    func time(_ second: Int) -> String { LogFolder.time(3600 + second) }
    logs.append(
      "caddy.log",
      records: (0..<30).map {
        #"{"level":"info","time":"\#(time($0))","msg":"handled request","request":{"remote_ip":"10.0.0.\#($0 % 3)","method":"GET","uri":"/c/\#($0 % 4)?q=\"x\"","headers":{"User-Agent":["curl/8"]}},"duration":0.0\#(10 + $0),"size":\#($0),"status":\#($0 % 5 == 0 ? 502 : 200)}"#
      })
    logs.append(
      "nginx.log",
      records: (0..<30).map {
        #"{"time":"\#(time($0))","remote_addr":"10.0.0.\#($0 % 3)","request_method":"GET","request_uri":"/n/\#($0 % 4)\u001b[1m","status":"\#($0 % 5 == 0 ? 404 : 200)","body_bytes_sent":"\#($0)","request_time":"0.0\#(10 + $0)","http_user_agent":"agent/\#($0 % 2)","http_referer":"-"}"#
      } + ["{\"time\":\"\(time(31))\",\"message\":\"reloaded\",\"status\":\"200\"}"])
    logs.append(
      "proxy.log",
      records: (0..<30).map {
        #"time=\#(time($0)) level=info msg="http request" method=POST path="/l/\#($0 % 4) \"y\"" status=200 duration_ms=\#(10 + $0) remote_addr=10.0.0.1"#
      })
    logs.append(
      "app.log",
      records: (0..<30).map {
        #"{"time":"\#(time($0))","msg":"\#($0 % 3 == 0 ? "asked" : "on")","path":"/p"\#($0 % 3 == 0 ? #","method":"GET","status":200"# : "")}"#
      })
    logs.shell("touch -d '1 hour ago' *")
    for name in ["caddy.log", "nginx.log", "proxy.log", "app.log"] {
      logs.ingest(logs.file(name), "--source", name)
    }
    for (arguments, requests) in [
      ([], 90), (["--source", "nginx.log"], 30), (["--where", "status>=400"], 12),
      (["--source", "app.log"], 0),
    ] as [([String], Int)] {
      let found = Self.differences(logs, arguments)
      #expect(
        (found.rows > 3 || requests == 0) && found.text.isEmpty, "\(found.rows): \(found.text)")
      let sums = logs.shell(
        """
        export LOGBOOK_DB=\(logs.logbook.database); cd ..
        jq -c '.requests | [.requests, .failed_requests, .refused_requests, .request_time_p50 > 9]' report.json
        for figure in requests failed_requests refused_requests; do
          command=$(jq -r ".requests.commands.$figure // \\"search nothing\\"" report.json); eval "\(Logbook.binary) ${command#logbook } --count" || true
        done
        """
      ).output.split(separator: "\n")
      let figures =
        requests == 0
        ? "[null,null,null,false]"
        : requests == 12 ? "[12,6,6,true]" : requests == 30 ? "[30,0,6,true]" : "[90,6,6,true]"
      #expect(sums.first.map(String.init) == figures, "\(arguments): \(sums)")
      if requests > 0, sums.count == 4 {
        #expect("[\(sums[1]),\(sums[2]),\(sums[3]),true]" == figures, "\(arguments)")
      }
    }
  }

  /// Statuses of other forms, numbers without quotes, nulls, and requests without a time.
  @Test(arguments: [RequestFormat.json, .logfmt])
  func `of records with values of every form`(_ format: RequestFormat) {
    let logs = LogFolder()
    var records: [String] = []
    func add(_ path: String, _ status: String, _ agent: String, _ more: [(String, String)] = []) {
      let members =
        [("method", "GET"), ("path", path), ("status", status), ("user_agent", agent)] + more
      let time = LogFolder.time(3600 + records.count)
      records.append(
        format == .json
          ? "{\"time\":\"\(time)\","
            + members.map { "\"\($0)\":" + ($0 == "method" ? "\"GET\"" : $1) }.joined(
              separator: ",")
            + "}" : "time=\(time) " + members.map { "\($0)=\($1)" }.joined(separator: " "))
    }
    for status in [
      "200", "0", "200.0", "2e2", #""200""#, #""200.0""#, #""ok""#, "null", "1000", "42", "-1",
      #""0""#, #""000""#, "404", #""""#, "true", "502.5", "4040",
    ] { add(#""/a""#, status, #""x""#) }
    for agent in [
      "1.0", "1.5", "1.50", "1e3", "10", #""1.0""#, #""1.5""#, "0.1", "0.00001", "-1.5", "null",
      #""null""#, "true", #""true""#, #""""#, "100000000000000000000", "1.123456789012345678",
    ] { add(#""/b""#, "200", agent) }
    for path in [#""null""#, "null", #""null""#, "1.5", #""1.5""#, #""""#, "true"] {
      add(path, "200", #""x""#)
    }
    for number in 0..<20 {
      add(
        #""/slow""#, "200", #""x""#,
        number % 3 == 0 ? [("duration_ms", "\(number).5")] : [("duration_ms", #""none""#)])
    }
    logs.append("app.log", records: records)
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    let found = Self.differences(logs, [])
    #expect(found.rows > 15 && found.text.isEmpty, "\(found.rows): \(found.text)")
    let sums = logs.shell(
      """
      export LOGBOOK_DB=\(logs.logbook.database); cd ..
      for figure in requests failed_requests refused_requests; do
        command=$(jq -r ".requests.commands.$figure" report.json)
        echo "$(jq ".requests.$figure" report.json) $(eval "\(Logbook.binary) ${command#logbook } --count")"
      done
      """
    ).output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(sums.count == 3 && sums.allSatisfy { $0.count == 2 && $0[0] == $0[1] }, "\(sums)")
  }

  /// What a server writes of what it could not read, beside what is hard to ask for.
  @Test(arguments: RequestFormat.allCases)
  func `of requests that nothing is known of`(_ format: RequestFormat) {
    let logs = LogFolder()
    let odd = Self.hostile[3]
    logs.append(
      "requests.log",
      records: (0..<12).flatMap { number in
        let time = LogFolder.time(3600 + number)
        return switch format {
        case .access:
          [
            #"10.0.0.1 - - [01/Jan/2026:01:00:1\#(number % 10) +0000] "-" \#(number % 2 == 0 ? "-" : "408") 0 "-" "-""#,
            #"10.0.0.1 - - [01/Jan/2026:01:00:1\#(number % 10) +0000] "GET / HTTP/1.1" 200 0 "-" "-""#,
          ]
        case .json:
          [
            #"{"time":"\#(time)","method":"","path":"","status":"400"}"#,
            #"{"time":"\#(time)","method":"GET","path":"/\#(odd.replacing("\u{1B}", with: "\\u001b"))","status":"000"}"#,
            #"{"time":"\#(time)","msg":"slow","path":"/\#(odd.replacing("\u{1B}", with: "\\u001b"))"}"#,
          ]
        case .logfmt:
          [
            "time=\(time) level=info method= path= status=400",
            #"time=\#(time) level=info method=GET path="/\#(odd)" status=200"#,
            #"time=\#(time) level=info msg=slow path="/\#(odd)""#,
          ]
        }
      })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    let found = Self.differences(logs, [])
    #expect(found.rows > 2 && found.text.isEmpty, "\(found.rows): \(found.text)")
    let commands = logs.shell(
      #"""
      export LOGBOOK_DB=\#(logs.logbook.database); cd ..
      jq -r '.requests | .commands[]' report.json |
      while read -r command; do
        status=0; eval "\#(Logbook.binary) ${command#logbook } --count" >count || status=$?
        echo "$status $(cat count) $command"
      done
      """#
    ).output.split(separator: "\n")
    #expect(commands.first?.hasPrefix("0 24 ") == true, "\(commands)")
    for command in commands {
      #expect(command.hasPrefix("0 ") || command.hasPrefix("1 0 "), "\(command)")
      let words = command.dropFirst(5).filter { $0 != "'" }.split(separator: " ")
      #expect(Set(words).count == words.count, "\(command)")
    }
  }

  enum RequestFormat: CaseIterable { case access, json, logfmt }
}
