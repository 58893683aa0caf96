import TestSupport
import Testing

/// How much of the file the routes of an access log take.
@Suite struct `The room of routes` {
  private static let tables = "'series', 'series_key', 'sample', 'route_step'"

  private static func bytes(_ logs: LogFolder) -> Int {
    let sql = "SELECT sum(pgsize) FROM dbstat WHERE name IN (\(tables))"
    return Int(Command.run("sqlite3", [logs.logbook.database, sql]).output.dropLast()) ?? .max
  }

  /// Each with how long it took, evenly over the days and the routes.
  private static func timedLines(_ count: Int, days: Int, routes: Int) -> [String] {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return (0..<count).map { number in
      let second = number * days * 86_400 / count
      let day =
        "\(padded(second / 86_400 % 28 + 1))/\(["Jan", "Feb", "Mar"][second / 86_400 / 28])/2026"
      let time = "\(padded(second / 3600 % 24)):\(padded(second / 60 % 60)):\(padded(second % 60))"
      let (route, took) = (number * 7 % routes, Double(number * 7919 % 3000 + 1) / 1000)
      return
        #"10.0.0.1 - - [\#(day):\#(time) +0000] "GET /shop/page\#("abcdefghijklmnopqrst".prefix(route + 1)) HTTP/1.1" 200 \#(number) "-" "Mozilla/5.0 (X11; Linux x86_64)" \#(took)"#
    }
  }

  /// Requests of one day, of many routes of which every other one has an id, and of half of them how long they took.
  private static func lines(_ count: Int, _ random: inout SeededRandom) -> [String] {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return (0..<count).map { number in
      let second = number * 86_400 / count
      let time =
        "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
      let route = Int.random(in: 0...Int.random(in: 0..<400, using: &random), using: &random)
      let id = route % 2 == 0 ? "" : "/\(Int.random(in: 0..<1_000_000, using: &random))"
      let status = [200, 200, 200, 404, 500].randomElement(using: &random) ?? 200
      let took = Double(Int.random(in: 1...90_000, using: &random)) / 1000
      let path = "/shop\(["a", "b", "c"][route % 3])/" + String(repeating: "x", count: route % 40)
      return
        #"10.0.0.1 - - [01/Feb/2026:\#(time) +0000] "GET \#(path)\#(id) HTTP/1.1" \#(status) \#(number)"#
        + (number % 2 == 0 ? #" "-" "Mozilla/5.0 (X11; Linux x86_64)" \#(took)"# : "")
    }
  }

  @Test(arguments: [1, 24, 60])
  func `is less than 2 percent of the log after each run, however many there are`(_ runs: Int) {
    let logs = LogFolder()
    var random = SeededRandom(seed: Seed.value)
    let lines = Self.lines(30_000, &random)
    var raw = 0
    for run in 0..<runs {
      let part = lines[lines.count * run / runs..<lines.count * (run + 1) / runs]
      raw += part.reduce(0) { $0 + $1.utf8.count + 1 }
      logs.append("access.log", records: Array(part))
      logs.ingest()
      // Of little, pages that are not full are the most.
      let most = max(raw / 50, 40 << 10)
      let bytes = Self.bytes(logs)
      #expect(bytes <= most, "SEED=\(Seed.value): \(bytes) of \(raw) after run \(run)")
    }
    #expect(raw > 3 << 20)
    #expect(
      logs.value("SELECT sum(count) FROM samples WHERE metric = 'route_requests'")
        == "\(lines.count)")
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    logs.expectVerified()
  }

  @Test(arguments: [(5000, 1, 10), (10_000, 60, 20), (30_000, 60, 20)])
  func `is taken by how long requests took before it is by their number`(
    _ lines: Int, _ days: Int, _ routes: Int
  ) {
    let logs = LogFolder()
    let lines = Self.timedLines(lines, days: days, routes: routes)
    logs.append("access.log", records: lines)
    logs.ingest()
    let kept =
      "SELECT count(DISTINCT labels ->> '$.route') FROM samples WHERE metric = 'route_requests'"
    #expect(logs.value(kept) == "\(routes)")
    let raw = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    #expect(Self.bytes(logs) <= max(raw / 50, 40 << 10), "\(Self.bytes(logs)) of \(raw)")
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    logs.expectVerified()
  }
}
