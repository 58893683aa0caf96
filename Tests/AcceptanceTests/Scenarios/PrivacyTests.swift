import TestSupport
import Testing

/// What must not be stored is in no chunk, no table and no byte of the file.
@Suite struct `Privacy` {
  static let secret = "sk-Q7vX2mN9pL4kR8tW1zY5"
  /// Parts of it give it away, too.
  static let traces = [
    "Q7vX2mN9", "pL4kR8tW1zY5", "\\\\u0037\\\\u0076\\\\u0058", "4111111111111111",
  ]

  enum Setting: String, CaseIterable {
    case drop, hash, redact

    var lines: String {
      switch self {
      case .drop: "content: drop"
      case .hash: "content: hash"
      case .redact: #"redact: ['sk-[A-Za-z0-9]{20,}', '4\d{15}']"#
      }
    }

    var placements: [(name: String, text: String)] {
      switch self {
      case .drop, .hash: PrivacyPlacements.content + PrivacyItems.content
      case .redact: PrivacyPlacements.content + PrivacyPlacements.elsewhere
      }
    }
  }

  /// A store and the logs that it is read from, a source for each placement.
  private struct Case {
    let logbook = Logbook()
    let texts: [[UInt8]]

    init(_ setting: Setting?, _ placements: [(name: String, text: String)]) {
      texts = placements.map {
        Array($0.text.replacing("%", with: Privacy.secret).utf8) + [0x0A]
      }
      var lines = ["sources:"]
      for (index, placement) in placements.enumerated() {
        lines.append("  - name: \(placement.name)")
        lines.append("    path: \(logbook.scratch.file("\(index).log"))")
        lines.append("    timezone: UTC")
        // Of one line nobody can tell.
        for format in ["cri", "docker"] where placement.name.hasPrefix(format) {
          lines.append("    format: \(format)")
        }
        if let setting { lines.append("    \(setting.lines)") }
      }
      logbook.scratch.write("logbook.yaml", lines.joined(separator: "\n") + "\n")
    }

    /// Writes so much of each file as `share` of it, and reads them.
    func ingest(upTo share: Double = 1, from start: Double = 0) {
      for (index, text) in texts.enumerated() {
        let part = text[Int(Double(text.count) * start)..<Int(Double(text.count) * share)]
        logbook.scratch.append("\(index).log", Array(part))
      }
      let run = logbook.run("ingest")
      #expect(run.status == 0, "\(run.errorOutput.prefix(500))")
    }

    func value(_ sql: String) -> String {
      let shell = Command.run("sqlite3", [logbook.database, sql])
      #expect(shell.status == 0, "\(shell.errorOutput.prefix(300))")
      return shell.output
    }

    var everything: String {
      let found = Command.run("/bin/sh", ["-ec", logbook.everythingScript])
      #expect(found.status == 0, "\(found.errorOutput.prefix(300))")
      return String(decoding: found.outputBytes, as: UTF8.self)
    }

    func expectNoTrace() {
      let text = everything
      for trace in Privacy.traces where text.contains(trace) {
        let place = text.firstRange(of: trace).map {
          text[$0.lowerBound...].prefix(60) + " … "
            + String(text[..<$0.lowerBound].suffix(300))
        }
        Issue.record("\(trace) is in the store: \(place ?? "")")
      }
    }

    func expectVerified() {
      let verify = logbook.run("verify", "--deep", "--format", "csv")
      #expect(verify.status == 0, "\(verify.output.prefix(1500))")
    }

    static let turns =
      "SELECT s.name, e.key, t.time_us, m.text, t.input, t.cache_read, t.output, t.reasoning, t.tool_calls,"
      + " t.status, t.suspect, t.key, t.rank, t.tie, t.cost_nano, t.failure IS NULL FROM turn t"
      + " LEFT JOIN session e ON e.id = t.session LEFT JOIN turn_label m ON m.id = t.model"
      + " LEFT JOIN source s ON s.id = t.log_id >> 36 ORDER BY t.log_id, t.id"

    /// Sources with lines that are JSON, and how many they are.
    static let json =
      "SELECT source, count(*) FROM log WHERE json_valid(message) GROUP BY source ORDER BY source"
  }

