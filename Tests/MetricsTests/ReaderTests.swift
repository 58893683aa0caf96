import Formats
import LogModel
import RegularExpressions
import TestSupport
import Testing

@testable import Metrics

@Suite struct `Rules and records` {
  private static func read(
    _ lines: [String], _ rules: [MetricRule], format: String? = nil
  ) -> (reader: MetricReader, sums: [String: String]) {
    var reader = MetricReader(
      rules.enumerated().map { ActiveMetricRule(id: Int64($0.offset), rule: $0.element) })
    let selection = reader.select(source: "app", id: 1, file: Path("/var/log/app.log"))
    var parser = LineParser(format: format, zone: .utc, reference: 0, multiline: .none)
    for (index, line) in lines.enumerated() {
      guard let selection else { continue }
      var head = LineHead()
      let bytes = Array(line.utf8)
      _ = parser.parse(bytes.span, into: &head)
      reader.read(
        bytes.span, id: Int64(index), source: 1, time: head.time ?? 0, severity: head.severity,
        selection: selection, parser: parser)
    }
    var sums: [String: MetricSummary] = [:]
    for entry in reader.take().increments {
      let labels = String(decoding: entry.labels, as: UTF8.self)
      sums[rules[Int(entry.rule)].name + labels, default: MetricSummary()].merge(entry.summary)
    }
    return (
      reader,
      sums.mapValues { sum in
        "\(sum.count)"
          + (sum.sum.map { " \($0 / MetricNumber.one) \(sum.min ?? 0) \(sum.max ?? 0)" } ?? "")
      }
    )
  }

  private static func rule(
    _ name: String, _ pattern: String?, _ function: MetricRule.Function = .count,
    _ change: (inout MetricRule) -> Void = { _ in }
  ) -> MetricRule {
    var rule = MetricRule(name: name)
    rule.pattern = pattern
    rule.function = function
    change(&rule)
    return rule
  }

