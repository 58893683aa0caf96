import Formats
import LogModel
import TestSupport
import Testing

@testable import Metrics

@Suite struct `Fields that rules ask for` {
  /// Whether each condition lets each line count.
  private static func counts(_ lines: [String], _ conditions: [String]) -> [[Int64]] {
    var reader = MetricReader(
      conditions.enumerated().map { index, condition in
        var rule = MetricRule(name: "m\(index)")
        rule.conditions = [condition]
        return ActiveMetricRule(id: Int64(index), rule: rule)
      })
    let parser = LineParser(format: "json", zone: .utc, reference: 0, multiline: .none)
    guard let selection = reader.select(source: "app", id: 1, file: Path("/app.log")) else {
      return []
    }
    return lines.enumerated().map { id, line in
      let bytes = Array(line.utf8)
      let found = reader.readApart(
        bytes.span, id: Int64(id), source: 1, time: 0, severity: nil, selection: selection,
        parser: parser)
      return conditions.indices.map { index in
        found.filter { $0.rule == Int64(index) }.reduce(0) { $0 + $1.summary.count }
      }
    }
  }

  private static func line(_ value: String) -> String {
    #"{"time":"2026-01-01T00:00:00Z","msg":"x","v":\#(value)}"#
  }

  @Test(arguments: [
    ("5", "v=5", true), (#""5""#, "v=5", true), ("5.0", "v=5", true), (#""5.0""#, "v=5", true),
    (#""5.0""#, "v~^5$", false), ("5", "v~^5$", true), ("05", "v=5", true),
    ("true", "v=true", true), (#""true""#, "v=true", true), ("null", "v=null", false),
    ("null", "v!=5", true), ("null", "v!~.", true), (#""""#, "v=", true), ("[5]", "v=5", false),
    ("[5]", "v~5", true), (#"{"a":5}"#, "v.a>=5", true), (#"{"a":5}"#, "v.b>=5", false),
    (#""5 apples""#, "v>=5", false), ("1e3", "v>=1000", true), (#""\u0035""#, "v=5", true),
    ("-0", "v=0", true), ("12345678901234567890", "v=12345678901234567890", true),
  ])
  func `are numbers where both sides are`(_ value: String, _ condition: String, _ holds: Bool) {
    #expect(Self.counts([Self.line(value)], [condition]) == [[holds ? 1 : 0]])
  }

  @Test func `may have escapes in their names`() {
    let lines = [#"{"msg":"x","\u0076":5}"#, #"{"msg":"x","a.b":5}"#, #"{"msg":"x","a":{"b":5}}"#]
    #expect(Self.counts(lines, ["v=5", "a.b=5"]) == [[1, 0], [0, 1], [0, 1]])
  }

  /// What is kept of one line must never be said of another: a reader that has seen no other line is the model.
  @Test(arguments: Seed.value...Seed.value + 2)
  func `say of a line what they say of it alone`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let long = String(repeating: "5", count: 130)
    let values =
      ["5", #""5""#, "5.0", #""5.0""#, "null", "true", #""true""#, "[5]", #"{"a":5}"#, "6", "-1"]
      + [#""\#(long)""#, #""\#(long)6""#, #""é""#, #""e""#]
      + (0..<100).flatMap { ["\($0)", #""w\#($0)""#] }
    let operators = ["=", "!=", ">=", "<", "~", "!~"]
    let conditions = (0..<60).map { _ -> String in
      let sign = operators.randomElement(using: &random) ?? "="
      let field = ["v", "v.a", "w"].randomElement(using: &random) ?? "v"
      return "\(field)\(sign)\(Int.random(in: -2...100, using: &random))"
    }
    let lines = (0..<400).map { _ in Self.line(values.randomElement(using: &random) ?? "5") }
    let alone = lines.map { Self.counts([$0], conditions)[0] }
    #expect(Self.counts(lines, conditions) == alone, "SEED=\(seed)")
  }
}
