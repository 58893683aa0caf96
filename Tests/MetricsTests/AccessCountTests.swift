import Formats
import LogModel
import TestSupport
import Testing

@testable import Metrics

/// Reads lines of an access log, and adds up what was counted: `metric labels hour: count`, and the sum in
/// thousandths.
private func counted(
  _ lines: [String], format: String = "access", takingEach size: Int = .max
) -> [String: String] {
  var reader = StandardReader()
  var parser = LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
  var sums: [String: MetricSummary] = [:]
  func take() {
    for entry in reader.take().increments {
      let name = StandardMetric(rawValue: entry.rule)?.rule.name ?? ""
      let labels = String(decoding: entry.labels, as: UTF8.self)
      sums["\(name)\(labels)\(entry.time / 3_600_000_000)", default: MetricSummary()].merge(
        entry.summary)
    }
  }
  for (index, line) in lines.enumerated() {
    var head = LineHead()
    let bytes = Array(line.utf8)
    _ = parser.parse(bytes.span, into: &head)
    if head.isCountable { reader.read(bytes.span, head, source: 1, time: head.time ?? 0) }
    if index % size == size - 1 { take() }
  }
  take()
  return sums.mapValues { "\($0.count)" + ($0.sum.map { " \($0 / 1_000_000)" } ?? "") }
}

private func line(
  _ path: String, _ status: Int = 200, method: String = "GET", bytes: String = "10",
  second: Int = 0, rest: String = #" "-" "curl/8""#
) -> String {
  let time = "\(1 + second / 3600 / 24)/Jan/1970:"
  let clock = [second / 3600 % 24, second / 60 % 60, second % 60]
    .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  return
    #"10.0.0.1 - - [0\#(time)\#(clock) +0000] "\#(method) \#(path) HTTP/1.1" \#(status) \#(bytes)\#(rest)"#
}

