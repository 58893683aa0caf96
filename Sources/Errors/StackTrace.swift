/// A place in a program that a trace names.
struct Frame: Equatable {
  /// The file, class or package, without what differs between builds and machines.
  var module: String
  var function: String
  /// Of the language, its libraries or a framework.
  var isSystem: Bool

  var name: String {
    function.isEmpty ? module : module.isEmpty ? function : "\(module):\(function)"
  }
}

/// One exception of a trace.
struct RaisedException: Equatable {
  var type: String?
  var message: [UInt8] = []
  /// The innermost first.
  var frames: [Frame] = []
  /// Called as exceptions are; else only a level tells that the text is about an error.
  var isCertain = true
}

/// The exceptions that a trace shows, the root cause first.
struct StackTrace: Equatable {
  var exceptions: [RaisedException]

  /// Of a longer trace, so many lines at both ends are read: there stand types, messages and causes.
  static let maxLines = 200
  /// The frames nearest to the error that make its fingerprint.
  static let maxFrames = 10

  /// The trace in a text of several lines; nil where none of the languages is known by it.
  init?(_ text: Line) {
    let lines = Self.lines(text).map { $0.last == 0x0D ? $0.dropLast() : $0 }
    for language in Self.languages {
      let found = language.exceptions(in: lines)
      guard found.contains(where: { $0.type != nil || !$0.frames.isEmpty }) else { continue }
      exceptions = found
      return
    }
    return nil
  }

  private static func lines(_ text: Line) -> [Line] {
    var lines = text.split(
      separator: 0x0A, maxSplits: 2 * maxLines, omittingEmptySubsequences: false)
    guard lines.count > 2 * maxLines else { return lines }
    var end: [Line] = []
    var rest = lines.removeLast()
    while end.count < maxLines, let mark = rest.lastIndex(of: 0x0A) {
      end.append(rest[(mark + 1)...])
      rest = rest[..<mark]
    }
    return lines.prefix(2 * maxLines - end.count) + end.reversed()
  }

  /// What looks most like itself stands first.
  private static let languages: [any (TraceLanguage & Sendable).Type] = [
    PythonTrace.self, GoTrace.self, RustTrace.self, PHPTrace.self, RubyTrace.self,
    SwiftTrace.self, BrowserTrace.self, CallTrace.self,
  ]

  /// Those of the root cause that are the program's own, or all if none is: without repetitions, the
  /// innermost few.
  var ownFrames: [Frame] {
    guard let root = exceptions.first else { return [] }
    let own = root.frames.filter { !$0.isSystem }
    var frames: [Frame] = []
    for frame in own.isEmpty ? root.frames : own where frame != frames.last {
      frames.append(frame)
      if frames.count == Self.maxFrames { break }
    }
    return frames
  }
}

/// One way of writing traces.
///
/// A language is one file and one line in `StackTrace.languages`.
protocol TraceLanguage: Sendable {
  /// Root cause first; empty where the lines are no trace of the language.
  static func exceptions(in lines: [Line]) -> [RaisedException]
}
