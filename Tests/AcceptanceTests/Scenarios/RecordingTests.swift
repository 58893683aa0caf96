import TestSupport
import Testing

/// What `emit`, `run` and a host record.
@Suite struct `Recording` {
  private static func folder(_ configuration: String = "") -> LogFolder {
    let logs = LogFolder()
    if !configuration.isEmpty { logs.configuration = configuration }
    return logs
  }

  @Test(arguments: ["1", "2"])
  func `bytes pass through as they are`(_ descriptor: String) {
    let logs = Self.folder()
    logs.shell("head -c 300000 /dev/urandom > bytes")
    let (here, there) = descriptor == "1" ? (">", "2>") : ("2>", ">")
    let program = "'\(Logbook.binary)'"
    logs.shell(
      "\(program) --db ../logbook.db run -- sh -c 'cat bytes >&\(descriptor); exit 1' \(here) passed \(there) /dev/null || true"
    )
    let difference = logs.shell("cmp bytes passed")
    #expect(difference.status == 0, "\(difference.output)")
  }

  @Test func `only the end of a long standard error is kept`() {
    let logs = Self.folder()
    logs.shell(
      "'\(Logbook.binary)' --db ../logbook.db run --name noisy -- sh -c 'seq 1 100000 >&2; exit 2' 2> /dev/null || true"
    )
    let rows = logs.rows(
      "SELECT json_extract(message, '$.stderr_bytes') || ' ' || length(json_extract(message, '$.stderr')) || ' ' || substr(json_extract(message, '$.message'), 1, 80) FROM log"
    )
    #expect(rows == ["588895 16384 noisy failed with exit status 2: 100000"])
  }

  @Test func `what runs in the background is not waited for`() {
    let logs = Self.folder()
    let outcome = logs.run([
      "run", "--", "sh", "-c", "sleep 1000 > /dev/null < /dev/null & echo $! > pid; echo said >&2",
    ])
    #expect(outcome.status == 0)
    #expect(outcome.errorOutput == "said\n")
    logs.shell("kill $(cat pid 2> /dev/null || cat ../pid)")
  }

  @Test func `what the background writes to standard error arrives after the command's end`() {
    let logs = Self.folder()
    logs.shell("mkfifo go; seq 1 200000 > all")
    // The pipe is at its end when nobody has it any more, in the background either.
    let command =
      "(seq 1 100000; read x < go; seq 100001 200000; echo alive > done) >&2 &"
    let run = logs.shell(
      "{ '\(Logbook.binary)' --db ../logbook.db run -- sh -c '\(command)'; echo > go; } 2>&1 | cmp - all",
      isExpectedToWork: false)
    #expect(run.status == 0, "\(run.output)\(run.errorOutput)")
    #expect(logs.shell("cat done", isExpectedToWork: false).output == "alive\n")
  }

  @Test func `an event waits for the run that is going on, and the next one stores it`() {
    let logs = Self.folder()
    logs.append("app.log", 3)
    logs.ingest()
    let program = "'\(Logbook.binary)' --db ../logbook.db"
    // The lock of the run, held by another program.
    let outcome = logs.shell(
      "flock ../logbook.db.run.lock sh -c \"\(program) emit event waiting && \(program) emit metric m 1 && \(program) run --name w -- true\"; echo $?"
    )
    #expect(outcome.output == "0\n", "\(outcome.output)\(outcome.errorOutput)")
    #expect(logs.rows("SELECT count(*) FROM emitted") == ["2"])
    #expect(logs.rows("SELECT count(*) FROM log WHERE source IN ('events', 'run')") == ["0"])
    #expect(logs.rows("SELECT count(*) FROM samples") == ["3"])
    #expect(logs.run(["ingest", logs.path]).status == 0)
    #expect(logs.rows("SELECT count(*) FROM emitted") == ["0"])
    #expect(
      logs.rows(
        "SELECT source || ' ' || count(*) FROM log WHERE source IN ('events', 'run') GROUP BY source"
      )
        == ["events 1", "run 1"])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `what is to be redacted in a source is redacted in its events`() {
    let logs = Self.folder("sources: [{name: events, path: nothing, redact: ['sk-\\w+']}]\n")
    #expect(logs.run(["emit", "event", "key sk-abc", "--field", "k=sk-def"]).status == 0)
    #expect(logs.rows("SELECT count(*) FROM log WHERE message LIKE '%sk-%'") == ["0"])
    #expect(logs.rows("SELECT count(*) FROM log WHERE message LIKE '%[redacted]%'") == ["1"])
  }