@Suite struct `Requests of access logs` {
  @Test(arguments: [
    (
      "json",
      #"{"ts":"1970-01-01T00:00:00Z","method":"GET","path":"/a/7?x=1","status":200,"bytes":10,"duration_ms":12.5}"#
    ),
    (
      "json",
      #"{"time":"1970-01-01T00:00:01Z","request":{"method":"GET","uri":"\/a\/7"},"status":"200","size":10,"duration":0.0125}"#
    ),
    (
      "logfmt",
      #"time=1970-01-01T00:00:02Z level=info method=GET path=/a/7 status=200 bytes=10 latency_ms=12.5"#
    ),
  ])
  func `are counted where they are records`(_ format: String, _ line: String) {
    let sums = counted([line], format: format).filter { !$0.key.hasPrefix("event") }
    let labels = #"{"method":"GET","route":"/a/{id}"}0"#
    #expect(
      sums == [
        #"route_requests{"method":"GET","route":"/a/{id}","status":"2xx"}0"#: "1",
        "route_bytes" + labels: "1 10000", "route_duration_ms" + labels: "1 12500",
      ])
  }

  @Test(arguments: [
    #"{"ts":"1970-01-01T00:00:00Z","method":"GET","path":"/a","msg":"no status"}"#,
    #"{"ts":"1970-01-01T00:00:00Z","path":"/a","status":"done"}"#,
    #"{"ts":"1970-01-01T00:00:00Z","method":"md5","path":"/a","status":7000}"#,
  ])
  func `are none where a record lacks a part of one`(_ line: String) {
    #expect(counted([line], format: "json").isEmpty)
  }

  @Test func `are counted by route, class of status and hour, and so are their bytes`() {
    let sums = counted([
      line("/a/1"), line("/a/2", bytes: "30"), line("/a/3", 500, bytes: "-"),
      line("/a/4", 404, second: 3600), line("/b", method: "POST", second: 3599),
    ])
    #expect(
      sums == [
        #"route_requests{"method":"GET","route":"/a/{id}","status":"2xx"}0"#: "2",
        #"route_requests{"method":"GET","route":"/a/{id}","status":"5xx"}0"#: "1",
        #"route_requests{"method":"GET","route":"/a/{id}","status":"4xx"}1"#: "1",
        #"route_requests{"method":"POST","route":"/b","status":"2xx"}0"#: "1",
        #"route_bytes{"method":"GET","route":"/a/{id}"}0"#: "3 40000",
        #"route_bytes{"method":"GET","route":"/a/{id}"}1"#: "1 10000",
        #"route_bytes{"method":"POST","route":"/b"}0"#: "1 10000",
      ])
  }

  @Test(arguments: [
    (" 0.123", "1 123000"), (#" "-" "curl/8" 1.500"#, "1 1500000"),
    (#" "-" "curl/8" 12ms"#, "1 12000"),
    (#" "-" "curl/8" "0.050""#, "1 50000"), (#" "-" "curl/8" 850us"#, "1 850"),
    (#" "-" "curl/8" 2s"#, "1 2000000"), (#" "-" "curl/8" rt=0.250"#, "1 250000"),
    (#" "-" "curl/8" rt=0.250 uct="0.001" urt="0.249""#, "1 250000"),
    (#" "-" "curl/8" request_time=0.004 urt=-"#, "1 4000"),
    // What is none, or may be anything.
    (#" "-" "Safari/605.1.15""#, nil), (#" "-" "curl/8" 1234"#, nil), ("", nil),
    (#" "-" "curl 7.0""#, nil), (#" "-" "curl/8" -"#, nil), (#" "-" "curl/8" 1.2.3"#, nil),
    (#" "-" "curl/8" ms"#, nil), (#" "-" "agents""#, nil),
  ])
  func `take as long as the line says`(_ rest: String, _ expected: String?) {
    let sums = counted([line("/", rest: rest)])
    #expect(sums[#"route_duration_ms{"method":"GET","route":"/"}0"#] == expected)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func `give the same figures from any split, in any order`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var lines = (0..<4000).map { _ in
      line(
        ["/", "/a/\(random.next() % 1000)", "/b/c", "/d\(random.next() % 50)/x"].randomElement(
          using: &random) ?? "", [200, 200, 304, 404, 500].randomElement(using: &random) ?? 200,
        bytes: "\(random.next() % 10_000)", second: Int(random.next() % 36_000),
        rest: random.next() % 2 == 0 ? " 0.0\(random.next() % 99)" : "")
    }
    let whole = counted(lines)
    lines.shuffle(using: &random)
    #expect(counted(lines, takingEach: 1 + Int(random.next() % 500)) == whole)
  }

  @Test func `of made-up paths are added up, and take nothing from the routes that are served`() {
    var lines: [String] = []
    for index in 0..<40_000 {
      lines.append(line("/scan" + String(index, radix: 36).map { "\($0)-" }.joined(), 404))
      if index % 20 == 0 { lines.append(line("/served/" + ["a", "b", "c"][index / 20 % 3])) }
    }
    let sums = counted(lines)
    let routes = sums.filter { $0.key.hasPrefix("route_requests") }
    #expect(routes.count == 3 + RouteRanking.mostUnserved + 1)
    for name in ["a", "b", "c"] {
      let count = sums[
        #"route_requests{"method":"GET","route":"/served/\#(name)","status":"2xx"}0"#]
      #expect((Int(count ?? "") ?? 0) >= 666)
    }
    #expect(routes.values.compactMap { Int($0) }.reduce(0, +) == 42_000)
  }

  @Test func `a path that is known by its bytes has the route that its mask makes`() {
    for seed in UInt64(1)...20 {
      var random = SeededRandom(seed: seed)
      let paths = (0..<60).map { _ in
        "/"
          + (0..<Int.random(in: 0...5, using: &random)).map { _ in
            [
              "a", "orders/", "17", "?q=1", ";x", "#", "%20", String(repeating: "b", count: 30),
              "é",
            ].randomElement(
              using: &random) ?? ""
          }.joined()
      }
      let lines = (0..<300).map { _ in
        line(
          paths.randomElement(using: &random) ?? "", [200, 404].randomElement(using: &random) ?? 0,
          method: ["GET", "POST"].randomElement(using: &random) ?? "")
      }
      // Read one by one, no path is known.
      #expect(counted(lines) == counted(lines, takingEach: 1), "SEED=\(seed)")
    }
  }
}
