package import LogModel
package import RegularExpressions

/// A rule whose expressions are compiled.
final class CompiledRule {
  let rule: MetricRule
  let pattern: LineExpression?
  /// Of the value; nil where the value is a field, or only matches are counted.
  let group: Int?
  let exclude: LineExpression?
  let conditions: [Condition]
  /// Whose value is taken, by its place in the table.
  let field: Int?
  let labels: RuleLabels
  /// Of which every line that the pattern matches contains one.
  let texts: RequiredTexts?
  /// What has one of the texts is a match, and no more is asked of the pattern.
  let isWholeText: Bool
  /// Nothing but its pattern is asked of a line.
  let countsMatches: Bool
  let isHistogram: Bool
  /// A bit for each level that the conditions of the level allow: 0 for none, then the raw values.
  let levels: UInt8

  enum Condition {
    /// Of the record's level.
    case level(FieldCondition)
    /// Of a field, by its place in the table.
    case field(Int)
  }

  /// Expressions, labels and fields that rules have in common.
  struct Shared {
    var fields = FieldTable()
    var expressions: [ExactText: LineExpression] = [:]
    var labels: [[ExactText]: RuleLabels] = [:]
    /// Of each expression, see `LineExpression`.
    var patience = MetricReader.patienceAtFirst

    mutating func expression(
      _ text: String, _ key: String
    ) throws(MetricRuleError) -> LineExpression {
      if let known = expressions[ExactText(text)] { return known }
      let expression = try LineExpression(text, key, patience: patience)
      expressions[ExactText(text)] = expression
      return expression
    }
  }

  init(_ rule: MetricRule, _ shared: inout Shared) throws(MetricRuleError) {
    self.rule = rule
    var pattern: LineExpression?
    if let text = rule.pattern { pattern = try shared.expression(text, "pattern") }
    self.pattern = pattern
    var exclude: LineExpression?
    if let text = rule.exclude { exclude = try shared.expression(text, "exclude") }
    self.exclude = exclude
    if rule.function == .count || rule.field != nil {
      group = nil
    } else {
      guard let pattern else { throw .noValue }
      guard pattern.captureCount > 0 else { throw .noGroup(key: "pattern") }
      group = pattern.valueGroup
    }
    var levels: [FieldCondition] = []
    var conditions: [Condition] = []
    for text in rule.conditions {
      let condition = try FieldCondition(text)
      if condition.isOfLevel {
        levels.append(condition)
        conditions.append(.level(condition))
      } else {
        conditions.append(.field(shared.fields.condition(condition, text)))
      }
    }
    self.conditions = conditions
    self.levels = Self.bits(levels)
    field = rule.field.map { shared.fields.field($0) }
    let texts = rule.labels.flatMap { [ExactText($0.name), ExactText($0.text)] }
    if let known = shared.labels[texts] {
      labels = known
    } else {
      labels = try RuleLabels(rule.labels, &shared)
      shared.labels[texts] = labels
    }
    isHistogram = rule.function == .histogram
    self.texts = rule.pattern.flatMap { RequiredTexts(of: $0) }
    isWholeText = self.texts?.isWhole == true && group == nil
    countsMatches =
      pattern != nil && group == nil && exclude == nil && conditions.isEmpty && rule.field == nil
      && rule.labels.isEmpty
  }

  /// One of its expressions has taken too many steps on many lines: it is not worth the time.
  var isExhausted: Bool {
    pattern?.isExhausted == true || exclude?.isExhausted == true || labels.isExhausted
  }

  /// The conditions of fields, by their places in the table.
  var fieldConditions: [Int] {
    conditions.compactMap { if case .field(let place) = $0 { place } else { nil } }
  }

  /// The bit of a level among `levels`.
  static func bit(_ level: Severity?) -> UInt8 { 1 << (level?.rawValue ?? 0) }

  /// An expression that takes too many steps is left to be told by the record.
  private static func bits(_ conditions: [FieldCondition]) -> UInt8 {
    ([nil] + Severity.allCases).reduce(0) { levels, level in
      let holds = conditions.allSatisfy { (try? $0.holds(level)) ?? true }
      return holds ? levels | bit(level) : levels
    }
  }
}

/// Why a rule cannot be used.
package enum MetricRuleError: Error, Equatable {
  case badExpression(key: String, RegularExpressionError)
  /// A value or a label is what a group matches.
  case noGroup(key: String)
  /// Neither a pattern nor a field.
  case noValue
  case badCondition(String)
  /// Something is counted by that name already.
  case standardName
  /// Something has values by that name that are given, and not counted in lines.
  case gaugeName
  /// A level that there is not, in a condition.
  case unknownLevel(String)
}

extension MetricRuleError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badExpression(let key, let error): "bad regular expression for '\(key)': \(error)"
    case .noGroup(let key): "the expression for '\(key)' has no group, such as (.*?)"
    case .noValue: "it has neither a 'pattern' with a group nor a 'value'"
    case .standardName: "that is counted without a rule: give it another name"
    case .gaugeName:
      "a host, 'run' or 'emit metric' gives values of that name: give it another name"
    case .badCondition(let text): "cannot read '\(text)' in 'where': expected such as status>=500"
    case .unknownLevel(let text):
      "there is no level '\(text)' in 'where': expected one of "
        + Severity.allCases.map(\.name).joined(separator: ", ")
    }
  }
}

extension MetricRule {
  /// Whether the rule can be used.
  ///
  /// - Throws: why not.
  package func check() throws(MetricRuleError) {
    if StandardMetric(name: name) != nil { throw .standardName }
    var shared = CompiledRule.Shared()
    _ = try CompiledRule(self, &shared)
  }
  /// Takes out the labels whose expressions cannot be used, and says why.
  package mutating func removeUnusableLabels() -> [(name: String, error: MetricRuleError)] {
    var removed: [(name: String, error: MetricRuleError)] = []
    var shared = CompiledRule.Shared()
    var usable: [Label] = []
    for label in labels {
      do throws(MetricRuleError) {
        _ = try RuleLabels([label], &shared)
        usable.append(label)
      } catch {
        removed.append((label.name, error))
      }
    }
    labels = usable
    return removed
  }
}
