import ArgumentParsing
import Formats
import LogModel
import Tailing

struct Parse: Command {
  static let name = "parse"
  static let abstract = "Show what a line is taken for, and why."
  static let discussion = """
    Of a file the first ten lines are shown, in the format that fits its beginning, as 'ingest' reads \
    it. Nothing is stored.
    """
  static let arguments: [Argument<Self>] = [
    .one(
      "LINE|FILE", help: "A line, quoted for the shell; a file; or - for standard input.",
      sets: \.input)
  ]
  static let options: [Option<Self>] = [
    .value("as", nil, "FORMAT", help: "The format to try. (default: detected)", sets: \.named),
    .choice("format", help: "How rows are written.", sets: \.result.format),
  ]
  static let examples = [
    ("logbook parse '2026-03-02T11:21:57Z ERROR timeout'", "one line"),
    ("logbook parse /var/log/syslog --format json", "the first lines of a file, for a program"),
  ]
  static let rowCount = 10
  static let sampleCount = 100
  static let sampleBytes = 64 << 10
  var result = ResultOptions()
  var input = ""
  var named: String?

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    if let named, Formats.format(named: named) == nil {
      throw UsageError.invalidValue(
        subject: "--as", value: named,
        expected: "a format: \(Formats.names.joined(separator: ", "))")
    }
    let lines = try lines()
    var parser = LineParser(
      format: named ?? Detector.detect(lines).name, zone: .local, reference: currentTime(),
      multiline: .auto)
    var writer = ResultWriter(result, isVertical: true)
    writer.begin(["format", "time_us", "level", "message", "attributes", "why"])
    for line in lines.prefix(Self.rowCount) {
      let explanation = parser.explain(line.span)
      let head = explanation.head
      writer.row([
        .text(explanation.format), head.time.map { .integer($0) } ?? .null,
        head.severity.map { .text($0.name) } ?? .null,
        .text(String(decoding: line[head.body], as: UTF8.self)),
        .json(parser.attributesJSON(of: line.span)), .text(explanation.why),
      ])
    }
    try writer.end()
    return .success
  }

  /// The one line, or as many of a file as tell its format.
  private func lines() throws -> [[UInt8]] {
    let isFile = (try? FileStatus(of: Path(input)))?.kind == .regular
    guard input == "-" || isFile else { return [Array(input.utf8)] }
    let descriptor =
      input == "-" ? try FileDescriptor.standardInput() : try FileDescriptor(opening: Path(input))
    var reader = try LineReader(ByteSource(descriptor), maxLine: Self.sampleBytes)
    var lines: [[UInt8]] = []
    while reader.lineEnd < Self.sampleBytes, lines.count < Self.sampleCount, try reader.next() {
      lines.append(TextSanitizer.clean(reader.line))
    }
    return lines
  }
}
