/// What a configuration's text is checked against and only other parts of the program know.
package struct Checks: Sendable {
  /// The formats that a source may name, without `auto`.
  package var formats: [String]
  /// Whether the machine knows a time zone of this name.
  package var isTimezone: @Sendable (String) -> Bool
  /// What is wrong with a regular expression, and at which byte of it; nil for a good one.
  package var expressionProblem: @Sendable (String) -> (message: String, offset: Int)?

  package init(
    formats: [String], isTimezone: @escaping @Sendable (String) -> Bool,
    expressionProblem: @escaping @Sendable (String) -> (message: String, offset: Int)?
  ) {
    self.formats = formats
    self.isTimezone = isTimezone
    self.expressionProblem = expressionProblem
  }
}
