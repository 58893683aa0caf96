import JSON
package import LogModel

/// When a line begins a record.
package enum Multiline {
  /// As the format says.
  case auto
  /// Always.
  case none
  /// When the closure says so; every other line continues.
  case start((Span<UInt8>) -> Bool)
}

/// Reads the lines of one file, in order: in its format, else as a time and a level, else as text.
///
/// A line of JSON with a time is a record. Whatever else shows no time continues in a multi-line format;
/// in a format of single lines every line is a record, but for those that follow a line of text with a
/// time and show none: they continue it.
///
/// It never fails. The first line of a file may come out as `.continues` (a trace that was cut by
/// rotation); what it continues is for the caller to decide. To go on in the middle of a file,
/// begin at a record and set `previous` to the instant of the line before.
package struct LineParser {
  package enum Outcome: Sendable, Equatable {
    /// The line is of the format, or continues a record that is.
    case parsed
    /// The line is not of the format, but shows a time.
    case fallback
    case raw

    /// Written out because each line calls it, see `TimeLayout`.
    @inlinable
    package static func == (one: Outcome, other: Outcome) -> Bool {
      switch (one, other) {
      case (.parsed, .parsed), (.fallback, .fallback), (.raw, .raw): true
      default: false
      }
    }
  }

  /// The format's name; `raw` when none was given or known.
  package let format: String

  private var sticky: any Format
  private let isMultiline: Bool
  private let isRaw: Bool
  /// Between the lines of a single-line format: a line of text with a time has begun a record.
  private var isInText = false
  private var generic = Generic()
  private var json = JSONLines()
  private var context: TimeContext
  private var multiline: Multiline

  /// `format` is a name or an alias in `Formats`; nil and unknown names mean `raw`.
  package init(format: String?, zone: Zone, reference: Int64, multiline: Multiline) {
    let type = format.flatMap { Formats.format(named: $0) } ?? Raw.self
    self.format = type.name
    sticky = type.init()
    isMultiline = type.isMultiline
    isRaw = type == Raw.self
    context = TimeContext(zone: zone, reference: reference)
    self.multiline = multiline
  }

  /// Whether the format is that of a runtime that cuts texts into lines.
  package var cutsTexts: Bool { format == DockerJSON.name || format == CRI.name }

  /// The same, telling of each line whose part it is, whatever begins a record.
  package var tellingParts: LineParser {
    var parser = self
    parser.multiline = .auto
    return parser
  }

  /// The instant of the last line that showed one, in microseconds since 1970; see
  /// `TimeContext.previous`.
  package var previous: Int64? {
    get { context.previous }
    set { context.previous = newValue }
  }

  /// Reads one line without its line end; whatever `head` held is replaced.
  package mutating func parse(_ line: Span<UInt8>, into head: inout LineHead) -> Outcome {
    head = LineHead()
    var outcome = Outcome.parsed
    if !isRaw && sticky.parse(line, &context, into: &head) {
      isInText = false
    } else {
      outcome = parseOtherwise(line, &head)
    }
    if let time = head.time { context.previous = time }
    switch multiline {
    case .auto: break
    case .none: head.role = .whole
    case .start(let begins):
      head.role = begins(line) ? .begins : .continues
      head.part = nil
    }
    return outcome
  }

  private mutating func parseOtherwise(
    _ line: Span<UInt8>, _ head: inout LineHead
  ) -> Outcome {
    head = LineHead()
    // A logger that changed to JSON must not become one endless record.
    if !isRaw, json.parse(line, &context, into: &head), head.time != nil {
      isInText = false
      return .fallback
    }
    head = LineHead()
    if isMultiline {
      head.body = 0..<line.textEnd
      head.role = .continues
      return .parsed
    }
    if generic.parse(line, &context, into: &head) {
      isInText = !isRaw
      if isRaw { head.role = .whole }
      return .fallback
    }
    head = LineHead()
    head.body = 0..<line.textEnd
    head.severity = LevelScanner.leading(line, from: 0)
    head.role = isInText ? .continues : .whole
    return isInText ? .fallback : .raw
  }

  /// The record's fields as one canonical JSON object: keys sorted by their bytes, no blanks.
  ///
  /// The record's text is read in the sticky format, and when it is not of that, in the first
  /// format of `Formats.all` that it is of. Of a record of several lines it is the first line that
  /// counts, except in `docker` and `cri`, whose parts are joined. `{}` when there are none.
  package func attributesJSON(of record: Span<UInt8>) -> String {
    JSONText.object(attributes(of: record, among: .all))
  }

  /// As `attributesJSON`, in the order of the line: those of the names, and perhaps others.
  package func attributes(
    of record: Span<UInt8>, among names: FieldNames
  ) -> [(key: String, value: Value)] {
    reader(of: record).attributes(of: record, among: names)
  }

  /// The format that reads this record.
  private func reader(of record: Span<UInt8>) -> any Format {
    let end = record.firstIndex(of: 0x0A, in: 0..<record.count) ?? record.count
    let line = record.extracting(0..<end)
    var head = LineHead()
    var scratch = context
    var candidate = sticky
    if !isRaw, candidate.parse(line, &scratch, into: &head) { return sticky }
    for type in Formats.all {
      var candidate = type.init()
      head = LineHead()
      if candidate.parse(line, &scratch, into: &head) { return candidate }
    }
    return Raw()
  }
}
