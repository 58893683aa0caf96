import TestSupport
import Testing

/// A report says what the store says, the same whenever and however that was read.
@Suite struct `Reports` {
  private static let formats = ["text", "md", "json", "html"]

  private static func access(_ second: Int, _ random: inout SeededRandom) -> String {
    let clock = LogFolder.time(second).dropFirst(11).prefix(8)
    let path =
      ["/", "/cart", "/p/\(Int.random(in: 1...9, using: &random))", "/a?b=<i>"].randomElement(
        using: &random) ?? ""
    let status = [200, 200, 304, 404, 500].randomElement(using: &random) ?? 200
    return
      "10.0.0.\(second % 5) - - [01/Jan/2026:\(clock) +0000] \"GET \(path) HTTP/1.1\" \(status) \(second % 900) \"-\" \"agent/\(second % 3)\" 0.\(100 + second % 800)"
  }

  /// Files of several formats.
  private static func files(seed: UInt64) -> [(name: String, records: [String])] {
    var random = SeededRandom(seed: seed)
    let writer = LogFolder()
    let usage = (0..<60).map { _ in writer.usageLine() }
    let access = (0..<300).map { Self.access(1000 + $0 * 61, &random) }
    let errors = `Errors of a store`.records(120, &random)
    return [
      ("app.log", writer.lines(200) + errors), ("access.log", access), ("usage.log", usage),
      ("hostile.log", hostile),
    ]
  }

  private static let hostile = [
    "\(LogFolder.time(5)) ERROR <script>alert(1)</script>",
    "\(LogFolder.time(6)) ERROR </style><img src=x onerror=alert(1)> & \"quoted\" 'x'",
    "\(LogFolder.time(7)) FATAL \u{202E}backwards\u{202C} \u{1B}[31m",
  ]

  private static func store(
    _ files: [(name: String, records: [String])], _ order: [Int]
  ) -> LogFolder {
    let logs = LogFolder()
    for file in files { logs.append(file.name, records: file.records) }
    logs.shell("touch -d '1 hour ago' *")
    for index in order { logs.ingest(logs.file(files[index].name), "--source", files[index].name) }
    return logs
  }

  private static func report(_ logs: LogFolder, _ arguments: String...) -> [String] {
    formats.map { format in
      let outcome = logs.run(["report", "--format", format] + arguments)
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
      return outcome.output
    }
  }

