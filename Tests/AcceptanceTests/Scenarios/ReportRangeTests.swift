import TestSupport
import Testing

/// What a report says of its time: what it is compared with, what was new then, what is gone since.
@Suite struct `Ranges of reports` {
  private static func at(_ hour: Int, _ text: String, minute: Int = 0) -> String {
    "\(LogFolder.time(hour * 3600 + minute * 60)) \(text)"
  }

  /// So long after the last line that its record is none that goes on.
  private static func ingest(_ logs: LogFolder, _ arguments: String...) {
    logs.shell("touch -d '1 hour ago' *")
    let outcome = logs.run(["ingest", logs.path] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  /// What `jq` makes of the report in JSON.
  private static func report(_ logs: LogFolder, _ arguments: [String], _ expression: String)
    -> String
  {
    let path = logs.logbook.scratch.file("report.json")
    let outcome = logs.run(["report", "--json", "--out", path] + arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    return logs.shell("jq -c '\(expression)' ../report.json").output
      .split(separator: "\n").joined(separator: " ")
  }

  @Test(arguments: [true, false])
  func `a stray line of 2099 is left out and told`(isLast: Bool) {
    let logs = LogFolder()
    let stray = "2099-01-01T00:00:00Z INFO stray"
    let lines = (0..<96).map { Self.at($0, "INFO on") }
    let records = isLast ? lines + [stray] : Array(lines[..<90]) + [stray] + Array(lines[90...])
    logs.append("app.log", records: records)
    Self.ingest(logs)
    let about = "[.volume.lines, .report.until, (.report.notes | length)]"
    #expect(
      Self.report(logs, ["--since", "1d"], about) == #"[25,"2026-01-04T23:01:00.000000Z",1]"#)
    #expect(Self.report(logs, [], about) == #"[96,"2026-01-04T23:01:00.000000Z",1]"#)
    #expect(
      Self.report(logs, ["--compare", "prev"], "[.volume.lines, .volume.lines_earlier]")
        == "[25,24]")
    let note = Self.report(logs, [], ".report.notes[0]")
    #expect(note.contains("Left out: 1 line of more than a day after"), "\(note)")
    let command = note.split(separator: "'")[1].split(separator: " ").dropFirst().map(String.init)
    #expect(logs.run(command + ["--count"]).output == "1\n")
    // Who asks for it gets it.
    #expect(
      Self.report(logs, ["--since", "2098-01-01"], "[.volume.lines, .report.notes]") == "[1,[]]")
    #expect(Self.report(logs, ["--until", "2100-01-01"], ".volume.lines") == "97")
  }

  @Test func `a store of a machine whose clock is behind is reported whole`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    // The last one is still open, and counted when it is not.
    logs.append("app.log", records: (0..<49).map { Self.at($0, "INFO on") })
    let outcome = logs.run(
      ["ingest", logs.path], environment: faults.environment(clock: 1_000_000_000))
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(Self.report(logs, [], "[.volume.lines, .report.notes]") == "[48,[]]")
    #expect(Self.report(logs, ["--since", "1d"], ".volume.lines") == "24")
  }

  /// Routes are counted by the hour.
  @Test func `metrics have no values of before or after`() {
    let logs = LogFolder()
    logs.append(
      "access.log",
      records: (0..<180).map {
        let time = "\($0 / 60 < 10 ? "0" : "")\($0 / 60):\($0 % 60 < 10 ? "0" : "")\($0 % 60)"
        return #"10.0.0.1 - - [01/Mar/2026:\#(time):00 +0000] "GET /a HTTP/1.1" 200 5"#
      })
    Self.ingest(logs)
    let sums =
      "[([.metrics.series[]? | select(.metric == \"route_requests\") | .count] | add), (.metrics.notes | length)]"
    for (range, expected) in [
      ([], "[180,0]"),
      (["--since", "2026-03-01T00:10:00Z", "--until", "2026-03-01T00:50:00Z"], "[null,1]"),
      (["--since", "2026-03-01T01:00:00Z", "--until", "2026-03-01T02:30:00Z"], "[60,1]"),
      (["--since", "2026-03-01T01:00:00Z", "--until", "2026-03-01T02:00:00Z"], "[60,0]"),
      (["--since", "2026-02-01T00:00:00Z", "--until", "2026-03-01T04:30:00Z"], "[180,0]"),
    ] as [([String], String)] {
      #expect(Self.report(logs, range, sums) == expected, "\(range)")
    }
  }

