import LogModel
import RegularExpressions

/// What rules ask of the values of fields.
struct FieldTests {
  /// What one condition says of a value.
  enum Answer: UInt8 {
    case unknown, fails, holds, tooManySteps
  }

  /// Holds no reference: to hold each anew takes longer than to compare.
  private struct Test {
    let comparison: FieldCondition.Comparison
    let number: MetricNumber?
    /// Among the bytes of all.
    let text: Range<Int>
    /// -1 for none.
    let expression: Int
  }

  private var tests: [Test] = []
  private var texts: [UInt8] = []
  private var expressions: [RegularExpression] = []

  init(_ conditions: [FieldCondition]) {
    for condition in conditions {
      let start = texts.count
      texts += condition.text
      tests.append(
        Test(
          comparison: condition.comparison, number: condition.number, text: start..<texts.count,
          expression: condition.expression == nil ? -1 : expressions.count))
      if let expression = condition.expression { expressions.append(expression) }
    }
  }

  /// Whether the number that a field holds matters to a condition.
  @inline(__always)
  func takesNumber(_ condition: Int) -> Bool {
    tests[condition].number != nil && tests[condition].expression < 0
  }

  /// A field that is not there equals nothing, and matches nothing.
  func answerWithoutField(_ condition: Int) -> Answer {
    switch tests[condition].comparison {
    case .isNot, .matchesNot: .holds
    default: .fails
    }
  }

  /// Of a field's plain text, which is UTF-8, and of the number that it holds, if the condition takes one.
  @inline(__always)
  func answer(_ condition: Int, _ text: Span<UInt8>, _ number: MetricNumber?) -> Answer {
    let test = tests[condition]
    let holds: Bool?
    switch test.comparison {
    case .matches, .matchesNot:
      let isMatch = matches(test.expression, text)
      holds = isMatch.map { $0 == (test.comparison == .matches) }
    case .atLeast, .atMost, .greater, .less:
      if let own = number, let number = test.number {
        holds = test.comparison.holds(own.billionths, number.billionths)
      } else {
        holds = false
      }
    case .isNot: holds = !equals(test, text, number)
    case .equals, .equalsAs, .has, .matchesAs: holds = equals(test, text, number)
    }
    return holds.map { $0 ? .holds : .fails } ?? .tooManySteps
  }

  @inline(__always)
  private func equals(_ test: Test, _ text: Span<UInt8>, _ number: MetricNumber?) -> Bool {
    if let own = number, own == test.number { return true }
    guard text.count == test.text.count else { return false }
    for index in 0..<text.count where texts[test.text.lowerBound &+ index] != text[index] {
      return false
    }
    return true
  }

  /// Nil where that takes too many steps.
  private func matches(_ expression: Int, _ text: Span<UInt8>) -> Bool? {
    try? expressions[expression].matches(
      text, steps: RegularExpression.stepsOfLine, isKnownUTF8: true)
  }
}
