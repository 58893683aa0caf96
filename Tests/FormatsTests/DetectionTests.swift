import Formats
import LogModel
import Testing
import TestSupport

@Suite struct DetectionTests {
  static let expected: [(file: String, format: String?)] = [
    ("formats/access_log.0", "access"),
    ("formats/ansi.0", "generic"),
    ("formats/bunyan.0", "json"),
    ("formats/caddy_log.0", nil),
    ("formats/crlf.0", "generic"),
    ("formats/docker_compose.0", "generic"),
    ("formats/dst.0", "syslog"),
    ("formats/haproxy.0", "syslog"),
    ("formats/java.0", "generic"),
    ("formats/journald.json", "json"),
    ("formats/json.json", "json"),
    ("formats/laravel.1", "generic"),
    ("formats/logfmt.0", "logfmt"),
    ("formats/multiline.0", "generic"),
    ("formats/mysql_slow.0", "generic"),
    ("formats/nested_json.json", "json"),
    ("formats/otel_collector.jsonl", "json"),
    ("formats/postgres.0", "generic"),
    ("formats/rust_tracing.0", "json"),
    ("formats/syslog.3", "syslog"),
    ("formats/w3c.1", nil),
    ("formats/with_zones.0", "generic"),
    ("loghub/Android/Android_2k.log", "generic"),
    ("loghub/Apache/Apache_2k.log", "generic"),
    ("loghub/HDFS/HDFS_2k.log", "generic"),
    ("loghub/Linux/Linux_2k.log", "syslog"),
    ("loghub/OpenSSH/OpenSSH_2k.log", "syslog"),
    ("loghub/OpenStack/OpenStack_2k.log", "generic"),
    ("loghub/Proxifier/Proxifier_2k.log", "generic"),
    ("loghub/Spark/Spark_2k.log", "generic"),
    ("access/apache_logs", "access"),
    ("log2metrics/access.log", "access"),
    ("1688sync/1688sync.log", "json"),
    ("higress/envoy_istio_json_real.jsonl", "json"),
    ("higress/higress_template_SYNTHETIC.jsonl", "higress"),
    ("higress/rotation_test/access.log", "higress"),
    ("higress/rotation_test/access.log.1", "higress"),
    ("higress/rotation_test/access.log.2", "higress"),
    ("higress/test_access.log", "higress"),
    ("higress/test_access_v2.log", "higress"),
  ]

  @Test(
    .enabled(if: Repository.data != nil, "the shared test data is absent"), arguments: expected)
  func `the sample files are recognised`(row: (file: String, format: String?)) throws {
    let data = try #require(Repository.data)
    let sample = lines(ofFile: data + "/" + row.file)
    #expect(!sample.isEmpty)
    let detection = Detector.detect(Array(sample.prefix(200)))
    #expect(detection.name == row.format, "\(row.file): \(detection.why)")
  }

  @Test(.enabled(if: Repository.data != nil, "the shared test data is absent"))
  func `nearly every line of the real logs shows a time`() throws {
    let data = try #require(Repository.data)
    for row in Self.expected where row.file.hasPrefix("loghub") || row.file.hasPrefix("access") {
      let sample = lines(ofFile: data + "/" + row.file)
      var parser = LineParser(
        format: row.format, zone: .utc, reference: ReadLine.reference, multiline: .auto)
      var head = LineHead()
      var timed = 0
      for line in sample {
        _ = parser.parse(line.span, into: &head)
        if head.time != nil { timed += 1 }
      }
      #expect(timed * 100 >= sample.count * 99, "\(row.file): \(timed) of \(sample.count)")
    }
  }

  @Test func `a file without text and one of prose have no format`() {
    #expect(Detector.detect([]).name == nil)
    #expect(Detector.detect([[], [0x20]]).total == 0)
    let prose = ["It was the best of times,", "it was the worst of times,", "1859 a book"]
    #expect(Detector.detect(prose.map { Array($0.utf8) }).name == nil)
    let dated = ["Report of 2026-02-01 10:00:00"] + (0..<40).map { "line \($0)" }
    #expect(Detector.detect(dated.map { Array($0.utf8) }).name == nil)
  }

  /// A gateway line as it is written: a conversation in `ai_log`, escaped twice.
  static func higressLine(_ random: inout SeededRandom, count: Int) -> String {
    let pieces = [
      "hello ", #"\\\"name\\\":\\\"f\\\","#, #"\\n"#, "日本語 ", #"{\"role\":\"user\"},"#, "%s [x] ",
      "2026-02-01T10:00:00Z ERROR ",
    ]
    var text = ""
    while text.utf8.count < count { text += pieces.randomElement(using: &random) ?? "" }
    return
      #"{"ai_log":"{\"answer\":\"\#(text)\",\"model\":\"m\"}","authority":"a.example","#
      + #""response_code":"200","start_time":"2026-02-01T10:00:00.123Z","user_agent":"curl/8"}"#
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `one long gateway line is a sample`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for round in 0..<40 {
      let line = Self.higressLine(&random, count: Int.random(in: 4_000...6_000, using: &random))
      var bytes = Array(line.utf8)
      if round % 4 == 3 {
        // A client's quote breaks the line behind `ai_log`.
        bytes = Array(line.replacing("curl/8", with: "cu\"rl").utf8)
      }
      let detection = Detector.detect([bytes])
      #expect(detection.name == "higress", "seed \(seed) round \(round): \(detection.why)")
      #expect(detection.matched == 1)
      let read = ReadLine(bytes, format: "higress")
      #expect(read.outcome == .parsed)
      #expect(read.head.time == 1_769_940_000_123_000, "seed \(seed) round \(round)")
      #expect(read.head.severity == .info)
    }
  }

  @Test func `one line and its trace are enough`() {
    let java =
      ["2026-02-01 10:00:00 ERROR x", "java.lang.Error: y"] + Array(repeating: "\tat z", count: 99)
    #expect(Detector.detect(java.map { Array($0.utf8) }).name == "generic")
  }
}
