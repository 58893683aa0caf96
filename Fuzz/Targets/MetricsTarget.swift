import Formats
import LogModel
import Metrics
import Querying

extension FuzzTarget {
  /// Any lines under rules: whatever they count in two parts is what they count at once; any text as
  /// a number, a condition, a label's expression and a selector.
  static let metrics = FuzzTarget("metrics") { input in
    if let number = MetricNumber(input.span) {
      let middle = MetricClass.middle(of: MetricClass.of(number))
      try require(
        abs(middle - number.real) <= 0.01 * abs(number.real),
        "\(number) is in the class of \(middle)")
    }
    let text = String(decoding: input, as: UTF8.self)
    _ = MetricSelector(text)
    var own = MetricRule(name: "own")
    own.pattern = text
    own.conditions = [text]
    own.labels = [MetricRule.Label(name: "own", text: text)]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(200)
    let whole = counted([lines[...]], own)
    let parts = counted([lines[..<(lines.count / 3)], lines[(lines.count / 3)...]], own)
    try require(whole == parts, "\(parts) in two parts, \(whole) at once")
  }

  private struct Key: Hashable {
    var rule: Int64
    var labels: [UInt8]
    var time: Int64
  }

  private static func counted(
    _ parts: [ArraySlice<Substring>], _ own: MetricRule
  ) -> [Key: MetricSummary] {
    var rules = [own]
    for (pattern, function) in [
      (#"(\d+)"#, MetricRule.Function.sum), (#"=(?<value>\S+)"#, .histogram), ("(a+)+$", .count),
    ] {
      var rule = MetricRule(name: "given")
      rule.pattern = pattern
      rule.function = function
      rule.labels = [
        MetricRule.Label(name: "field", text: "status"),
        MetricRule.Label(name: "text", text: #"(\w+)="#),
      ]
      rules.append(rule)
    }
    var reader = MetricReader(
      rules.enumerated().map { ActiveMetricRule(id: Int64($0.offset), rule: $0.element) })
    let selection = reader.select(source: "app", id: 1, file: Path("app.log"))
    var sums: [Key: MetricSummary] = [:]
    var id: Int64 = 1
    for part in parts {
      for line in part {
        var parser = LineParser(format: "json", zone: .utc, reference: 0, multiline: .none)
        var head = LineHead()
        // NUL is no part of a stored text.
        let bytes = Array(line.utf8.filter { $0 != 0 })
        _ = parser.parse(bytes.span, into: &head)
        guard let selection else { continue }
        reader.read(
          bytes.span, id: id, source: 1, time: head.time ?? id * 1_000_000,
          severity: head.severity, selection: selection, parser: parser)
        id += 1
      }
      for entry in reader.take().increments {
        let key = Key(rule: entry.rule, labels: entry.labels, time: entry.time)
        sums[key, default: MetricSummary()].merge(entry.summary)
      }
    }
    return sums
  }
}
