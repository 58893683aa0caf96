import ArgumentParsing
import Collecting
import Glibc
import Ingestion
import LogModel
import Redaction

struct Run: Command {
  static let name = "run"
  static let abstract = "Run a command, and record how long it took and how it ended."
  static let discussion = """
    Its output, its standard error and the signals sent to it pass through, and its exit status is that \
    of this command: 128 and the number for a signal, 127 where it is not found, 126 where it cannot be \
    started. What is recorded: the metrics run.duration_seconds and run.exit_status with the label name, \
    and a line of the source 'run'. Where it fails, that is an error, with the last 16 KiB of standard \
    error. The database is not touched before the command has ended. What keeps the record from being \
    stored is told in one line, and changes no status.
    """
  static let arguments: [Argument<Self>] = [
    .many(
      "COMMAND", help: "The command with its arguments, behind --.", isRequired: true,
      sets: \.command)
  ]
  static let options: [Option<Self>] = [
    .value(
      "name", nil, "NAME", help: "What it is called. (default: the command's name)", sets: \.label)
  ]
  static let examples = [
    ("logbook run --name backup -- tar -czf /backup/etc.tar.gz /etc", "in place of the command"),
    ("logbook errors", "what failed"),
    ("logbook metrics query run.duration_seconds --step 1d --fn max", "how long it takes"),
  ]
  var command: [String] = []
  var label: String?

  fileprivate static let source = "run"

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let words = try Self.words(command.count)
    let name = label ?? String(decoding: Path(bytes: words[0]).name, as: UTF8.self)
    guard !name.isEmpty else { throw Failure("--name is empty", status: .usage) }
    let child = ChildProcess(words)
    if case .notStarted(let code) = child.end {
      StandardError.write(
        Failure("cannot run \(Path(bytes: words[0])): \(text(code))", status: .inputOutput))
    }
    do {
      Interruption.install()
      ChildProcess.acceptSignals()
      let now = currentTime()
      let workspace = try Workspace(globals)
      // A label is stored as it is, and so its source's settings hold for it here.
      let redactor = try workspace.redactors().choice(Self.source, standardInput)
      let emission = Emission(
        child, of: words, as: name, label: redactor?.label(name) ?? name, at: now)
      try emission.write(workspace, now: now)
    } catch {
      // One line: whoever waits for the command's own words is not to look for them among many.
      let failure = Failure(error)
      StandardError.write(
        Failure("'\(name)' is not recorded: \(failure.message)", status: failure.status))
    }
    return ExitStatus(rawValue: child.end.status)
  }

  /// The command's words as the kernel has them, which need not be UTF-8.
  private static func words(_ count: Int) throws -> [[UInt8]] {
    var words: [[UInt8]] = []
    for index in 0..<Int(CommandLine.argc) {
      guard let word = unsafe CommandLine.unsafeArgv[index] else { continue }
      unsafe words.append(Array(UnsafeRawBufferPointer(start: word, count: strlen(word))))
    }
    guard let dashes = words.firstIndex(of: [0x2D, 0x2D]), words.count - dashes - 1 == count else {
      throw Failure(
        "the command stands behind --", hint: "logbook run --name backup -- tar -cf x.tar x",
        status: .usage)
    }
    return Array(words[(dashes + 1)...])
  }
}

/// What is measured of a command; the raw value is the metric's name.
enum RunMetric: String, CaseIterable {
  case duration = "run.duration_seconds"
  case exitStatus = "run.exit_status"
}

extension Emission {
  /// What is recorded of a command that has ended.
  fileprivate init(
    _ child: ChildProcess, of words: [[UInt8]], as name: String, label: String, at now: Int64
  ) {
    let labels = LabelText.object([("name", label)])
    let seconds = Double(child.microseconds) / 1e6
    samples = [
      GaugeSample(
        metric: RunMetric.duration.rawValue, labels: labels,
        help: "how long a command took, in seconds", time: now, value: seconds),
      GaugeSample(
        metric: RunMetric.exitStatus.rawValue, labels: labels,
        help: "the exit status of a command, as a shell tells it", time: now,
        value: Double(child.end.status)),
    ]
    let isFailed = child.end != .exited(0)
    let errors = String(decoding: child.errorTail, as: UTF8.self)
    let command = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    var fields: [(name: String, value: Value)] = [
      ("event", .text("run")), ("name", .text(name)),
      ("command", .text(String(command.prefix(1000)))),
      ("exit_status", .integer(Int64(child.end.status))),
      ("duration_ms", .real(Double(child.microseconds) / 1000)),
    ]
    if isFailed, !errors.isEmpty {
      fields.append(("stderr", .text(errors)))
      fields.append(("stderr_bytes", .integer(Int64(child.errorCount))))
    }
    let last = errors.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    let message =
      "\(name) \(child.end)" + (isFailed ? last.map { ": " + $0.prefix(500) } ?? "" : "")
    events = [
      Event(message, at: now, level: isFailed ? .error : .info, source: Run.source, fields: fields)
    ]
  }
}

extension ChildProcess.End: CustomStringConvertible {
  var description: String {
    switch self {
    case .exited(0): "succeeded"
    case .exited(let status): "failed with exit status \(status)"
    case .killed(let signal):
      "was ended by signal \(signal), \(unsafe String(cString: strsignal(signal)))"
    case .notStarted(let code): "could not be started: \(text(code))"
    }
  }
}
