import ArgumentParsing
import Formats
import LogModel
import Metrics
import Reporting
import Tailing

struct MetricsCheck: Command {
  static let name = "check"
  static let abstract = "Show what every rule of the configuration says of a line."
  static let discussion = """
    A rule that is for certain sources or files is asked all the same. Nothing is stored.
    """
  static let arguments: [Argument<Self>] = [
    .one("LINE", help: "A line, quoted for the shell.", sets: \.line)
  ]
  static let options: [Option<Self>] = [
    .value(
      "as", nil, "FORMAT", help: "The format of the line. (default: detected)", sets: \.format,
      parse: parseFormat),
    .choice("format", help: "How rows are written.", sets: \.result.format),
  ]
  static let examples = [
    (
      #"logbook metrics check '10.0.0.7 "GET /" [code=200] 512'"#,
      "which rules count it, and as what"
    )
  ]
  var line = ""
  var format: String?
  var result = ResultOptions()

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let workspace = try Workspace(globals)
    guard var rules = MetricRules(workspace) else {
      throw Failure(
        workspace.configuration == nil
          ? "there is no configuration" : "the configuration has no metrics",
        hint: "logbook config example > logbook.yaml", status: .configuration)
    }
    rules.check()
    for problem in rules.problems { StandardError.write(problem) }
    let bytes = Array(line.utf8)
    let text = TextSanitizer.isClean(bytes.span) ? bytes : TextSanitizer.clean(bytes.span)
    var parser = LineParser(
      format: format ?? Detector.detect([text]).name, zone: .local, reference: currentTime(),
      multiline: .none)
    var head = LineHead()
    _ = parser.parse(text.span, into: &head)
    var reader = MetricReader(rules.rules.map { ActiveMetricRule(id: 0, rule: $0) })
    var writer = ResultWriter(result)
    writer.begin(["metric", "matches", "value", "labels", "why"])
    for (rule, verdict, labels) in reader.verdicts(
      on: text.span, severity: head.severity, parser: parser)
    {
      let (value, why) = Self.explanation(verdict, of: rule)
      let matches = labels != nil
      writer.row([
        .text(rule.name), .json(matches ? "true" : "false"), value,
        labels.map { .json($0) } ?? .null, .text(why),
      ])
    }
    try writer.end()
    return rules.problems.isEmpty ? .success : .configuration
  }

  private static func explanation(
    _ verdict: MetricReader.Verdict, of rule: MetricRule
  ) -> (value: Value, why: String) {
    switch verdict {
    case .counted(let number):
      guard let number else { return (.integer(1), "counted") }
      let real = number.real
      let isWhole = real == real.rounded() && abs(real) < 9e15
      return (
        isWhole ? .integer(Int64(real)) : .real(real), "its \(rule.function.rawValue) takes it"
      )
    case .noMatch: return (.null, "the pattern does not match")
    case .excluded: return (.null, "exclude matches")
    case .condition(let text): return (.null, "not so: \(text)")
    case .noField: return (.null, "there is no field '\(rule.field ?? "")'")
    case .noGroup: return (.null, "the group of the value took no part in the match")
    case .notANumber(let text): return (.text(text), "'\(text)' is no number")
    case .tooLarge(let text): return (.text(text), "'\(text)' is beyond 10^18")
    case .tooManySteps: return (.null, "an expression takes too many steps")
    }
  }
}
