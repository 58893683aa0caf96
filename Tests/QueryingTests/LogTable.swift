import LogModel
import Querying
import TestSupport

/// A row of a table that has the columns of `log`.
struct LogRow: Sendable {
  var id: Int64
  var time: Int64
  var level: Severity?
  var source: String
  var pattern: Int64
  var message: String
  /// Parsed fields as JSON, and as the model reads them.
  var attributes: String?
  var fields: [String: FieldValue]
}

enum FieldValue: Sendable {
  case number(Double, text: String)
  case text(String)
  case boolean(Bool)
}

/// SQL that makes the table and fills it.
func createLog(_ rows: [LogRow]) -> String {
  var sql = """
    CREATE TABLE log(id INTEGER PRIMARY KEY, time TEXT, time_us INTEGER, level TEXT, source TEXT,
      pattern_id INTEGER, message TEXT, chunk INTEGER, attributes TEXT);
    BEGIN;

    """
  for row in rows {
    let level = row.level.map { quoted($0.name) } ?? "NULL"
    let attributes = row.attributes.map(quoted) ?? "NULL"
    sql +=
      "INSERT INTO log VALUES(\(row.id), \(quoted(Instant.text(row.time))), \(row.time), "
      + "\(level), \(quoted(row.source)), \(row.pattern), \(quoted(row.message)), 1, \(attributes));\n"
  }
  return sql + "COMMIT;\n"
}

func quoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}

/// The lines that the stock `sqlite3` program prints for `sql`, or its complaint alone.
func shell(_ sql: String) -> [String] {
  let outcome = Command.run("sqlite3", ["-batch", ":memory:"], input: Array(sql.utf8))
  guard outcome.errorOutput.isEmpty else { return [outcome.errorOutput] }
  return outcome.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    .map(String.init)
}

/// The answer of the language's definition, line by line: no SQL, no regular expressions.
struct NaiveSearch {
  var ignoresCase: Bool
  /// What the patterns that the test uses mean.
  var regexes: [String: @Sendable (String) -> Bool]

  func matches(_ expression: Expression, _ row: LogRow) -> Bool {
    switch expression {
    case .everything: true
    case .all(let parts): parts.allSatisfy { matches($0, row) }
    case .any(let parts): parts.contains { matches($0, row) }
    case .not(let inner): !matches(inner, row)
    case .text(let term): contains(row.message, term)
    case .regex(let pattern): regexes[pattern]?(row.message) ?? false
    case .level(let level): row.level.map { $0 >= level } ?? false
    case .source(let name): hasForm(row.source, name)
    case .pattern(let id): row.pattern == id
    // No row of this table shows a turn, or an error that is stored.
    case .session, .error: false
    case .field(let name, let test): matches(name, test, row)
    }
  }

  private func hasForm(_ text: String, _ form: String) -> Bool {
    guard form.hasSuffix("*") else { return text == form }
    return text.hasPrefix(form.dropLast())
  }

  private func matches(_ name: String, _ test: FieldTest, _ row: LogRow) -> Bool {
    let value = row.fields[name]
    switch test {
    case .exists: return value != nil
    case .exactly(let expected): return isEqual(value, expected)
    case .value(let term):
      let typed = TextTerm("\(name):\(term.literal)", opensRight: term.opensRight)
      if !term.opensRight && !term.opensLeft {
        return isEqual(value, term.literal) || contains(row.message, typed)
      }
      guard let text = valueText(value).map(folded) else {
        return !term.opensLeft && contains(row.message, typed)
      }
      let literal = folded(term.literal)
      return switch (term.opensLeft, term.opensRight) {
      case (false, _): text.starts(with: literal) || contains(row.message, typed)
      case (true, false): text.reversed().starts(with: literal.reversed())
      case (true, true): find(literal[...], in: text[...]) != nil
      }
    case .compares(let comparison, let operand):
      let number: Double? =
        switch value {
        case .number(let number, _): number
        case .text(let text): text.contains("x") ? nil : Double(text)
        default: nil
        }
      guard let number, let operand = Double(operand) else { return false }
      return switch comparison {
      case .less: number < operand
      case .lessOrEqual: number <= operand
      case .greater: number > operand
      case .greaterOrEqual: number >= operand
      }
    }
  }

  private func isEqual(_ value: FieldValue?, _ expected: String) -> Bool {
    switch value {
    case .boolean(let flag): expected == "\(flag)"
    case nil: false
    default: valueText(value).map(folded) == folded(expected)
    }
  }

  private func valueText(_ value: FieldValue?) -> String? {
    switch value {
    case .number(_, let text): text
    case .text(let text): text
    case .boolean(let flag): flag ? "1" : "0"
    case nil: nil
    }
  }

  private func folded(_ text: String) -> [UInt8] {
    text.utf8.map { ignoresCase && (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
  }

  private func contains(_ message: String, _ term: TextTerm) -> Bool {
    let text = folded(message)
    let literal = folded(term.literal)
    var start = 0
    while let found = find(literal[...], in: text[start...]) {
      let end = found + literal.count
      let left = term.opensLeft || found == 0 || !isWord(text[found - 1]) || !isWord(literal[0])
      let right =
        term.opensRight || end == text.count || !isWord(text[end])
        || !isWord(literal[literal.count - 1])
      if left && right { return true }
      start = found + 1
    }
    return false
  }

  private func find(_ literal: ArraySlice<UInt8>, in text: ArraySlice<UInt8>) -> Int? {
    guard literal.count <= text.count else { return nil }
    return (text.startIndex...(text.endIndex - literal.count)).first {
      text[$0..<$0 + literal.count].elementsEqual(literal)
    }
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || Character(Unicode.Scalar(byte)).isLetter
      || Character(Unicode.Scalar(byte)).isNumber || byte == 0x5F
  }
}
