import ArgumentParsing
import Formats
import LogModel

struct Parse: Command {
  static let name = "parse"
  static let abstract = "Show what a line is taken for, and why."
  static let arguments: [Argument<Self>] = [
    .one("LINE", help: "The line; quote it for the shell.", sets: \.line)
  ]
  static let options: [Option<Self>] = [
    .value("as", nil, "FORMAT", help: "The format to try. (default: detected)", sets: \.named),
    .choice("format", help: "How rows are written.", sets: \.result.format),
  ]
  var result = ResultOptions()
  var line = ""
  var named: String?

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if let named, Formats.format(named: named) == nil {
      throw UsageError.invalidValue(
        subject: "--as", value: named,
        expected: "a format: \(Formats.names.joined(separator: ", "))")
    }
    let bytes = Array(line.utf8)
    let detection = Detector.detect([bytes])
    var parser = LineParser(
      format: named ?? detection.name, zone: .local, reference: currentTime(), multiline: .auto)
    let explanation = parser.explain(bytes.span)
    let head = explanation.head
    var writer = ResultWriter(result, isVertical: true)
    writer.begin(["format", "time_us", "level", "message", "attributes", "why"])
    writer.row([
      .text(explanation.format), head.time.map { .integer($0) } ?? .null,
      head.severity.map { .text($0.name) } ?? .null,
      .text(String(decoding: bytes[head.body], as: UTF8.self)),
      .json(parser.attributesJSON(of: bytes.span)), .text(explanation.why),
    ])
    try writer.end()
    return .success
  }
}
