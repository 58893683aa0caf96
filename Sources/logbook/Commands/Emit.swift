import ArgumentParsing
import Collecting
import LogModel
import Reporting

/// `NAME=VALUE`, as labels and fields are given.
struct NamedText: Equatable {
  var name: String
  var value: String

  /// Nil where there is no name, or it has other characters than those of metrics.
  init?(_ text: String) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    name = String(text[..<equals])
    value = String(text[text.index(after: equals)...])
    guard MetricName.isValid(name) else { return nil }
  }
}

/// Names of metrics and labels.
enum MetricName {
  static func isValid(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || "_:.-".utf8.contains($0)
      }
  }
}

/// The last time that four digits of a year can tell.
private let endOfTime: Int64 = 253_402_300_800_000_000

/// The time that is asked for, or now.
private func time(_ text: String?) throws -> Int64 {
  let clock = Times(zone: nil)
  guard let text else { return clock.now }
  let time = try clock.parse(text)
  guard time >= 0, time < endOfTime else {
    throw Failure("'\(text)' is before 1970 or after 9999", status: .usage)
  }
  return time
}

private func unique(_ pairs: [NamedText], option: String) throws -> [NamedText] {
  var names: Set<String> = []
  for pair in pairs where !names.insert(pair.name).inserted {
    throw Failure("\(option) names '\(pair.name)' twice", status: .usage)
  }
  return pairs
}

@Sendable private func parsePair(_ text: String) throws(InvalidValue) -> NamedText {
  guard let pair = NamedText(text) else {
    throw InvalidValue(expected: "NAME=VALUE, with a name of letters, digits, _, :, . and -")
  }
  return pair
}

struct EmitMetric: Command {
  static let name = "metric"
  static let abstract = "Store a value of a metric."
  static let discussion = """
    A metric that is new begins with its first value. 'logbook metrics query NAME' shows it. At one time \
    and with the same labels a metric has one value: the last one given.
    """
  static let arguments: [Argument<Self>] = [
    .one(
      "NAME", help: "Letters, digits, _, :, . and -, such as backup.bytes.", sets: \.metric,
      parse: { text throws(InvalidValue) in
        guard MetricName.isValid(text) else {
          throw InvalidValue(expected: "a name of letters, digits, _, :, . and -")
        }
        return text
      }),
    .one(
      "VALUE", help: "A decimal number.", sets: \.value,
      parse: { text throws(InvalidValue) in
        guard MetricNumber(Array(text.utf8).span) != nil, let value = Double(text) else {
          throw InvalidValue(expected: "a decimal number of less than 10^18")
        }
        return value
      }),
  ]
  static let options: [Option<Self>] = [
    .value(
      "label", nil, "NAME=VALUE", help: "A label; may be given several times.",
      appendsTo: \.labels, parse: parsePair),
    .value("time", nil, "TIME", help: "When it was so. (default: now)", sets: \.time),
  ]
  static let examples = [
    ("logbook emit metric backup.bytes 73400320 --label disk=sda", "how large it has become")
  ]
  // A value may be below 0.
  static let passesUnknownDashesThrough = true
  var metric = ""
  var value = 0.0
  var labels: [NamedText] = []
  var time: String?

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    guard HostMetric(rawValue: metric) == nil else {
      throw Failure(
        "the metric '\(metric)' is the host's", hint: "take another name", status: .usage)
    }
    for label in labels where label.name.hasPrefix("__") {
      throw Failure(
        "--label \(label.name): names that begin with __ are Prometheus' own", status: .usage)
    }
    let labels = try unique(labels, option: "--label").map { ($0.name, $0.value) }
    let sample = GaugeSample(
      metric: metric, labels: LabelText.object(labels), time: try logbook.time(time), value: value)
    try Emission(samples: [sample]).write(Workspace(globals), now: currentTime())
    return .success
  }
}

struct EmitEvent: Command {
  static let name = "event"
  static let abstract = "Store an event as a line."
  static let discussion = """
    The line is a JSON object with time, level, message and the fields. It is one like those of any other \
    log: 'search' finds it, 'errors' groups it from the level error on, and rules count it. While \
    another run goes on it waits, and is there after the next one.
    """
  static let arguments: [Argument<Self>] = [
    .one("MESSAGE", help: "What happened.", sets: \.message)
  ]
  static let options: [Option<Self>] = [
    .value(
      "level", nil, "LEVEL", help: "trace, debug, info, warn, error or fatal. (default: info)",
      sets: \.level, parse: parseSeverity),
    .value(
      "source", "s", "NAME", help: "The source that the line belongs to.", sets: \.source),
    .value(
      "field", nil, "NAME=VALUE",
      help:
        "A field; may be given several times. Numbers, true, false and null are stored as such.",
      appendsTo: \.fields, parse: parsePair),
    .value("time", nil, "TIME", help: "When it happened. (default: now)", sets: \.time),
  ]
  static let examples = [
    (
      "logbook emit event 'deployed 4.2' --field version=4.2 --field host=web1",
      "'logbook search version:4.2' finds it"
    )
  ]
  var message = ""
  var level = Severity.info
  var source = "events"
  var fields: [NamedText] = []
  var time: String?

  private static let ownNames: Set<String> = ["time", "level", "message"]

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    guard !source.isEmpty else { throw Failure("--source is empty", status: .usage) }
    let fields = try unique(fields, option: "--field")
    for field in fields where Self.ownNames.contains(field.name) {
      throw Failure("--field cannot be '\(field.name)', which each event has", status: .usage)
    }
    let event = Emission.Event(
      message, at: try logbook.time(time), level: level, source: source,
      fields: fields.map { ($0.name, Self.value($0.value)) })
    try Emission(events: [event]).write(Workspace(globals), now: currentTime())
    return .success
  }

  /// A text that JSON can have without quotes is what it is.
  private static func value(_ text: String) -> Value {
    switch text {
    case "true", "false", "null": return .json(text)
    default: return isNumber(text) ? .json(text) : .text(text)
    }
  }

  /// As JSON writes numbers, of at most 17 characters and without zeros at their end, which readers would
  /// not tell from others: 4.20 may be a version.
  private static func isNumber(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = digits.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard text.utf8.count <= 17, parts.count <= 2,
      parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 &- 0x30 <= 9 } })
    else { return false }
    return (parts[0].count == 1 || parts[0].first != 0x30)
      && (parts.count == 1 || parts[1].last != 0x30)
  }
}
