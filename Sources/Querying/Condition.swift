import LogModel
import RegularExpressions

/// SQL conditions over the columns of `log`.
///
/// Every condition is one that stock SQLite and the shell's `regexp` understand; only fields need the
/// hidden column `attributes`. GLOB and LIKE stand before the exact REGEXP, because they are what the
/// virtual table can use to leave chunks out. A condition may be NULL, which counts as false.
struct Condition {
  /// ASCII letters match without regard to case; in a regular expression as its engine folds them.
  var ignoresCase: Bool
  /// Nothing outside this range of time is asked for, in microseconds since 1970.
  var since: Int64? = nil
  var until: Int64? = nil

  /// Nil for no restriction.
  func sql(_ expression: Expression) -> String? {
    switch expression {
    case .everything: nil
    case .all(let parts): joined(parts, " AND ")
    case .any(let parts): anySQL(parts)
    case .not(let inner): "(\(sql(inner) ?? "1")) IS NOT TRUE"
    case .text(let term): text(term)
    case .regex(let pattern): regex(pattern)
    case .field(let name, let test): field(name, test)
    case .level(let level): Self.atLeast(level)
    case .source(let name): Self.source(name)
    case .pattern(let id): "pattern_id = \(id)"
    case .session(let key): Self.session(key)
    case .error(let id): "id IN (\(ErrorQuery.linesSQL(of: id, since: since, until: until)))"
    }
  }

  private func joined(_ parts: [Expression], _ separator: String) -> String? {
    let conditions = parts.compactMap { part in
      sql(part).map { condition in if case .any = part { "(\(condition))" } else { condition } }
    }
    return conditions.isEmpty ? nil : conditions.joined(separator: separator)
  }

  private func anySQL(_ parts: [Expression]) -> String? {
    var conditions: [String] = []
    for part in parts {
      guard let condition = sql(part) else { return nil }
      conditions.append(condition)
    }
    return conditions.joined(separator: " OR ")
  }

  static func atLeast(_ level: Severity) -> String {
    let names = Severity.allCases.filter { $0 >= level }.map { SQLText.quoted($0.name) }
    return "level IN (\(names.joined(separator: ", ")))"
  }

  static func source(_ name: String) -> String { like("source", name) }

  /// A column whose text is `name`, in which `*` stands for any characters.
  static func like(_ column: String, _ name: String) -> String {
    let parts = name.unicodeScalars.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return "\(column) = \(SQLText.quoted(name))" }
    let pattern = parts.map { SQLText.globEscaped(String($0)) }.joined(separator: "*")
    return "\(column) GLOB \(SQLText.quoted(pattern))"
  }

  private static func session(_ key: SessionKey) -> String {
    let named =
      switch key {
      case .exactly(let name): "key = \(SQLText.quoted(name))"
      case .like(let name): like("key", name)
      }
    return
      "id IN (SELECT log_id FROM turn WHERE session IN (SELECT id FROM session WHERE \(named)))"
  }

  // MARK: The message

  func text(_ term: TextTerm) -> String {
    let edges = term.needsLeftEdge || term.needsRightEdge
    // `_` and `%` of the literal are left to stand for themselves and more: with an ESCAPE clause
    // SQLite would not hand LIKE to the virtual table.
    let isExact = !ignoresCase || !term.literal.contains { $0 == "_" || $0 == "%" }
    var conditions = [contains(term.literal)]
    if edges || !isExact {
      let pattern =
        (term.needsLeftEdge ? Word.leftEdge : "")
        + SQLText.regexEscaped(term.literal, ignoringCase: ignoresCase)
        + (term.needsRightEdge ? Word.rightEdge : "")
      conditions.append("message REGEXP \(SQLText.quoted(pattern))")
    }
    return conditions.joined(separator: " AND ")
  }

  /// Exact for GLOB; for LIKE true for more texts if the literal holds `_` or `%`.
  private func contains(_ literal: String) -> String {
    ignoresCase
      ? "message LIKE \(SQLText.quoted("%\(literal)%"))"
      : "message GLOB \(SQLText.quoted("*\(SQLText.globEscaped(literal))*"))"
  }

  private func regex(_ pattern: String) -> String {
    // The shell takes a leading `^` for all branches, PCRE2 for the first alone. With a
    // back-reference the pattern is PCRE2's only, and the parentheses would renumber its groups.
    let isGrouped =
      pattern.hasPrefix("^") && pattern.contains("|") && !pattern.contains("\\1")
    let portable = SQLText.quoted(isGrouped ? "(\(pattern))" : pattern)
    let exact = ignoresCase ? "regexpi(\(portable), message)" : "message REGEXP \(portable)"
    guard let literal = RequiredLiteral.find(in: pattern), !ignoresCase || foldsInASCII(literal)
    else { return exact }
    return "\(contains(literal)) AND \(exact)"
  }
}

