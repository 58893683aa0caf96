import RegularExpressions

/// The patterns of rules, which somebody else holds: to hold each anew for a line that it does not match takes
/// longer than to search the line.
@safe
struct BorrowedPatterns {
  private let patterns: [Unmanaged<LineExpression>?]

  /// The rules must live as long.
  init(of rules: [CompiledRule]) {
    unsafe patterns = rules.map { rule in
      unsafe rule.pattern.map { unsafe Unmanaged.passUnretained($0) }
    }
  }

  /// Whether the pattern of a rule does not match; what takes too many steps is told when the rule sees the line.
  @inline(__always)
  func isNotFound(_ rule: Int, in text: Span<UInt8>, _ state: LineText) -> Bool {
    guard let pattern = unsafe patterns[rule] else { return false }
    return unsafe pattern._withUnsafeGuaranteedRef { pattern in
      do throws(RegularExpressionError) {
        return try !pattern.isFound(in: text, state)
      } catch {
        return false
      }
    }
  }
}
