import Configuration
import Formats
import RegularExpressions
import YAML

extension FuzzTarget {
  /// Any text as a configuration: an error at a place in it, or a configuration that, when it is
  /// shown and read again, is the same.
  static let configuration = FuzzTarget("configuration") { input in
    let configuration: Configuration
    do throws(ConfigurationError) {
      configuration = try Configuration(input, file: "fuzz.yaml", checks: checks)
    } catch {
      let lines = input.count { $0 == 0x0A || $0 == 0x0D } + 2
      if let mark = error.mark {
        try require(
          mark.line >= 1 && mark.column >= 1 && mark.column <= input.count + 2,
          "an error at \(mark.line):\(mark.column)")
        // YAML 1.1 has more line ends than these: NEL, LS and PS are two or three bytes.
        try require(
          mark.line <= lines + input.count / 2, "an error in line \(mark.line) of \(lines)")
      }
      let text = error.description
      try require(!text.utf8.contains(0x0A), "an error of several lines: \(text)")
      _ = error.hint
      return
    }
    let shown = configuration.document
    let again: Configuration
    do throws(ConfigurationError) {
      again = try Configuration(Array(shown.utf8), file: "shown", checks: checks)
    } catch {
      throw Violation(description: "\(error)\n\(shown)")
    }
    try require(again == configuration, "what is shown is another configuration:\n\(shown)")
  }

  private static let checks = Checks(
    formats: Formats.all.flatMap { [$0.name] + $0.aliases },
    isTimezone: { Zone(name: $0) != nil },
    expressionProblem: { pattern in
      do throws(RegularExpressionError) {
        _ = try RegularExpression(pattern)
        return nil
      } catch {
        if case .invalidPattern(let message, let offset) = error { return (message, offset) }
        return (error.description, 0)
      }
    })
}