  @Test(arguments: Setting.allCases)
  func `the secret is nowhere in the store`(_ setting: Setting) {
    let (store, kept) = (Case(setting, setting.placements), Case(nil, setting.placements))
    store.ingest()
    kept.ingest()
    store.expectNoTrace()
    #expect(kept.everything.contains(Self.secret))
    store.expectVerified()
    #expect(store.value(Case.json) == kept.value(Case.json))
    if setting != .redact { #expect(store.value(Case.turns) == kept.value(Case.turns)) }
    #expect(
      store.value("SELECT count(*), count(DISTINCT source) FROM log")
        == kept.value("SELECT count(*), count(DISTINCT source) FROM log"))
  }

  @Test(arguments: Setting.allCases, [0.35, 0.5, 0.62, 0.8, 0.97])
  func `nor while a record is open`(_ setting: Setting, _ share: Double) {
    let (store, kept) = (Case(setting, setting.placements), Case(nil, setting.placements))
    store.ingest(upTo: share)
    store.expectNoTrace()
    store.ingest(from: share)
    store.expectNoTrace()
    store.expectVerified()
    kept.ingest()
    if setting != .redact { #expect(store.value(Case.turns) == kept.value(Case.turns)) }
  }

  @Test func `of a line that is cut, what is left of the secret goes`() {
    let logbook = Logbook()
    logbook.scratch.write(
      "logbook.yaml",
      """
      sources:
        - name: a
          path: \(logbook.scratch.file("a.log"))
          max_line: 60
          redact: 'sk-[A-Za-z0-9]{20,}'
        - name: b
          path: \(logbook.scratch.file("b.log"))
          max_line: 60
          content: drop

      """)
    let text = "2026-02-01 10:00:00 INFO " + String(repeating: "x", count: 20) + " "
    logbook.scratch.write("a.log", text + Self.secret + " and more\n")
    logbook.scratch.write(
      "b.log", #"{"time":"2026-02-01T10:00:00Z","answer":"so \#(Self.secret) it is"}"# + "\n")
    #expect(logbook.run("ingest").status == 0)
    let found = Command.run(
      "sqlite3", [logbook.database, "SELECT message FROM log; SELECT text FROM reject"])
    #expect(
      found.output == """
        \(text)[redacted]
        {"time":"2026-02-01T10:00:00Z","answer":"[dropped]
        \(text)[redacted]
        {"time":"2026-02-01T10:00:00Z","answer":"[dropped]

        """)
    #expect(logbook.run("verify", "--deep").status == 0)
  }

  @Test func `a pattern that takes too many steps keeps nothing of the record, and says so`() {
    let logbook = Logbook()
    logbook.scratch.write(
      "logbook.yaml",
      """
      sources:
        - name: a
          path: \(logbook.scratch.file("a.log"))
          redact: '^.*?(a+)+$'

      """)
    let long = String(repeating: "a", count: 60)
    logbook.scratch.write(
      "a.log",
      """
      {"time":"2026-02-01T10:00:00Z","level":"warn","a":"\(long)!","n":5}
      {"time":"2026-02-01T10:00:01Z","level":"info","x":"b"}

      """)
    #expect(logbook.run("ingest").status == 0)
    let found = Command.run(
      "sqlite3",
      [
        logbook.database,
        "SELECT time, level, message FROM log; SELECT log_id & 0xFF, reason, text FROM reject",
      ])
    #expect(
      found.output == """
        2026-02-01T10:00:00.000000Z|warn|{"[redacted]":"[redacted]","[redacted]":"[redacted]","[redacted]":"[redacted]","[redacted]":"[redacted]"}
        2026-02-01T10:00:01.000000Z|info|{"time":"2026-02-01T10:00:01Z","level":"info","x":"b"}
        1|a redact pattern takes too many steps: nothing of the record was kept|{"[redacted]":"[redacted]","[redacted]":"[redacted]","[redacted]":"[redacted]","[redacted]":"[redacted]"}

        """)
  }

  @Test func `hashes are equal for equal texts, and none without the key beside the store`() {
    func hashes(_ logbook: Logbook) -> String {
      logbook.scratch.write(
        "logbook.yaml",
        "sources: [{name: a, path: '\(logbook.scratch.file("a.log"))', content: hash}]\n")
      logbook.scratch.write(
        "a.log",
        ["x", "y", "x"].map { #"{"time":"2026-02-01T10:00:00Z","answer":"\#($0)"}"# + "\n" }
          .joined())
      #expect(logbook.run("ingest").status == 0)
      return Command.run(
        "sqlite3", [logbook.database, "SELECT message ->> 'answer' FROM log ORDER BY id"]
      ).output
    }
    let (first, second) = (Logbook(), Logbook())
    let lines = hashes(first).split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == lines[2] && lines[0] != lines[1])
    #expect(hashes(second).split(separator: "\n").first != lines.first)
    let mode = Command.run("/bin/sh", ["-c", "stat -c '%a %s' \(first.database).key"])
    #expect(mode.output == "600 32\n")
  }

