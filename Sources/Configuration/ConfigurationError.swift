import Glibc
package import YAML

/// Why a configuration is refused, and where; the caller exits 78.
package struct ConfigurationError: Error, Equatable {
  package enum Problem: Sendable, Equatable {
    case unreadable(errno: Int32)
    /// It is not YAML, or not of the shape that a configuration has.
    case document(YAML.Problem)
    case sourceWithoutName
    case tooLargeLine(limit: ByteSize)
    case sourceWithoutPath(name: String)
    case hostWithFiles(String)
    /// The value of this key is text without a character.
    case emptyText(key: String)
    case duplicateSource(String, firstLine: Int)
    case unknownFormat(String, nearest: String?)
    case unknownTimezone(String)
    /// `offset` counts bytes in the expression.
    case badExpression(String, message: String, offset: Int)
  }

  package var file: String
  /// Nil when the whole file is meant.
  package var mark: Mark?
  package var problem: Problem

  package init(file: String, mark: Mark?, problem: Problem) {
    self.file = file
    self.mark = mark
    self.problem = problem
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One line, `FILE:LINE:COLUMN: what is wrong`.
  package var description: String {
    guard let mark else { return "\(file): \(problem)" }
    return "\(file):\(mark.line):\(mark.column): \(problem)"
  }

  /// What to do next, where that is not plain from the description.
  package var hint: String? {
    switch problem {
    case .document(.empty): "logbook config example > \(file)"
    case .document(.unknownKey), .document(.unsupportedKey):
      "logbook config example shows every key"
    case .document(.unexpected(.plain(let text), expected: .text)):
      "quote it to make it text: '\(text)'"
    case .unknownFormat: "logbook formats"
    case .badExpression: "single quotes keep backslashes as they are: '\\d+'"
    case .unknownTimezone: "a name of the zone database such as Europe/Berlin, or UTC"
    default: nil
    }
  }
}

extension ConfigurationError.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let code): "cannot be read: \(unsafe String(cString: strerror(code)))"
    case .document(let problem): problem.description
    case .tooLargeLine(let limit): "expected at most \(limit.text)"
    case .sourceWithoutName: "this source has no 'name'"
    case .sourceWithoutPath(let name): "the source \(quoted(name)) has no 'path'"
    case .hostWithFiles(let name):
      "the source \(quoted(name)) is a host: it has no keys but 'name' and 'host'"
    case .emptyText(let key): "the value of '\(key)' is empty"
    case .duplicateSource(let name, let line):
      "the source name \(quoted(name)) is already used in line \(line)"
    case .unknownFormat(let name, nil): "unknown format \(quoted(name))"
    case .unknownFormat(let name, let nearest?):
      "unknown format \(quoted(name)); did you mean \(quoted(nearest))?"
    case .unknownTimezone(let name): "unknown time zone \(quoted(name))"
    case .badExpression(let expression, let message, let offset):
      "bad regular expression \(quoted(expression)): \(message) at offset \(offset)"
    }
  }
}
