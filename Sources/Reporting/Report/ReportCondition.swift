/// What makes a report fail: a figure with a bound, such as `error-rate>1%`, or one that is not 0.
package struct ReportCondition: Sendable, Equatable {
  package enum Comparison: String, Sendable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  /// Why a text is no condition.
  package enum Mistake: Error, Equatable {
    case form
    /// A share needs its sign: 5 would be 500 %.
    case shareWithoutPercent
    case percentOfNoShare
    case dollarsOfNoCost
    /// No figure is below 0, and no share above 100 %.
    case neverHolds
  }

  /// As it was typed.
  package var text: String
  /// Of the figure.
  package var key: String
  package var comparison: Comparison
  package var bound: Double

  /// The figures that conditions may name.
  package static let names = [
    "lines", "error-lines", "error-rate", "errors", "error-events", "new-errors",
    "regressed-errors", "escalating-errors", "new-patterns", "requests", "failed-requests", "turns",
    "failed-turns", "unpriced-turns", "tokens", "cost", "anomalies", "rejects", "lost-bytes",
  ]

  private static let shares: Set<String> = ["error-rate"]

  package init(_ text: String) throws(Mistake) {
    let compact = text.filter { $0 != " " }
    let name = String(compact.prefix { !"<>=".contains($0) })
    guard Self.names.contains(name) else { throw .form }
    self.text = text
    key = String(name.map { $0 == "-" ? "_" : $0 })
    let rest = compact.dropFirst(name.count)
    guard !rest.isEmpty else {
      (comparison, bound) = (.above, 0)
      return
    }
    guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      throw .form
    }
    self.comparison = comparison
    var number = rest.dropFirst(comparison.rawValue.count)
    let isDollars = number.first == "$"
    if isDollars { number = number.dropFirst() }
    let isPercent = number.last == "%"
    if isPercent { number = number.dropLast() }
    guard let first = number.first, first.isASCII, first.isNumber || first == ".",
      number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(number)
    else { throw .form }
    let isShare = Self.shares.contains(name)
    if isDollars, name != "cost" { throw .dollarsOfNoCost }
    if isPercent, !isShare { throw .percentOfNoShare }
    // 0.05 and 0 say themselves what they are.
    if isShare, !isPercent, value >= 1 { throw .shareWithoutPercent }
    bound = isPercent ? value / 100 : value
    let isOutside =
      switch comparison {
      case .below: bound == 0
      case .above: isShare && bound >= 1
      case .atLeast: isShare && bound > 1
      case .atMost: false
      }
    if isOutside { throw .neverHolds }
  }

  /// Whether the report fails by it; a figure that the report has not is 0.
  package func holds(for report: Report) -> Bool {
    let value = report.figure(key)?.value.magnitude ?? 0
    return switch comparison {
    case .above: value > bound
    case .atLeast: value >= bound
    case .below: value < bound
    case .atMost: value <= bound
    }
  }

  /// What the figure is instead.
  package func finding(in report: Report) -> String {
    report.figure(key)?.value.shown ?? "0"
  }
}