  @Test func `what is to be redacted waits in no table, and is in no label`() {
    let logs = Self.folder(
      "sources: [{name: events, path: nothing, redact: ['sk-\\w+']}, {name: run, path: none, redact: ['sk-\\w+']}]\n"
    )
    logs.append("app.log", 1)
    logs.shell("touch -d '1 hour ago' *")
    #expect(logs.run(["ingest", logs.path]).status == 0)
    let program = "'\(Logbook.binary)' --db ../logbook.db --config ../logbook.yaml"
    logs.shell(
      "flock ../logbook.db.run.lock sh -c \"\(program) emit event 'key sk-abc' && \(program) emit event open && \(program) run --name sk-def -- true\""
    )
    #expect(logs.rows("SELECT count(*) || ' ' || sum(marked) FROM emitted") == ["3 2"])
    #expect(logs.rows("SELECT count(*) FROM emitted WHERE text LIKE '%sk-%'") == ["0"])
    #expect(logs.rows("SELECT DISTINCT labels ->> '$.name' FROM gauge") == ["[redacted]"])
    #expect(logs.run(["ingest", logs.path]).status == 0)
    #expect(logs.rows("SELECT count(*) FROM log WHERE message LIKE '%[redacted]%'") == ["2"])
    #expect(logs.rows("SELECT count(*) FROM log WHERE message LIKE '%open%'") == ["1"])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [
    (["1e-12"], "1e-12"), (["-2.5e-10"], "-2.5e-10"), (["1234.567890123456"], "1234.567890123456"),
    (["0.1"], "0.1"), (["12345678.9"], "12345678.9"), (["7"], "7"),
    (["9e17", "9e17"], "9e+17"),
    // On average; what has no more than nine decimals is added up exactly.
    (["1e-12", "3e-12"], "2e-12"), (["0.1", "0.2"], "0.15"), (["0.1", "0.7"], "0.4"),
  ])
  func `a gauge is shown as it was given`(_ values: [String], _ shown: String) {
    let logs = Self.folder()
    for (index, value) in values.enumerated() {
      #expect(logs.run(["emit", "metric", "m", "--time", "@\(index)", "--", value]).status == 0)
    }
    let outcome = logs.run(["metrics", "query", "m", "--format", "csv"])
    #expect(outcome.output.hasSuffix(",{},\(shown)\n"), "\(outcome.output)\(outcome.errorOutput)")
  }

  @Test func `who waits for another writer ends when he is asked to`() {
    let logs = Self.folder()
    logs.append("app.log", 1)
    let program = "'\(Logbook.binary)' --db ../logbook.db"
    // The signals begin before the command has ended, and pass through to it.
    logs.shell("echo 'trap \"\" TERM; touch done' > ../command")
    let run = logs.shell(
      "flock ../logbook.db.write.lock sh -c \"\(program) run --name w -- sh ../command 2> ../errors & p=\\$!; until [ -e done ]; do :; done; (while kill -TERM \\$p; do :; done) 2> ../others & k=\\$!; wait \\$p; echo \\$?; kill \\$k; cat ../errors\""
    )
    #expect(
      run.output
        == "0\nlogbook: 'w' is not recorded: interrupted while another run was writing; what was committed stays\n",
      "\(run.output)")
    logs.shell("rm -f ../logbook.db*")
    let follow = logs.shell(
      "flock ../logbook.db.write.lock sh -c \"\(program) ingest --follow app.log 2> ../errors & p=\\$!; until [ -e ../logbook.db.run.lock ]; do :; done; kill -TERM \\$p; wait \\$p; echo \\$?; cat ../errors\""
    )
    #expect(follow.output == "0\n", "\(follow.output)")
  }

  @Test func `what Prometheus reads has each name and each series once`() throws {
    let logs = Self.folder("metrics: [{name: n.x, pattern: 'n=(\\d+)', function: histogram}]\n")
    logs.append("app.log", records: ["n=5 2026-03-02T10:00:00Z"])
    logs.shell("touch -d '1 hour ago' *")
    #expect(logs.run(["ingest", logs.path]).status == 0)
    for arguments in [
      ["a.b", "1"], ["a_b", "2"], ["m", "3", "--label", "x.y=1", "--label", "x_y=2"],
      ["m", "4", "--label", "x.y=1", "--label", "x_y=3"], ["k", "5"], ["k", "6", "--label", "e="],
      ["s", "7", "--label", "a.b=1"], ["s", "8", "--label", "a_b=1"], ["n_x_sum", "9"],
      ["7up", "10", "--label", "8=9"],
    ] {
      #expect(logs.run(["emit", "metric"] + arguments + ["--time", "@1"]).status == 0)
    }
    let outcome = logs.run(["metrics", "list", "--format", "prom"])
    #expect(outcome.status == 0)
    var (types, series): (Set<String>, Set<String>) = ([], [])
    for line in outcome.output.split(separator: "\n") {
      if line.hasPrefix("# HELP ") { continue }
      if line.hasPrefix("# TYPE ") {
        #expect(types.insert(String(line.split(separator: " ")[2])).inserted, "\(line)")
        continue
      }
      let match = try #require(
        line.wholeMatch(
          of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="[^"]*",?)+\})? [-+.e0-9]+/),
        "\(line)")
      let labels = (match.2 ?? "").dropFirst().dropLast().split(separator: ",")
      #expect(Set(labels.map { $0.prefix { $0 != "=" } }).count == labels.count, "\(line)")
      let known = labels.filter { !$0.hasSuffix("=\"\"") }.sorted().joined(separator: ",")
      #expect(series.insert("\(match.1){\(known)}").inserted, "\(line)")
    }
    #expect(series.contains(#"m{x_y="1",x_y_2="3"}"#), "\(outcome.output)")
    #expect(series.contains("n_x_sum{}"), "\(outcome.output)")
    for metric in ["a_b", "k", "n_x_sum", "s"] {
      #expect(outcome.errorOutput.contains("'\(metric)' is left out"), "\(outcome.errorOutput)")
    }
  }

  // MARK: Hosts

  private static let host = "sources: [{name: box, host: {interval: 30s, root: root}}]\n"

  private static func write(_ logs: LogFolder, uptime: Int, received: Int) {
    logs.shell("mkdir -p ../root/proc/net")
    logs.logbook.scratch.write("root/proc/uptime", "\(uptime).00 1.00\n")
    logs.logbook.scratch.write("root/proc/loadavg", "0.50 1.00 2.00 1/2 3\n")
    logs.logbook.scratch.write(
      "root/proc/net/dev", "eth0: \(received) 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n")
  }

  @Test func `a host is looked at by each run, and its rates begin with the second`() {
    let logs = Self.folder(Self.host)
    Self.write(logs, uptime: 100, received: 1000)
    let first = logs.run(["ingest"])
    #expect(first.status == 0, "\(first.errorOutput)")
    #expect(first.output.hasPrefix("host: 4 samples\n"), "\(first.output)")
    Self.write(logs, uptime: 110, received: 6000)
    let second = logs.run(["ingest", "--format", "json"])
    #expect(second.output.contains(#""samples":10"#), "\(second.output)")
    #expect(
      logs.rows(
        "SELECT value FROM samples WHERE metric = 'system.network_bytes_recv_rate'") == ["500"])
    // It was started anew: its counters say nothing of before.
    Self.write(logs, uptime: 5, received: 9000)
    #expect(logs.run(["ingest", "--source", "box"]).output.hasPrefix("host: 4 samples\n"))
    #expect(
      logs.run(["metrics", "query", "system.load_average{minutes=\"5\"}"]).output.contains("1"))
    let prometheus = logs.run(["metrics", "list", "--format", "prom"]).output
    #expect(prometheus.contains(#"system_load_average{minutes="15"} 2"#), "\(prometheus)")
    #expect(logs.run(["verify"]).status == 0)
    #expect(logs.run(["export", "samples", "--format", "csv"]).status == 0)
    #expect(logs.run(["sources", "reingest", "box"]).status == 0)
    #expect(logs.rows("SELECT count(*) > 0 FROM samples") == ["1"])
    #expect(logs.run(["sources", "forget", "box"]).status == 0)
    for table in ["gauge", "gauge_sample", "gauge_chunk", "host", "host_counter", "samples"] {
      #expect(logs.rows("SELECT count(*) FROM \(table)") == ["0"], "\(table)")
    }
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a host that is not there is told`() {
    let logs = Self.folder(Self.host)
    let outcome = logs.run(["ingest"])
    #expect(outcome.status != 0)
    #expect(
      outcome.errorOutput.hasPrefix(
        "logbook: host 'box': there is no root/proc, so nothing of it was measured\n"),
      "\(outcome.errorOutput)")
  }

  @Test func `a run that is given paths, or another source, looks at no host`() {
    let logs = Self.folder(Self.host)
    Self.write(logs, uptime: 100, received: 1000)
    logs.append("app.log", 1)
    #expect(logs.run(["ingest", logs.path]).status == 0)
    #expect(logs.run(["ingest", "--dry-run"]).status == 0)
    #expect(logs.rows("SELECT count(*) FROM samples") == ["0"])
    #expect(logs.run(["ingest", "--source", "other"]).status == 2)
  }

  @Test func `purge takes what it matches out of labels that were emitted`() {
    let logs = Self.folder()
    for (label, value) in [("a=secret1", "1"), ("a=secret2", "2"), ("a=open", "3")] {
      #expect(
        logs.run(["emit", "metric", "m", value, "--label", label, "--time", "@\(value)"]).status
          == 0)
    }
    #expect(logs.run(["purge", "--pattern", "secret\\d"]).status == 0)
    #expect(
      logs.rows("SELECT labels || ' ' || count(*) FROM samples GROUP BY labels ORDER BY labels")
        .count
        == 2)
    #expect(logs.rows("SELECT count(*) FROM gauge WHERE labels LIKE '%secret%'") == ["0"])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [
    "UPDATE gauge_chunk SET count = count + 1 WHERE id = 1",
    "UPDATE gauge_chunk SET last_us = last_us + 1 WHERE id = 1",
    "UPDATE gauge_chunk SET data = x'00' WHERE id = 1",
    "UPDATE gauge_chunk SET gauge = 99 WHERE id = 1", "DELETE FROM gauge WHERE id = 1",
    "UPDATE gauge_sample SET gauge = 99",
  ])
  func `verify finds what is wrong with samples of gauges`(_ damage: String) {
    let logs = Self.folder()
    #expect(logs.run(["emit", "metric", "m", "1", "--time", "@1"]).status == 0)
    logs.shell(
      """
      sqlite3 ../logbook.db "WITH n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 17000)
      INSERT INTO gauge_sample SELECT i * 1000000, 1, i * 0.25 FROM n"
      """)
    #expect(logs.run(["emit", "metric", "m", "2", "--time", "@20000"]).status == 0)
    #expect(logs.run(["emit", "metric", "m", "2", "--time", "@20001"]).status == 0)
    #expect(logs.rows("SELECT count(*) > 30 FROM gauge_chunk") == ["1"])
    #expect(logs.rows("SELECT sum(value) FROM samples WHERE time_us <= 17000000000") != [])
    #expect(logs.run(["verify"]).status == 0)
    logs.shell("sqlite3 ../logbook.db \"\(damage)\"")
    let outcome = logs.run(["verify"])
    #expect(outcome.status == 1, "\(outcome.output)")
  }
}