  /// Two days, each with an error of its own and one of both.
  private static func twoDays() -> LogFolder {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<48).flatMap { hour in
        [
          at(hour, "ERROR disk full"), at(hour, "ERROR \(hour < 24 ? "old" : "fresh") trouble"),
          at(hour, "INFO on"), at(hour, "INFO on"),
        ] + (hour < 24 ? [] : [at(hour, "ERROR disk full")])
      })
    ingest(logs)
    return logs
  }

  @Test func `what is compared has an earlier value for each figure and row`() {
    let logs = Self.twoDays()
    let day = [
      "--since", LogFolder.time(86_400), "--until", LogFolder.time(2 * 86_400), "--compare", "prev",
    ]
    #expect(
      Self.report(
        logs, day,
        "[.errors | .errors_earlier, .error_events_earlier, .new_errors, .new_errors_earlier, .regressed_errors_earlier, .escalating_errors_earlier]"
      )
        == "[2,48,1,2,0,0]")
    #expect(
      Self.report(logs, day, "[.errors.most_frequent[] | [.title, .count, .earlier, .change]]")
        == #"[["disk full",48,24,1],["fresh trouble",24,0,null]]"#)
    let missing =
      ".volume, .errors, .patterns, .anomalies | . as $section | keys_unsorted[] | select($section[.] | type == \"number\") | select((endswith(\"_earlier\") or $section[. + \"_earlier\"] != null) | not)"
    // New kinds of lines: nothing was known before the first day.
    #expect(Self.report(logs, day, missing) == #""new_patterns""#)
    for format in ["text", "md", "html"] {
      let page = logs.run(["report", "--format", format] + day).output
      #expect(page.contains("before: 48"))
      #expect(page.contains("new"))
    }
  }

  @Test func `the command of new errors lists them, and the status is that of then`() {
    let logs = Self.twoDays()
    let first = ["--until", LogFolder.time(86_400)]
    func listed(_ arguments: [String]) -> [String] {
      let path = logs.logbook.scratch.file("report.json")
      #expect(logs.run(["report", "--json", "--out", path] + arguments).status == 0)
      return logs.shell(
        """
        export LOGBOOK_DB=\(logs.logbook.database)
        for figure in errors new_errors regressed_errors escalating_errors; do
          command=$(jq -r ".errors.commands.$figure" ../report.json)
          echo "$figure $(jq ".errors.$figure" ../report.json) $(eval "\(Logbook.binary) ${command#logbook } --format ndjson" | wc -l)"
        done
        """
      ).output.split(separator: "\n").map(String.init)
    }
    let second = ["--since", LogFolder.time(86_400)]
    #expect(
      listed(second) == [
        "errors 2 2", "new_errors 1 1", "regressed_errors 0 0", "escalating_errors 0 0",
      ])
    let id = logs.value("SELECT id FROM errors WHERE title = 'disk full'")
    #expect(logs.run(["errors", "resolve", id]).status == 0)
    logs.append("app.log", records: [Self.at(49, "ERROR disk full"), Self.at(72, "INFO on")])
    Self.ingest(logs)
    #expect(logs.value("SELECT status FROM errors WHERE id = \(id)") == "regressed")
    // On the days before it came back it was resolved.
    for range in [first, second + ["--until", LogFolder.time(2 * 86_400)]] {
      #expect(listed(range)[2] == "regressed_errors 0 0")
    }
    #expect(listed(["--since", LogFolder.time(2 * 86_400)])[2] == "regressed_errors 1 1")
    #expect(
      Self.report(
        logs, second + ["--until", LogFolder.time(49 * 3600)], "[.errors.most_frequent[].status]")
        == #"["resolved","new"]"#)
    let open = logs.run(["errors", "--new", "--format", "ndjson"] + first).output
    #expect(open.split(separator: "\n").count == 1 && open.contains("old trouble"), "\(open)")
  }

  @Test func `escalation is that at the end of the time`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<120).flatMap { hour in
        (0..<(hour == 90 ? 60 : 1)).map { Self.at(hour, "ERROR slow disk", minute: $0 % 60) }
      })
    Self.ingest(logs)
    for (hour, count) in [(90, 0), (91, 1), (92, 1), (93, 0), (120, 0)] {
      #expect(
        Self.report(logs, ["--until", LogFolder.time(hour * 3600)], ".errors.escalating_errors")
          == "\(count)", "hour \(hour)")
    }
    #expect(logs.value("SELECT status FROM errors") == "new")
  }

  @Test func `what is gone for its age is said in every format`() {
    let logs = LogFolder()
    logs.append("app.log", 9000)
    Self.ingest(logs)
    #expect(Self.report(logs, [], ".report.notes") == "[]")
    #expect(logs.run(["prune", "--older-than", LogFolder.time(6000)]).status == 0)
    for format in ["text", "md", "json", "html"] {
      let page = logs.run(["report", "--format", format]).output
      #expect(page.contains("Lines from before 2026-01-01 01:25 are gone for their"), "\(format)")
    }
    #expect(Self.report(logs, ["--since", LogFolder.time(9000)], ".report.notes") == "[]")
    #expect(Self.report(logs, [], ".volume.lines") == "9000")
    #expect(
      logs.run(["prune", "--errors-older-than", LogFolder.time(6000)]).status == 0)
  }

  @Test func `metrics of one source have percentiles and a command`() {
    let logs = LogFolder()
    logs.configuration = """
      metrics: [{name: took, pattern: 'took (\\d+)', function: histogram, step: 1h}]
      sources: [{name: 'a.b"c', path: logs/app.log}, {name: aXb, path: logs/other.log}]
      """
    logs.append("app.log", records: (0..<50).map { Self.at($0, "INFO took \($0)") })
    logs.append("other.log", records: (0..<50).map { Self.at($0, "INFO took 1000") })
    logs.shell("touch -d '1 hour ago' *")
    #expect(logs.run(["ingest"]).status == 0)
    let all = Self.report(
      logs, ["--source", #"a.b"c"#], ".metrics.series[0] | [.count, .p50, .max]")
    #expect(all.hasPrefix("[50,24") && all.hasSuffix(",49]"), "\(all)")
    for sources in [[#"a.b"c"#], ["a*"], [#"a.b"c"#, "aXb"], ["*X*"]] {
      let arguments = sources.flatMap { ["--source", $0] }
      _ = Self.report(logs, arguments, ".metrics.series[0].command")
      let values = logs.shell(
        """
        command=$(jq -r '.metrics.series[0].command' ../report.json)
        export LOGBOOK_DB=\(logs.logbook.database)
        eval "\(Logbook.binary) ${command#logbook } --fn count --format ndjson" | jq -s 'map(.value) | add'
        jq '[.metrics.series[].count] | add' ../report.json
        """
      ).output.split(separator: "\n")
      #expect(values.count == 2 && values.first == values.last, "\(sources): \(values)")
    }
  }

  @Test func `a page goes where a link leads, and keeps its mode`() {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.ingest()
    logs.shell(
      "mkdir ../web; echo old > ../web/real; chmod 604 ../web/real; ln -s web/real ../page; ln -s new ../web/dangling"
    )
    let page = logs.logbook.scratch.file("page")
    #expect(logs.run(["report", "--html", page]).status == 0)
    #expect(
      logs.shell("stat -c '%F %a' ../page ../web/real; head -c 15 ../web/real").output
        == "symbolic link 777\nregular file 604\n<!DOCTYPE html>")
    #expect(logs.run(["report", "-o", logs.logbook.scratch.file("web/dangling")]).status == 0)
    #expect(
      logs.shell("stat -c %F ../web/dangling ../web/new; ls ../web").output
        == "symbolic link\nregular file\ndangling\nnew\nreal\n")
  }

  @Test func `a gateway has the panels of requests`() {
    let logs = LogFolder()
    func line(_ second: Int, _ path: String, _ status: Int, _ agent: String) -> String {
      #"{"ai_log":"{}","bytes_sent":"\#(100 + second)","downstream_remote_address":"10.0.0.\#(second % 3):\#(40_000 + second)","duration":"\#(second)","method":"GET","path":"\#(path)","response_code":"\#(status)","response_flags":"-","start_time":"\#(LogFolder.time(3600 + second))","user_agent":"\#(agent)","x_forwarded_for":"\#(second % 2 == 0 ? "-" : "10.0.0.\(second % 3)")"}"#
    }
    logs.append(
      "gate.log",
      records: (10..<60).map {
        line($0, "/p/\($0 % 4)", $0 % 5 == 0 ? 503 : 200, "agent/\($0 % 2)")
      })
    logs.append(
      "access.log",
      records: (10..<30).map {
        #"10.0.0.1 - - [01/Jan/2026:01:00:\#($0) +0000] "GET /p/1 HTTP/1.1" 503 7 "-" "agent/1" 0.100"#
      })
    logs.append("app.log", records: [Self.at(1, "INFO path=/p/1 status=503")])
    Self.ingest(logs)
    for (arguments, requests, failed) in [
      ([], 70, 30), (["--source", logs.file("gate.log")], 50, 10),
      (["--where", "path:/p/1"], 32, 22),
    ] as [([String], Int, Int)] {
      #expect(
        Self.report(logs, arguments, ".requests | [.requests, .failed_requests]")
          == "[\(requests),\(failed)]", "\(arguments)")
      let rows = logs.shell(
        """
        export LOGBOOK_DB=\(logs.logbook.database) TZ=UTC
        jq -r '.requests | ([.requests, .commands.requests], [.failed_requests, .commands.failed_requests] | @tsv),
          (.statuses[], .paths[], .clients[], .agents[] | "\\(.hits)\\t\\(.command)")' ../report.json |
        while IFS="$(printf '\\t')" read -r count command; do
          found=$(eval "\(Logbook.binary) ${command#logbook } --format ndjson" | wc -l)
          echo "$count $found $command"
        done
        """
      ).output.split(separator: "\n")
      #expect(rows.count >= 6, "\(arguments)")
      for row in rows {
        let words = row.split(separator: " ")
        #expect(words[0] == words[1], "\(row)")
      }
    }
  }

  @Test func `a command finds requests of access logs and of records, and no other records`() {
    let logs = LogFolder()
    logs.append(
      "access.log",
      records: (10..<20).map {
        #"10.0.0.1 - - [01/Jan/2026:01:00:\#($0) +0000] "GET /p HTTP/1.1" 200 7 "-" "agent" 0.100"#
      })
    logs.append(
      "web.log",
      records: (10..<30).map {
        let time = LogFolder.time(3600 + $0)
        let status = $0 % 4 == 0 ? "" : #","method":"GET","status":200"#
        return #"{"time":"\#(time)","path":"/p","user_agent":"agent"\#(status)}"#
      })
    Self.ingest(logs)
    let command = Self.report(logs, [], ".requests.paths[0] | [.hits, .command]")
    #expect(
      command.hasPrefix(
        #"[25,"logbook search 'path:\"/p\" (request:* OR method:* status:*)' "#), "\(command)")
    let query = #"path:"/p" (request:* OR method:* status:*)"#
    #expect(logs.run(["search", query, "--count"]).output == "25\n")
  }

  @Test func `a command finds requests of gateways and of records, and no other records`() {
    let logs = LogFolder()
    logs.append(
      "gateway.log",
      records: (10..<20).map {
        #"{"ai_log":"-","method":"GET","path":"/p","response_code":"200","start_time":"\#(LogFolder.time($0))"}"#
      })
    logs.append(
      "web.log",
      records: (10..<30).map {
        let status = $0 % 4 == 0 ? "" : #","status":200"#
        return #"{"time":"\#(LogFolder.time($0))","method":"GET","path":"/p"\#(status)}"#
      })
    Self.ingest(logs)
    #expect(Self.report(logs, [], ".requests.requests") == "25")
    let rows = logs.shell(
      """
      export LOGBOOK_DB=\(logs.logbook.database) TZ=UTC
      jq -r '.requests | "\\(.requests)\\t\\(.commands.requests)", (.paths[] | "\\(.hits)\\t\\(.command)")' ../report.json |
      while IFS="$(printf '\\t')" read -r count command; do
        echo "$count $(eval "\(Logbook.binary) ${command#logbook } --count") $command"
      done
      """
    ).output.split(separator: "\n")
    #expect(rows.count == 2 && rows.allSatisfy { $0.hasPrefix("25 25 ") }, "\(rows)")
  }

  @Test func `rejects are those of the sources that are asked for`() {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.append(
      "other.log", records: [#"{"time":"2026-01-01T00:00:00Z","usage":{"prompt_tokens":-5}}"#])
    Self.ingest(logs)
    let name = logs.file("app.log")
    let command = Self.report(logs, ["--source", name], ".quality.commands.rejects")
    #expect(command.contains(name), "\(command)")
    #expect(Self.report(logs, ["--source", name], ".quality.rejects") == "0")
    #expect(logs.run(["report", "--where", "a", "--fail-on", "anomalies"]).status == 2)
  }
}
