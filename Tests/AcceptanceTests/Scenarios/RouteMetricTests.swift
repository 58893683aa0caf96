import TestSupport
import Testing

/// What is counted in lines without a rule, however these came to be read.
@Suite struct `Metrics without a rule` {
  private static let figures =
    "SELECT metric || labels || time_us || ' ' || count || ' ' || coalesce(sum || ' ' || min || ' ' || max, '')"
    + " FROM samples ORDER BY metric, labels, time_us"

  private static func line(
    _ number: Int, _ path: String, _ status: Int = 200, time: String? = nil
  ) -> String {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = "\(padded(number / 3600 % 24)):\(padded(number / 60 % 60)):\(padded(number % 60))"
    return
      #"10.0.0.1 - - [01/Feb/2026:\#(clock) +0000] "GET \#(path) HTTP/1.1" \#(status) \#(number)"#
      + (time.map { #" "-" "curl/8" \#($0)"# } ?? "")
  }

  private static func lines(_ count: Int, _ random: inout SeededRandom) -> [String] {
    (0..<count).map { number in
      let path = ["/", "/orders/\(number)", "/a/b.css", "/p/9ef6ee1cd5\(number)"][
        Int(random.next() % 4)]
      let status = [200, 200, 404, 500][Int(random.next() % 4)]
      return line(
        number * 7, path, status, time: random.next() % 2 == 0 ? "0.0\(10 + number % 90)" : nil)
    }
  }

  private static func values(_ logs: LogFolder, _ arguments: String...) -> [String] {
    let outcome = logs.run(["metrics", "query"] + arguments + ["--format", "csv"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    return outcome.output.split(separator: "\n").dropFirst().map {
      String($0.drop { $0 != "," }.dropFirst())
    }
  }

  @Test(
    .enabled(if: Repository.data != nil, "the shared test data is absent"),
    arguments: [10_000, 1234])
  func `ten thousand requests by class, whatever the split`(_ size: Int) throws {
    let data = try #require(Repository.data)
    let logs = LogFolder()
    let text = Command.run("/bin/cat", [data + "/access/apache_logs"]).output
    let lines = text.split(separator: "\n").map { $0 + "\n" }
    for start in stride(from: 0, to: lines.count, by: size) {
      logs.appendText("access.log", lines[start..<min(start + size, lines.count)].joined())
      logs.ingest()
    }
    #expect(
      logs.rows(
        "SELECT (labels ->> '$.status') || ' ' || sum(count) FROM samples WHERE metric = 'route_requests'"
          + " GROUP BY labels ->> '$.status'")
        == ["2xx 9171", "3xx 609", "4xx 217", "5xx 3"])
    #expect(
      Self.values(logs, #"route_requests{route="/favicon.ico",status="2xx"}"#, "--total")
        == ["{},788"])
    #expect(Self.values(logs, "route_bytes", "--total", "--fn", "sum") == ["{},2747282740"])
    logs.expectVerified()
  }

  @Test(.enabled(if: Repository.data != nil, "the shared test data is absent"))
  func `the events of 1688sync`() throws {
    let data = try #require(Repository.data)
    let logs = LogFolder()
    logs.shell("cp '\(data)/1688sync/1688sync.log' .; touch -d '1 hour ago' *")
    logs.ingest()
    for (metric, function, labels, value) in [
      ("api_request", "count", "method,path,status_code", "GET /api/products 200 1"),
      ("api_request_duration_ms", "max", "method,path", "GET /api/products 250.3"),
      ("database_affected_rows", "sum", "operation,table", "SELECT products 25"),
      ("database_operation_duration_ms", "avg", "operation,table", "SELECT products 120.5"),
      ("task_complete", "count", "task_name", "图片同步 1"),
      ("task_duration_seconds", "sum", "task_name", "图片同步 1.5005"),
      ("business_event", "count", "event_name", "user_registered 1"),
    ] {
      let names = labels.split(separator: ",").map { "(labels ->> '$.\($0)')" }
      let row = names.joined(separator: " || ' ' || ")
      #expect(
        logs.rows(
          "SELECT \(row) || ' ' || \(function == "count" ? "count" : function == "max" ? "max" : "sum") FROM samples WHERE metric = '\(metric)'"
        ) == [value], "\(metric)")
    }
    logs.expectVerified()
  }

  @Test func `give the same figures from rotated files and any split`() {
    var random = SeededRandom(seed: Seed.value)
    let logs = LogFolder()
    let lines = Self.lines(800, &random)
    logs.expected = lines
    var rest = lines.map { $0 + "\n" }.joined()
    while !rest.isEmpty {
      let size = 1 + Int(random.next() % 9000)
      logs.appendText("access.log", String(rest.prefix(size)))
      rest = String(rest.dropFirst(size))
      if random.next() % 2 == 0 { logs.ingest() }
      guard random.next() % 5 == 0, !rest.isEmpty else { continue }
      // A writer ends its line before the file is rotated.
      let end = rest.firstIndex(of: "\n") ?? rest.startIndex
      logs.appendText("access.log", String(rest[...end]))
      rest = String(rest[end...].dropFirst())
      logs.shell(
        "n=$(ls | wc -l); mv access.log access.log.$n; [ $((n % 2)) = 0 ] || gzip access.log.$n; : > access.log"
      )
    }
    logs.ingest()
    logs.shell("find . -type f -exec touch -d '1 hour ago' {} +")
    logs.ingest()
    let whole = LogFolder()
    whole.append("access.log", records: lines)
    whole.shell("touch -d '1 hour ago' *")
    whole.ingest()
    #expect(logs.rows(Self.figures) == whole.rows(Self.figures), "SEED=\(Seed.value)")
    #expect(!whole.rows(Self.figures).isEmpty)
    logs.expectVerified()
    let before = logs.rows(Self.figures)
    for metric in ["route_requests", "route_duration_ms"] {
      #expect(logs.run(["metrics", "rebuild", metric]).status == 0)
      #expect(logs.rows(Self.figures) == before)
    }
  }

  @Test func `are turned off and on by source`() {
    let logs = LogFolder()
    func configure(_ metrics: String) {
      logs.logbook.scratch.write(
        "logbook.yaml",
        "sources:\n  - {name: web, path: logs/access.log, metrics: \(metrics)}\n  - {name: other, path: logs/other.log}\n"
      )
    }
    let counts =
      "SELECT s.name || ' ' || sum(p.count) FROM source s JOIN series g ON g.source = s.id JOIN sample p ON p.series = g.id"
      + " WHERE g.rule = -1 GROUP BY s.id"
    func run() {
      logs.shell("touch -d '1 hour ago' *")
      #expect(logs.run(["ingest"]).status == 0)
      logs.expectVerified()
    }
    configure("true")
    logs.append("access.log", records: (0..<4).map { Self.line($0, "/a") })
    logs.append("other.log", records: (0..<3).map { Self.line($0, "/b") })
    run()
    #expect(logs.rows(counts) == ["web 4", "other 3"])
    configure("false")
    run()
    logs.append("access.log", records: (4..<6).map { Self.line($0, "/a") })
    run()
    #expect(logs.rows(counts) == ["other 3"])
    #expect(logs.rows("SELECT name FROM source WHERE route_bytes > 0") == ["other"])
    #expect(logs.run(["metrics", "rebuild", "route_requests"]).status == 0)
    #expect(logs.rows(counts) == ["other 3"])
    // Whether any line came since or not.
    configure("true")
    #expect(logs.run(["metrics", "rebuild", "route_requests"]).status == 0)
    #expect(logs.rows(counts) == ["web 6", "other 3"])
    configure("false")
    #expect(logs.run(["metrics", "rebuild", "route_requests"]).status == 0)
    #expect(logs.rows(counts) == ["other 3"])
    configure("true")
    logs.append("access.log", records: (6..<7).map { Self.line($0, "/a") })
    run()
    #expect(logs.rows(counts) == ["web 1", "other 3"])
    #expect(logs.run(["metrics", "rebuild", "route_bytes"]).status == 0)
    #expect(logs.rows(counts) == ["web 7", "other 3"])
    logs.expectVerified()
    #expect(logs.run(["sources", "forget", "web"]).status == 0)
    #expect(logs.rows(counts) == ["other 3"])
    #expect(logs.run(["sources", "reingest", "other"]).status == 0)
    #expect(logs.rows(counts) == ["other 3"])
    #expect(logs.run(["sources", "forget", "other"]).status == 0)
    #expect(logs.rows("SELECT metric FROM metrics").isEmpty)
    logs.expectVerified()
  }

  @Test func `are in no label what was purged or redacted`() {
    let logs = LogFolder()
    logs.append("access.log", records: ["/u/ada", "/u/bob"].map { Self.line(1, $0) })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    #expect(logs.run(["purge", "--pattern", "ada"]).status == 0)
    let routes = "SELECT DISTINCT labels ->> '$.route' FROM samples ORDER BY 1"
    #expect(logs.rows(routes) == ["/u/[redacted]", "/u/bob"])
    logs.expectVerified()
  }

  @Test(arguments: [
    "UPDATE sample SET count = count + 1", "DELETE FROM sample WHERE series = 1",
    "UPDATE series SET labels = replace(labels, '/a', '/c')",
    "UPDATE sample SET classes = '[8192]' WHERE classes IS NOT NULL",
    "DELETE FROM sample; DELETE FROM series", "UPDATE series SET hash = hash + 1 WHERE id = 1",
  ])
  func `verify finds what the lines do not show`(_ damage: String) {
    let logs = LogFolder()
    logs.append("access.log", records: (0..<9).map { Self.line($0, "/a", time: "0.5") })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    logs.expectVerified()
    _ = Command.run("sqlite3", [logs.logbook.database, damage])
    let outcome = logs.run(["verify", "--format", "json"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains(#"{"check":"metrics","ok":false"#), "\(outcome.output)")
  }

  @Test func `made-up paths take little room, and no route's place`() {
    let logs = LogFolder()
    var random = SeededRandom(seed: Seed.value)
    var lines: [String] = []
    for number in 0..<60_000 {
      let name = String((0..<12).map { _ in "abcdefghij".randomElement(using: &random) ?? "a" })
      lines.append(Self.line(number, "/\(name).php", number % 9 == 0 ? 200 : 404))
      if number % 10 == 0 { lines.append(Self.line(number, "/served", 200)) }
    }
    logs.append("access.log", records: lines)
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    #expect(logs.value("SELECT sum(count) FROM samples WHERE metric = 'route_requests'") == "66000")
    #expect(
      Self.values(logs, #"route_requests{route="/served"}"#, "--total") == ["{},6000"],
      "SEED=\(Seed.value)")
    let routes = logs.value(
      "SELECT count(DISTINCT labels ->> '$.route') FROM samples WHERE metric = 'route_requests'")
    #expect((Int(routes) ?? .max) <= 1101)
    logs.expectVerified()
  }

  @Test(arguments: [2000, 300])
  func `where hours take too much room they become days and weeks, and no request is lost`(
    _ size: Int
  ) {
    let logs = LogFolder()
    func line(_ number: Int) -> String {
      let (day, hour) = (number / 24 % 28 + 1, number % 24)
      let time = "\(day < 10 ? "0" : "")\(day)/Feb/2026:\(hour < 10 ? "0" : "")\(hour):00:00"
      let letter = ["a", "b", "c", "d", "e"][number % 5]
      return
        #"10.0.0.1 - - [\#(time) +0000] "GET /\#(letter) HTTP/1.1" 200 \#(number) "-" "curl/8" 0.\#(100 + number % 700)"#
    }
    for start in stride(from: 0, to: 2000, by: size) {
      logs.append("access.log", records: (start..<min(start + size, 2000)).map(line))
      logs.ingest()
    }
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    func check(_ count: Int) {
      #expect(
        logs.value("SELECT sum(count) FROM samples WHERE metric = 'route_requests'") == "\(count)")
      #expect(
        logs.value("SELECT sum(count) FROM samples WHERE metric = 'route_duration_ms'")
          == "\(count)")
      #expect(
        logs.value(
          "SELECT count(*) FROM sample p, series s, route_step r WHERE s.id = p.series AND p.time_us < r.until_us AND p.time_us % r.step_us > 0"
        ) == "0")
      logs.expectVerified()
    }
    #expect(logs.value("SELECT count(*) > 0 FROM route_step") == "1")
    check(2000)
    // A late line is counted in the bucket that there is.
    logs.append("access.log", records: [line(0)])
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    check(2001)
    #expect(logs.run(["metrics", "rebuild", "route_requests"]).status == 0)
    check(2001)
    #expect(logs.run(["sources", "forget", logs.value("SELECT name FROM source")]).status == 0)
    #expect(logs.value("SELECT count(*) FROM route_step") == "0")
  }

  @Test func `a rule cannot have the name of one`() {
    let logs = LogFolder()
    logs.configuration = "metrics: [{name: route_requests, pattern: x}]\n"
    logs.append("access.log", records: [Self.line(1, "/a")])
    let outcome = logs.run(["ingest", logs.path])
    #expect(
      outcome.errorOutput
        == "logbook: ./logbook.yaml:1:11: metric 'route_requests': that is counted without a rule: give it another name\n"
    )
  }

  @Test func `a source that begins without them keeps its format, and is counted later`() {
    let logs = LogFolder()
    func configure(_ more: String) {
      logs.configuration = "sources: [{name: acc, path: logs/access.log\(more)}]\n"
    }
    configure(", metrics: false")
    logs.append("access.log", records: [Self.line(1, "/a"), Self.line(2, "/b")])
    #expect(logs.run(["ingest"]).status == 0)
    #expect(logs.value("SELECT format FROM source") == "access")
    configure("")
    logs.append("access.log", records: [Self.line(3, "/c")])
    logs.shell("touch -d '1 hour ago' access.log")
    #expect(logs.run(["ingest"]).status == 0)
    logs.expectVerified()
    #expect(logs.run(["metrics", "rebuild", "route_requests"]).status == 0)
    #expect(logs.value("SELECT sum(count) FROM samples WHERE metric = 'route_requests'") == "3")
    logs.expectVerified()
  }
}