// MARK: Fields

extension Condition {
  /// What leaves lines out before their fields become JSON; `log` knows MATCH, the view of that name does not.
  static func fieldTests(_ expression: Expression) -> [String] {
    switch expression {
    case .all(let parts): parts.flatMap(fieldTests)
    case .field(let name, .compares(let comparison, let operand)):
      FieldComparison(name + comparison.rawValue + operand) == nil
        ? [] : ["attributes MATCH \(SQLText.quoted(name + comparison.rawValue + operand))"]
    default: []
    }
  }

  fileprivate func field(_ name: String, _ test: FieldTest) -> String {
    switch test {
    case .exists: perPath(name) { "attributes->\($0) IS NOT NULL" }
    case .exactly(let value): equality(name, value)
    case .compares(let comparison, let operand): compares(name, comparison, operand)
    case .value(let term):
      switch (term.opensLeft, term.opensRight) {
      case (false, false): value(term.literal, of: name)
      case (false, true): orText(name, term, form(name, "\(term.literal)", "", "*"))
      case (true, false): form(name, term.literal, "*", "")
      case (true, true): form(name, term.literal, "*", "*")
      }
    }
  }

  /// The field has this value or the line this text: either way the value stands in the message.
  private func value(_ value: String, of name: String) -> String {
    let both = orText(name, TextTerm(value), equality(name, value))
    return isPlain(value) ? "\(contains(value)) AND \(both)" : both
  }

  private func orText(_ name: String, _ term: TextTerm, _ condition: String) -> String {
    var whole = term
    whole.literal = "\(name):\(term.literal)"
    return "(\(condition) OR \(text(whole)))"
  }

  private func equality(_ name: String, _ value: String) -> String {
    let collation = ignoresCase ? " COLLATE NOCASE" : ""
    return perPath(name) { path in
      switch value {
      // SQLite's integers for these would be equal to a number's.
      case "true", "false", "null": "attributes->\(path) IN ('\(value)', '\"\(value)\"')"
      default:
        "CAST(attributes->>\(path) AS TEXT) = \(SQLText.quoted(value))\(collation)"
      }
    }
  }

  private func form(_ name: String, _ literal: String, _ left: String, _ right: String) -> String {
    perPath(name) { path in
      let text = "CAST(attributes->>\(path) AS TEXT)"
      guard ignoresCase else {
        return "\(text) GLOB \(SQLText.quoted(left + SQLText.globEscaped(literal) + right))"
      }
      return
        "lower(\(text)) GLOB \(SQLText.quoted(left + SQLText.globEscaped(asciiLowercased(literal)) + right))"
    }
  }

  /// A number in the JSON, or a text that is one; `12ms`, `true` and dates are not compared.
  private func compares(
    _ name: String, _ comparison: FieldTest.Comparison, _ operand: String
  ) -> String {
    perPath(name) { path in
      let value = "attributes->>\(path)"
      let test = "\(comparison.rawValue) \(operand)"
      return "CASE json_type(attributes, \(path)) WHEN 'integer' THEN \(value) \(test)"
        + " WHEN 'real' THEN \(value) \(test)"
        + " WHEN 'text' THEN iif(json_valid(\(value)), json_type(\(value)) IN ('integer', 'real')"
        + " AND CAST(\(value) AS REAL) \(test), 0) END"
    }
  }

  /// `a.b` is the member `a.b` itself, or `b` in the object `a`.
  private func perPath(_ name: String, _ condition: (String) -> String) -> String {
    let flat = condition(SQLText.quoted("$." + member(name)))
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }) else { return flat }
    let path = parts.map { member(String($0)) }.joined(separator: ".")
    return "(\(flat) OR \(condition(SQLText.quoted("$." + path))))"
  }

  private func member(_ name: String) -> String {
    let isSimple = name.utf8.allSatisfy { Word.holds($0) && $0 < 0x80 }
    return isSimple ? name : "\"\(name)\""
  }

  /// Whether writers put the value into a line as it is: no escapes, no second way to spell it.
  private func isPlain(_ value: String) -> Bool {
    let isSpelledOnce = value.utf8.allSatisfy { byte in
      Word.holds(byte) && byte < 0x80 || ".-:@".utf8.contains(byte)
    }
    // 1.50 in a line is the value 1.5.
    return isSpelledOnce && (Int64(value) != nil || Double(value) == nil)
  }
}

/// Whether regardless of case the text matches ASCII alone: `k` also stands for U+212A KELVIN SIGN,
/// `s` for U+017F LATIN SMALL LETTER LONG S, and LIKE knows neither.
private func foldsInASCII(_ text: String) -> Bool {
  text.utf8.allSatisfy { $0 < 0x80 && !"kKsS".utf8.contains($0) }
}

private func asciiLowercased(_ text: String) -> String {
  String(
    decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
