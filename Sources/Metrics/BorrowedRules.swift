import RegularExpressions

/// Rules that somebody else holds: to hold each anew for a line takes longer than to search the line.
@safe
struct BorrowedRules {
  private let rules: [Unmanaged<CompiledRule>]

  /// The rules must live as long.
  init(_ rules: [CompiledRule]) {
    unsafe self.rules = rules.map { unsafe Unmanaged.passUnretained($0) }
  }

  @inline(__always)
  func with<Result>(_ rule: Int, _ body: (CompiledRule) -> Result) -> Result {
    unsafe rules[rule]._withUnsafeGuaranteedRef(body)
  }
}
