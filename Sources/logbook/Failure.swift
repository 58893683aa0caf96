import ArgumentParsing
import Configuration
import Glibc
import Ingestion
import LineStore
import Querying
import RegularExpressions
import Retention
import SQLite
import Storage

/// Why a command could not do its work: one line, a hint where one helps, and the exit status.
///
/// The modules throw situations; all prose about them is here.
struct Failure: Error {
  var message: String
  var hint: String?
  /// Lines shown below the message, such as the query with a caret.
  var detail: String?
  var status: ExitStatus

  init(_ message: String, hint: String? = nil, detail: String? = nil, status: ExitStatus) {
    self.message = message
    self.hint = hint
    self.detail = detail
    self.status = status
  }

  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as UsageError:
      self.init(error.message, hint: Self.hint(error), status: .usage)
    case let error as ConfigurationError:
      self.init(error.description, hint: error.hint, status: .configuration)
    case let error as TimeError: self.init(error.description, hint: error.hint, status: .usage)
    case let error as StorageError: self.init(error)
    case let error as SQLiteError: self.init(error)
    case is PruneCancelled:
      self.init(
        "interrupted; what was done stays", hint: "the same command does the rest",
        status: .signal(Interruption.signal))
    case is IngestCancelled:
      let signal = Interruption.signal
      self.init("interrupted; what was committed stays", status: .signal(signal))
    default: self.init("\(error)", status: .inputOutput)
    }
  }

  private static func hint(_ error: UsageError) -> String? {
    if case .invalidValue(subject: "--as", _, _) = error { return "see 'logbook formats'" }
    return error.hint(program: "logbook")
  }

  init(_ error: QueryError, in query: String) {
    self.init(
      error.message, hint: error.hint, detail: error.snippet(of: query), status: .usage)
  }

  init(_ error: SQLiteError) {
    if error.isDenied || error.isReadOnly {
      self.init(
        "\(error.message): queries only read", hint: "use SELECT; see 'logbook schema'",
        status: .usage)
    } else if error.isInterrupt {
      self.init("interrupted", status: .signal(Interruption.signal))
    } else if error.isBusy {
      self.init("the database is busy: \(error.message)", status: .locked)
    } else if error.isFull {
      self.init("the disk is full: \(error.message)", status: .inputOutput)
    } else if error.isCorrupt || error.isOfInflating {
      self.init(
        "the database is damaged: \(error.message)", hint: "see 'logbook verify'",
        status: .inputOutput)
    } else {
      self.init(
        error.message, hint: error.message.hasPrefix("no such ") ? "see 'logbook schema'" : nil,
        status: error.isOfQuery ? .usage : .inputOutput)
    }
  }
}

/// The system's words for an `errno`.
func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

/// Everything that is not data.
enum StandardError {
  static func write(_ failure: Failure) {
    write("logbook: \(oneLine(failure.message))")
    // A program that reads this gets its one line; a person sees the place, too.
    if let detail = failure.detail, isatty(STDERR_FILENO) == 1 { write(detail) }
    if let hint = failure.hint { write("hint: \(hint)") }
  }

  static func write(_ line: String) { raw(line + "\n") }

  static func raw(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
  }

  private static func oneLine(_ text: String) -> String {
    // CR LF is one character.
    String(text.map { $0.isNewline ? " " : $0 })
  }
}