  @Test func `1, 2, 4, 2, 1 and a text that is no number`() {
    let lines = [1, 2, 4, 2, 1].map { "v=\($0)" } + ["v=abc"]
    let (_, sums) = Self.read(lines, [Self.rule("v", #"v=(\w+)"#, .avg)])
    #expect(sums == ["v{}": "5 10 1.0 4.0"])
  }

  @Test func `a match without its value is as good as a text that is no number`() {
    let rules = [Self.rule("v", #"took(?: (\d+))?,"#, .sum), Self.rule("n", #"took( \d+)?,"#)]
    let (reader, sums) = Self.read(["x", "took 5, x", "took, x"], rules)
    #expect(sums == ["v{}": "1 5 5.0 5.0", "n{}": "2"])
    #expect(reader.rejects == [MetricReader.Reject(metric: "v", isTooLarge: false)])
  }

  @Test func `the group called value is the value, wherever it stands`() {
    let (_, sums) = Self.read(
      ["a=1 b=2"],
      [
        Self.rule("v", #"a=(\d) b=(?<value>\d)"#, .sum),
        Self.rule("w", #"a=(?P<x>\d) b=(?P<value>\d)"#, .sum),
      ])
    #expect(sums == ["v{}": "1 2 2.0 2.0", "w{}": "1 2 2.0 2.0"])
  }

  @Test func `labels, what is left out, conditions, fields`() {
    let lines = [
      #"{"time":"2026-01-01T00:00:00Z","level":"info","msg":"a","status":200,"ms":1.5,"route":"/a \"b\""}"#,
      #"{"time":"2026-01-01T00:00:01Z","level":"error","msg":"a","status":503,"ms":2,"route":"/c"}"#,
      #"{"time":"2026-01-01T00:00:02Z","level":"error","msg":"healthz","status":"500","ms":null}"#,
    ]
    let (_, sums) = Self.read(
      lines,
      [
        Self.rule("ms", nil, .sum) {
          $0.field = "ms"
          $0.labels = [MetricRule.Label(name: "route", text: "route")]
        },
        Self.rule("bad", nil) { $0.conditions = ["status>=500"] },
        Self.rule("loud", nil) { $0.conditions = ["level>=warn", "route~^/"] },
        Self.rule("one", "time") {
          $0.exclude = "healthz"
          $0.labels = [
            MetricRule.Label(name: "code", text: #""status":(\d)\d\d"#),
            MetricRule.Label(name: "none", text: "nothing(.)"),
          ]
        },
      ], format: "json")
    #expect(
      sums == [
        #"ms{"route":"/a \"b\""}"#: "1 1 1.5 1.5", #"ms{"route":"/c"}"#: "1 2 2.0 2.0",
        "bad{}": "2", "loud{}": "1", #"one{"code":"2","none":""}"#: "1",
        #"one{"code":"5","none":""}"#: "1",
      ])
  }

  @Test func `the thousandth series is the last one that is kept apart`() {
    let lines = (0..<1500).map { "user=\($0)" } + ["user=7"]
    let rule = Self.rule("u", "user=") {
      $0.labels = [MetricRule.Label(name: "u", text: #"user=(\d+)"#)]
    }
    let (reader, sums) = Self.read(lines, [rule])
    #expect(reader.overflowing == ["u"])
    #expect(sums.count == 1001)
    #expect(sums[#"u{"u":"__other__"}"#] == "500")
    #expect(sums[#"u{"u":"7"}"#] == "2")
  }

  @Test func `a rule that takes too many steps gives up, and the others do not`() {
    let lines = (0..<1200).map { _ in String(repeating: "a", count: 60) + "b" }
    let (reader, sums) = Self.read(lines, [Self.rule("slow", "(a+)+$"), Self.rule("fast", "aab")])
    #expect(sums == ["fast{}": "1200"])
    #expect(
      reader.overLimit == [
        MetricLimitHits(metric: "slow", lines: 1000, isSuspended: true, longest: 61)
      ])
  }

  @Test func `no line is searched without end, however many places a match may begin at`() {
    let line = String(repeating: "QJ", count: 50_000) + " ="
    let slow = Self.rule("slow", #"Q\w*J\w*="#)
    let (reader, _) = Self.read(
      [line, "QJ="],
      [
        slow,
        Self.rule("field", nil) {
          $0.conditions = [#"text~Q\w*J\w*="#]
        },
      ])
    #expect(
      reader.overLimit == [
        MetricLimitHits(metric: "slow", lines: 1, isSuspended: false, longest: 100_002)
      ])
    let document = #"{"msg":"x","text":"\#(line)"}"#
    let (fields, _) = Self.read(
      [document],
      [
        Self.rule("field", nil) {
          $0.conditions = [#"text~Q\w*J\w*="#]
        }
      ], format: "json")
    #expect(
      fields.overLimit == [
        MetricLimitHits(metric: "field", lines: 1, isSuspended: false, longest: document.utf8.count)
      ])
  }

  @Test func `what rules have in common changes no figure`() throws {
    let patterns = [
      "error", "error|fail", "(?i)error", "(?i)disk|task", "(?i)KELVIN", "x(?:error|fail)",
      "[a-z]7", "größe", "a.c",
    ]
    let words = [
      "error", "ERROR", "fail", "Disk", "tas\u{212A}", "\u{212A}elvin", "di\u{17F}k", "x7", "größe",
      "xfail", "abc", " ",
    ]
    for seed in UInt64(1)...40 {
      var random = SeededRandom(seed: seed)
      let rules = (0..<12).map { index in
        Self.rule("r\(index)", patterns.randomElement(using: &random)) { rule in
          if Bool.random(using: &random) { rule.exclude = patterns.randomElement(using: &random) }
          if Bool.random(using: &random) {
            rule.labels = [MetricRule.Label(name: "l", text: "(?:er|fa)(.)")]
          }
        }
      }
      let lines = (0..<40).map { _ in
        (0..<3).map { _ in words.randomElement(using: &random) ?? "" }.joined()
      }
      let together = Self.read(lines, rules).sums
      for (index, rule) in rules.enumerated() {
        let pattern = try RegularExpression(rule.pattern ?? "")
        let exclude = try rule.exclude.map { try RegularExpression($0) }
        let matches = try lines.filter { line in
          let bytes = Array(line.utf8)
          return try pattern.matches(bytes.span) && exclude?.matches(bytes.span) != true
        }
        let counted = together.filter { $0.key.hasPrefix("r\(index){") }.compactMap {
          Int($0.value)
        }
        #expect(counted.reduce(0, +) == matches.count, "SEED=\(seed): \(rule)")
      }
    }
  }

  @Test(arguments: [
    ("status=~^5", 2), ("status!~^5", 2), ("status~^5", 2), ("status==503", 1), ("status=503", 1),
    ("status!=503", 3), ("status>=503", 1), ("none=~.", 0), ("none!~.", 4),
    ("level=~warn|error", 1),
    ("level!~warn|error", 3), ("level=ERROR", 1), ("level!=Error", 3), ("level>=WARN", 1),
    ("level~ERR", 1), ("status=\"503\"", 1), ("http.code=7", 1), ("http.x.y~^z$", 1),
    ("http.x=7", 0), ("a.b>1", 1), (".http=7", 0), ("sp='x y'", 1), ("sp = \"x y\"", 1),
    ("sp~'^x '", 1), ("sp~'^ x'", 0), ("level='error'", 1), ("status>='503'", 1), ("sp='x y", 0),
    ("sp=\"'x y'\"", 0), ("sp!=\"x y'", 4), ("sp='", 0),
  ])
  func `a condition is what it looks like`(_ condition: String, _ count: Int) {
    let lines = [
      #"{"level":"error","msg":"a","status":503}"#, #"{"level":"info","msg":"a","status":"500"}"#,
      #"{"level":"info","msg":"a","status":200,"http":{"code":7,"x":{"y":"z"}}}"#,
      #"{"level":"info","msg":"a","status":301,"a":{"b":0},"a.b":2,"sp":"x y"}"#,
    ]
    let (_, sums) = Self.read(
      lines, [Self.rule("n", nil) { $0.conditions = [condition] }], format: "json")
    #expect(sums == (count == 0 ? [:] : ["n{}": "\(count)"]))
  }

  @Test(arguments: ["level=warning", "level!=x", "level>=", "level<notice"])
  func `a level that there is not is refused`(_ condition: String) {
    let rule = Self.rule("n", nil) { $0.conditions = [condition] }
    let error = #expect(throws: MetricRuleError.self) { try rule.check() }
    #expect(
      error?.description.hasSuffix("expected one of trace, debug, info, warn, error, fatal")
        ?? false)
  }

  @Test func `lines just below what is too slow take no more than a few steps for each byte`() {
    let line = String(repeating: String(repeating: "a", count: 14) + " ", count: 5) + "!"
    let (reader, _) = Self.read([line], [Self.rule("slow", "(a+)+$")])
    #expect(reader.overLimit.map(\.lines) == [1])
  }

  @Test func `a long line counts from whichever of many places its match begins`() {
    let words = String(repeating: "id=17 in it ", count: 680)
    let rules = [
      Self.rule("v", #"id=\d+ .*?took (?<value>\d+)"#, .sum),
      Self.rule("n", "took") {
        $0.labels = [MetricRule.Label(name: "unit", text: #"i\w*=17 in .*?took \d+ (\w+)"#)]
      },
    ]
    let (reader, sums) = Self.read(
      [words + "took 5 ms", "took 7 s " + words + "took no time"], rules)
    #expect(reader.overLimit == [])
    #expect(sums == ["v{}": "1 5 5.0 5.0", #"n{"unit":"ms"}"#: "1", #"n{"unit":""}"#: "1"])
  }

  @Test func `a rule that costs too much gives up, however few of its lines do`() {
    let line = "took 7 s " + String(repeating: "id=17 in it ", count: 680) + "took no time"
    let rule = Self.rule("v", #"id=\d+ .*?took (?<value>\d+)"#, .sum)
    var reader = MetricReader([ActiveMetricRule(id: 1, rule: rule)], patience: 20_000_000)
    let selection = reader.select(source: "app", id: 1, file: Path("/app.log"))
    let parser = LineParser(format: nil, zone: .utc, reference: 0, multiline: .none)
    let bytes = Array(line.utf8)
    for id in 1...100 as ClosedRange<Int64> {
      guard let selection else { break }
      reader.read(
        bytes.span, id: id, source: 1, time: 0, severity: nil, selection: selection, parser: parser)
    }
    #expect(reader.overLimit.map(\.isSuspended) == [true])
    #expect(reader.take().failures.map(\.limitHits) == [MetricReader.maxLimitHits])
  }

  @Test func `three long groups count on ordinary lines`() {
    let line = String(repeating: "key=value ", count: 60) + "took 5 ms"
    let (reader, sums) = Self.read(
      [line],
      [
        Self.rule("v", #"(.*)=(.*)=(.*) took (?<value>\d+) ms"#, .sum),
        Self.rule("w", #"(.*)=(.*)=(.*)=\d\d"#),
      ])
    #expect(reader.overLimit == [])
    #expect(sums == ["v{}": "1 5 5.0 5.0"])
  }

  @Test func `many classes are as good a reason to fetch as many buckets`() {
    var reader = MetricReader([
      ActiveMetricRule(id: 1, rule: Self.rule("v", #"v=(\S+)"#, .histogram))
    ])
    let selection = reader.select(source: "app", id: 1, file: Path("/app.log"))
    let parser = LineParser(format: nil, zone: .utc, reference: 0, multiline: .none)
    var lines: Int64 = 0
    while !reader.hasManyBuckets, lines < 1_000_000, let selection {
      let bytes = Array("v=1e\(lines % 16 - 8) v".utf8)
      reader.read(
        bytes.span, id: lines, source: 1, time: lines / 16 * 60_000_000, severity: nil,
        selection: selection, parser: parser)
      lines += 1
    }
    #expect(lines < Int64(MetricReader.manyBuckets) * 16)
    #expect(reader.take().increments.count < MetricReader.manyBuckets)
    #expect(!reader.hasManyBuckets)
  }

  @Test func `a number that is too large is not called no number`() {
    let values = ["1000000000000000000", "-1e18", "1e400", "inf", "x"]
    let rule = Self.rule("v", #"v=(\S+)"#, .sum)
    let rejects = values.map { Self.read(["v=\($0)"], [rule]).reader.rejects }
    #expect(
      rejects
        == [true, true, true, false, false].map {
          [MetricReader.Reject(metric: "v", isTooLarge: $0)]
        })
    let field = Self.rule("v", nil, .sum) { $0.field = "n" }
    let (reader, _) = Self.read(
      [#"{"msg":"a","n":1000000000000000000}"#], [field], format: "json")
    #expect(reader.rejects == [MetricReader.Reject(metric: "v", isTooLarge: true)])
  }

  @Test(arguments: [
    ("([a", "", "bad regular expression for 'pattern'"),
    ("a", "", "the expression for 'pattern' has no group"),
    ("(a)", "b c", "the expression for 'l' has no group"),
  ])
  func `what cannot be used is told`(_ pattern: String, _ label: String, _ reason: String) {
    let rule = Self.rule("v", pattern, .sum) {
      if !label.isEmpty { $0.labels = [MetricRule.Label(name: "l", text: label)] }
    }
    let error = #expect(throws: MetricRuleError.self) { try rule.check() }
    #expect(error?.description.hasPrefix(reason) ?? false, "\(String(describing: error))")
  }

  @Test(arguments: [
    ("app", "/var/log/app.log", true), ("app", "/var/log/app.log.1", true),
    ("app", "/var/log/app.log-20260101.gz", true), ("app", "/var/log/other.log", false),
    ("web-1", "/var/log/app.log", true), ("web", "/var/log/app.log", false),
  ])
  func `a rule is for sources and files, rotated ones included`(
    _ source: String, _ path: String, _ isCovered: Bool
  ) {
    let rule = Self.rule("v", "x") {
      $0.sources = ["app", "web-*"]
      $0.paths = ["/var/log/app.log"]
    }
    #expect(rule.covers(source: source, file: Path(path)) == isCovered)
  }

  @Test(arguments: [
    ("app.log", "/srv/x/app.log", true), ("./app.log", "/srv/x/app.log", true),
    ("../app.log", "/srv/app.log", true), ("app.log", "/srv/x/y/../app.log", true),
    ("app.log", "/srv/app.log", false), ("/srv/app.log", "/srv/app.log", true),
  ])
  func `a path begins where the configuration is`(
    _ path: String, _ file: String, _ isCovered: Bool
  ) {
    var rule = Self.rule("v", "x") { $0.paths = [path] }
    let hash = rule.hash
    rule.folder = "/srv/x"
    #expect(rule.covers(source: "app", file: Path(file)) == isCovered)
    #expect(rule.hash == hash)
  }
}
