import ArgumentParsing
import Errors
import Formats
import LogModel
import Reporting
import SQLite
import Storage

struct ErrorsExplain: Command {
  static let name = "explain"
  static let abstract = "Show which error a record is, and why."
  static let discussion = """
    LINE is a record, of several lines if it has a trace; the id of a stored line; or - for a record on \
    standard input. Nothing is stored. The tier says what makes the fingerprint: 1 a field 'fingerprint', \
    2 the type and the frames, 3 the type and the message, 4 the message.
    """
  static let arguments: [Argument<Self>] = [
    .one("LINE|ID", help: "A record, quoted for the shell; a line's id; or -.", sets: \.input)
  ]
  static let options: [Option<Self>] = [
    .value(
      "as", nil, "FORMAT", help: "The record's format. (default: detected)", sets: \.named,
      parse: parseFormat
    ).suggesting(Formats.names),
    .choice("format", help: "How rows are written.", sets: \.result.format),
  ]
  static let examples = [
    ("logbook errors explain '2026-03-02T11:21:57Z ERROR timeout after 3 s'", "a line"),
    ("logbook errors explain - <trace.txt", "a trace"),
    ("logbook errors explain 68719476737", "a line of 'logbook search'"),
  ]
  var result = ResultOptions()
  var input = ""
  var named: String?

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let (record, format, time) = try record(globals)
    let lines = record.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
    var parser = LineParser(
      format: named ?? format ?? Detector.detect(Array(lines.prefix(1))).name,
      zone: time == nil ? .local : .utc,
      reference: currentTime(), multiline: .none)
    var head = LineHead()
    let first = lines.first ?? []
    _ = parser.parse(first.span, into: &head)
    var extractor = ErrorExtractor()
    guard let error = extractor.error(in: record.span, head) else {
      throw Failure(
        "this shows no error",
        hint: "an error has a level from error on, a status from 500 on, or an exception",
        status: .negative)
    }
    var writer = ResultWriter(result, isVertical: true)
    writer.begin([
      "fingerprint", "version", "tier", "type", "title", "culprit", "frames", "level", "copy_key",
    ])
    let key = ErrorExtractor.copyKey(of: record.span, head, time: time ?? head.time ?? 0)
    writer.row([
      .integer(error.fingerprint), .integer(LoggedError.algorithm),
      .integer(Int64(error.tier.rawValue)), error.type.map { .text($0) } ?? .null,
      .text(error.text), error.culprit.map { .text($0) } ?? .null, .json(error.framesJSON),
      head.severity.map { .text($0.name) } ?? .null, key.map { .integer($0) } ?? .null,
    ])
    try writer.end()
    return .success
  }

  /// The record's text without its last line end; of one that is stored, the format of its source and its time.
  private func record(
    _ globals: GlobalOptions
  ) throws -> (text: [UInt8], format: String?, time: Int64?) {
    if let id = Int64(input) {
      let store = try Workspace(globals).openForReading()
      try prepareForReading(store.db)
      let format = try store.db.text("SELECT format FROM source WHERE id = ?", id >> 36)
      guard let text = try store.db.text("SELECT message FROM log WHERE id = ?", id) else {
        throw Failure("there is no line \(id)", hint: "see 'logbook search'", status: .negative)
      }
      let time = try store.db.integer("SELECT time_us FROM log WHERE id = ?", id)
      return (Array(text.utf8), format, time)
    }
    var bytes = Array(input == "-" ? try readText(ofFile: "-").utf8 : input.utf8)
    while bytes.last == 0x0A { bytes.removeLast() }
    return (bytes, nil, nil)
  }
}
