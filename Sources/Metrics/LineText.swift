import LogModel
import RegularExpressions
import Tailing

/// What the expressions of rules know of the line that is being read.
struct LineText {
  /// Another one for each line.
  private(set) var number: UInt64 = 0
  /// Of a line of a damaged file nothing is known.
  private(set) var isUTF8 = false
  private(set) var isASCII = false

  mutating func begin(_ text: Span<UInt8>) {
    number &+= 1
    isASCII = Self.isASCII(text)
    isUTF8 = isASCII || TextSanitizer.isClean(text)
  }

  private static func isASCII(_ text: Span<UInt8>) -> Bool {
    var index = 0
    var bits: UInt64 = 0
    while index &+ 8 <= text.count {
      bits |= unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      index &+= 8
    }
    var rest: UInt8 = 0
    while index < text.count {
      rest |= text[index]
      index &+= 1
    }
    return bits & 0x8080_8080_8080_8080 == 0 && rest < 0x80
  }
}

/// An expression that several rules may have: a line is searched for it once.
final class LineExpression {
  private let expression: RegularExpression
  /// The line that was searched last.
  private var line: UInt64 = 0
  private var isFound = false
  private var hasGivenUp = false
  /// Steps that may still be taken for lines that need more than others.
  private var patience: Int

  init(_ pattern: String, _ key: String, patience: Int) throws(MetricRuleError) {
    expression = try RegularExpression(pattern, of: key)
    self.patience = patience
  }

  var captureCount: Int { expression.captureCount }

  /// The lines have cost too much time.
  var isExhausted: Bool { patience <= 0 }

  /// The group whose match is a value.
  var valueGroup: Int { expression.groupNumber("value") ?? 1 }

  /// Whether the expression matches somewhere in a line.
  ///
  /// - Throws: where that takes too many steps.
  func isFound(
    in text: Span<UInt8>, _ state: LineText
  ) throws(RegularExpressionError) -> Bool {
    if line != state.number {
      line = state.number
      do throws(RegularExpressionError) {
        hasGivenUp = false
        isFound = try search(text, isUTF8: state.isUTF8)
      } catch {
        (hasGivenUp, isFound) = (true, false)
      }
    }
    if hasGivenUp { throw .limitExceeded }
    return isFound
  }

  private func search(
    _ text: Span<UInt8>, isUTF8: Bool
  ) throws(RegularExpressionError) -> Bool {
    patience = min(patience + text.count * RegularExpression.patienceOfByte, .max / 2)
    let ofLine = min(patience, RegularExpression.patience(with: text.count))
    var left = ofLine
    defer { patience -= ofLine - left }
    return try expression.matches(
      text, steps: RegularExpression.stepsOfLine, isKnownUTF8: isUTF8, patience: &left)
  }

  /// What a group matched in the line that was searched last.
  func capture(_ group: Int) -> Range<Int>? { isFound ? expression.capture(group) : nil }
}

extension RegularExpression {
  /// Steps from all places of a line where a match might begin: a line that needs more is not worth the time.
  static let stepsOfLine = 1_000_000
  /// Steps of an expression in all lines that need more than `stepsOfLine`, for each byte that it is shown.
  static let patienceOfByte = 64

  /// How many steps may be taken in a line of so many bytes, place by place: as many as that an expression fits which
  /// passes over the rest of the line from each fourth byte on.
  static func patience(with bytes: Int) -> Int { min(bytes, 1 << 16) << 14 }

  /// The expression that a rule has under `key`.
  convenience init(_ pattern: String, of key: String) throws(MetricRuleError) {
    do throws(RegularExpressionError) { try self.init(pattern) } catch {
      throw .badExpression(key: key, error)
    }
  }
}