  @Test(arguments: [3, 4] as [UInt64])
  func `do not depend on the order of reading, nor on when they are made`(seed: UInt64) {
    print("seed \(seed)")
    let files = Self.files(seed: seed)
    let (one, other) = (Self.store(files, [0, 1, 2, 3]), Self.store(files, [3, 1, 0, 2]))
    #expect(Self.report(one) == Self.report(one))
    #expect(Self.report(one) == Self.report(other))
    let arguments = ["--since", "2h", "--compare", "prev"]
    #expect(
      one.run(["report", "--json"] + arguments).output
        == other.run(["report", "--json"] + arguments).output)
  }

  @Test func `say what queries say`() {
    let logs = Self.store(Self.files(seed: 5), [0, 1, 2, 3])
    let path = logs.file("report.json")
    #expect(logs.run(["report", "--json", "--out", path]).status == 0)
    func figure(_ expression: String) -> String {
      logs.shell("jq -r '\(expression)' report.json").output.split(separator: "\n").joined()
    }
    for (expression, sql) in [
      (".volume.lines", "SELECT count(*) FROM log"),
      ("[.volume.levels[].lines] | add", "SELECT count(*) FROM log"),
      ("[.volume.sources[].lines] | add", "SELECT count(*) FROM log"),
      ("[.volume.lines_by_level.series[].values[]] | add", "SELECT count(*) FROM log"),
      (".volume.error_lines", "SELECT count(*) FROM log WHERE level IN ('error', 'fatal')"),
      ("[.patterns.top[].count] | add", "SELECT sum(count) FROM patterns"),
      (".errors.error_events", "SELECT sum(count) FROM errors"),
      (".errors.errors", "SELECT count(*) FROM errors"),
      (".sessions.turns", "SELECT count(*) FROM turns"),
      ("[.sessions.models[].turns] | add", "SELECT count(*) FROM turns"),
      (".sessions.tokens", "SELECT sum(total_tokens) FROM turns"),
      (".sessions.cost * 1e9 | round", "SELECT sum(cost_nano) FROM turns"),
      (
        "[.sessions.cost_by_model.series[].values[]] | add * 1e9 | round",
        "SELECT sum(cost_nano) FROM turns"
      ),
      (".requests.requests", "SELECT count(*) FROM log WHERE attributes->>'request' IS NOT NULL"),
      ("[.requests.statuses[].hits] | add", "SELECT count(*) FROM log WHERE source = 'access.log'"),
      ("[.requests.paths[].hits] | add", "SELECT count(*) FROM log WHERE source = 'access.log'"),
      (
        ".requests.sent_bytes",
        "SELECT sum(attributes->>'bytes') FROM log WHERE source = 'access.log'"
      ),
      (".requests.failed_requests", "SELECT count(*) FROM log WHERE attributes->>'status' >= 500"),
    ] {
      #expect(figure(expression) == logs.value(sql), "\(expression)")
    }
  }

  @Test func `name commands that list as many lines as they count`() {
    let logs = Self.store(Self.files(seed: 6), [0, 1, 2, 3])
    let rows = logs.shell(
      """
      export LOGBOOK_DB=\(logs.logbook.database) TZ=UTC
      \(Logbook.binary) report --json > report.json
      jq -r '(.volume.levels[], .volume.sources[] | "\\(.lines)\\t\\(.command)"),
        (.patterns.top[], .errors.most_frequent[] | "\\(.count)\\t\\(.command)"),
        (.requests.statuses[], .requests.paths[], .requests.clients[], .requests.agents[] | "\\(.hits)\\t\\(.command)"),
        (.sessions.models[] | "\\(.turns)\\t\\(.command)")' report.json |
      while IFS="$(printf '\\t')" read -r count command; do
        found=$(eval "\(Logbook.binary) ${command#logbook } --format ndjson" | wc -l)
        echo "$count $found $command"
      done
      """
    ).output.split(separator: "\n")
    #expect(rows.count > 30)
    for row in rows {
      let words = row.split(separator: " ")
      #expect(words[0] == words[1], "\(row)")
    }
  }

  @Test func `show hostile lines as text`() {
    let logs = Self.store(Self.files(seed: 7), [0, 1, 2, 3])
    for page in Self.report(logs).suffix(1) {
      #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("\u{1B}"))
      #expect(page.contains("&lt;script&gt;alert("))
      #expect(!page.contains("\u{202E}"))
    }
  }

  @Test func `are of the lines that a search finds`() {
    let logs = Self.store(Self.files(seed: 8), [0, 1, 2, 3])
    for query in [
      "timeout", "level:error", "status:404", "-failed", "source:app.log OR status>=500",
    ] {
      logs.shell(
        """
        export LOGBOOK_DB=\(logs.logbook.database)
        \(Logbook.binary) report --json --where '\(query)' > report.json
        [ "$(jq .volume.lines report.json)" = "$(\(Logbook.binary) search '\(query)' --count)" ]
        [ "$(jq '[.patterns.top[].count] | add' report.json)" = "$(jq .volume.lines report.json)" ]
        """)
    }
  }

  @Test func `replace the page of the day before, and leave it where they fail`() {
    let logs = Self.store(Self.files(seed: 9), [0, 1, 2, 3])
    let page = logs.file("page.html")
    #expect(logs.run(["report", "--html", page]).status == 0)
    let before = logs.shell("cat page.html").output
    #expect(logs.run(["report", "--html", page, "--since", "nonsense"]).status == 2)
    #expect(logs.shell("cat page.html").output == before)
    let failing = logs.run(["report", "--html", page, "--fail-on", "errors,lines<1"])
    #expect(logs.shell("ls").output.split(separator: "\n").allSatisfy { !$0.hasSuffix("partial") })
    #expect(failing.status == 3 && failing.errorOutput.contains("--fail-on errors: it is"))
    #expect(logs.shell("cat page.html").output == before)
  }

  @Test func `a report or an export does not take the place of the database`() {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.ingest()
    let database = logs.logbook.database
    // A link to what is not there yet, too.
    logs.shell("ln -s \(database).key ../link")
    for arguments in [
      ["report", "-o", database], ["report", "--html", database],
      ["report", "-o", logs.logbook.scratch.file("link")],
      ["report", "-o", database + "-wal"],
      ["export", "log", "--force", "-o", database],
    ] {
      let outcome = logs.run(arguments)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errorOutput)")
    }
    logs.expectVerified()
  }

  @Test(arguments: [
    ["--since", "2026-01-01"], ["--until", "2026-01-01"], ["--compare", "prev"], ["--since", "1d"],
    [],
  ])
  func `where nothing is stored yet the report says so`(arguments: [String]) {
    for text in ["", "one line"] {
      let logs = LogFolder()
      logs.appendText("app.log", text)
      logs.ingest()
      #expect(logs.run(["report"] + arguments).status == 0)
      #expect(logs.run(["report", "--fail-on", "lines<1"] + arguments).status == 3)
    }
  }

  @Test func `logs that have stopped fail a check for lines`() {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.ingest()
    #expect(logs.run(["report", "--since", "2040-01-01", "--fail-on", "lines<1"]).status == 3)
    #expect(logs.run(["report", "--since", "2040-01-01", "--until", "2030-01-01"]).status == 2)
  }

  @Test func `no number that a log says is too large to add up`() {
    let logs = LogFolder()
    logs.append(
      "access.log",
      records: (10..<40).map {
        #"10.0.0.1 - - [02/Mar/2026:08:00:\#($0) +0000] "GET /a HTTP/1.1" 200 999999999999999999 "-" "c""#
      })
    logs.ingest()
    #expect(logs.run(["report"]).status == 0)
    #expect(logs.run(["report", "--json"]).output.contains("9223372036854775807"))
  }
}
