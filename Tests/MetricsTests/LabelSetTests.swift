import Formats
import LogModel
import TestSupport
import Testing

@testable import Metrics

@Suite struct `Labels of rules` {
  private struct Place: Hashable {
    var rule: Int64
    var source: Int64
    var labels: String
  }

  /// Those that have been seen first are found by a number, of one source at a time.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `tell series apart, of several sources and rules and of however many values`(_ seed: UInt64)
  {
    var random = SeededRandom(seed: seed)
    let rules = (0..<5).map { index in
      var rule = MetricRule(name: "r\(index)")
      rule.pattern = ["x", "y", "[xy]", "xy", "x|y"][index]
      if index < 4 { rule.labels = [.init(name: "l", text: index < 3 ? #"=(\S*)"# : #"=.(\S*)"#)] }
      return rule
    }
    var reader = MetricReader(
      rules.enumerated().map { ActiveMetricRule(id: Int64($0.offset), rule: $0.element) })
    let selections = (Int64(1)...3).map { source in
      reader.select(source: "s\(source)", id: source, file: Path("/var/log/app.log"))
    }
    let parser = LineParser(format: nil, zone: .utc, reference: 0, multiline: .none)
    for _ in 0..<3 {
      var expected: [Place: Int64] = [:]
      for number in 0..<Int.random(in: 0...3000, using: &random) {
        let source = Int64.random(in: 1...3, using: &random)
        let most = [20, 300].randomElement(using: &random) ?? 20
        let value = Int.random(in: 0...most, using: &random)
        let word = ["x", "y", "xy", "z"].randomElement(using: &random) ?? ""
        for (rule, words) in [
          ["x", "xy"], ["y", "xy"], ["x", "y", "xy"], ["xy"], ["x", "y", "xy"],
        ]
        .enumerated() where words.contains(word) {
          let label = rule < 3 ? "\(value)" : "\("\(value)".dropFirst())"
          let labels = rule < 4 ? #"{"l":"\#(label)"}"# : "{}"
          expected[Place(rule: Int64(rule), source: source, labels: labels), default: 0] += 1
        }
        let line = Array("\(word) =\(value)".utf8)
        guard let selection = selections[Int(source) - 1] else { continue }
        reader.read(
          line.span, id: Int64(number), source: source, time: 0, severity: nil,
          selection: selection, parser: parser)
      }
      var found: [Place: Int64] = [:]
      for entry in reader.take().increments {
        let labels = String(decoding: entry.labels, as: UTF8.self)
        found[Place(rule: entry.rule, source: entry.source, labels: labels), default: 0] +=
          entry.summary.count
      }
      #expect(found == expected, "SEED=\(seed)")
    }
  }
}