  @Test
  func `a source's settings hold for its files under another name, and for what it is called`() {
    let logbook = Logbook()
    logbook.scratch.write(
      "logbook.yaml",
      "sources: [{name: gateway, path: '\(logbook.scratch.file("g*.log"))', redact: 'sk-\\w+'}]\n")
    logbook.scratch.write("g1.log", "2026-02-01 10:00:00 INFO \(Self.secret)\n")
    #expect(logbook.run("ingest", logbook.scratch.file("g1.log")).status == 0)
    let line = "2026-02-01 10:00:00 INFO \(Self.secret)\n"
    let piped = logbook.run("ingest", "-", "--source", "gateway", input: Array(line.utf8))
    #expect(piped.status == 0)
    let found = Command.run("sqlite3", [logbook.database, "SELECT message FROM log"])
    #expect(
      found.output == """
        2026-02-01 10:00:00 INFO [redacted]
        2026-02-01 10:00:00 INFO [redacted]

        """)
  }

  @Test(arguments: ["redact: 'pw=\\w+'", "content: drop"])
  func `a file that lost its end, and one that was packed, are known by what is left of its lines`(
    _ setting: String
  ) {
    let logs = LogFolder()
    logs.scratchConfiguration(setting)
    let lines = (1...40).map {
      #"{"time":"\#(LogFolder.time($0))","answer":"pw=secret\#($0)","n":\#($0)}"#
    }
    logs.append("app.log", records: lines)
    logs.ingestConfigured()
    logs.shell("head -n 30 app.log > kept; cat kept > app.log; rm kept")
    logs.append("app.log", records: [#"{"time":"\#(LogFolder.time(50))","n":50}"#])
    logs.ingestConfigured()
    #expect(logs.value("SELECT count(*) FROM log") == "41")
    logs.shell("gzip app.log; mv app.log.gz app.log.1.gz")
    logs.ingestConfigured()
    #expect(logs.value("SELECT count(*) FROM log") == "41")
    #expect(logs.value("SELECT count(*) FROM log WHERE message LIKE '%secret%'") == "0")
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  @Test func `verify --deep finds a file that says something else between the marks`() {
    let logs = LogFolder()
    logs.scratchConfiguration("redact: 'pw=\\w+'")
    logs.append(
      "app.log", records: (1...200).map { "\(LogFolder.time($0)) INFO user ada pw=x\($0) ok" })
    logs.ingestConfigured()
    #expect(logs.run(["verify", "--deep"]).status == 0)
    logs.shell(
      """
      place=$(grep -bo 'ada pw=x100 ' app.log | cut -d: -f1)
      printf bob | dd of=app.log bs=1 seek=$place conv=notrunc status=none
      """)
    let verify = logs.run(["verify", "--deep"])
    #expect(verify.status == 1)
  }

  @Test(arguments: ["content: drop", "redact: ['x{9,}']"])
  func `a line of which nearly nothing is stored is compared with all of it`(_ setting: String) {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*', \(setting)}]\n"
    let long = String(repeating: "x", count: 300_000)
    logs.append(
      "app.log",
      records: (1...3).map {
        #"{"time":"\#(LogFolder.time($0))","model":"gpt-4o","answer":"\#(long)","n":\#($0)}"#
      })
    #expect(logs.run(["ingest"]).status == 0)
    logs.expectVerified()
    // Between what tells that the file is the same: its first and last bytes.
    logs.shell(
      "printf x | dd of=app.log bs=1 conv=notrunc seek=$(grep -oba gpt-4o app.log | tail -1 | cut -d: -f1)"
    )
    #expect(logs.run(["verify", "--deep"]).status != 0)
  }
}

extension Logbook {
  /// Writes everything that the store could give away.
  var everythingScript: String {
    """
    cat \(database); if [ -e \(database)-wal ]; then cat \(database)-wal; fi
    sqlite3 \(database) 'SELECT sqlar_uncompress(data, size) FROM chunk' 'SELECT source, message FROM log' .dump;
    """
  }
}

extension LogFolder {
  /// A configuration with the folder as its only source.
  fileprivate func scratchConfiguration(_ setting: String) {
    logbook.scratch.write(
      "logbook.yaml", "sources: [{name: logs, path: '\(path)', \(setting)}]\n")
  }

  fileprivate func ingestConfigured() {
    let outcome = run(["ingest"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }
}
