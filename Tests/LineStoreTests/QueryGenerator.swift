import LogModel
import TestSupport

@testable import Querying

/// Makes SQL over `log`, with constants taken from the lines of a store.
struct QueryGenerator {
  var random: SeededRandom
  /// In the order of the ids.
  let lines: [(id: Int64, record: TestRecord)]
  let chunks: [Int64]
  let patterns: [Int64]

  struct Query {
    /// `§` stands for the table.
    var text: String
    /// The order of the rows is part of the answer.
    var isOrdered: Bool
  }

  mutating func next() -> Query {
    let condition = self.condition(depth: int(3))
    switch int(14) {
    case 0: return Query(text: "SELECT count(*) FROM § WHERE \(condition)", isOrdered: true)
    case 1:
      let column = pick([
        "level", "source", "pattern_id", "level, source", "chunk", "source, pattern_id",
      ])
      let filter = Bool.random(using: &random) ? condition : counted()
      return Query(
        text: "SELECT \(column), count(*) FROM § WHERE \(filter) GROUP BY \(column)",
        isOrdered: false)
    case 2:
      let column = pick([
        "level", "source", "pattern_id", "source, level", "chunk", "id", "time_us",
      ])
      let filter = Bool.random(using: &random) ? condition : counted()
      return Query(text: "SELECT DISTINCT \(column) FROM § WHERE \(filter)", isOrdered: false)
    case 3:
      let order = pick([
        "id", "id DESC", "time_us DESC, id", "time DESC, id DESC", "chunk DESC, id DESC",
        "chunk, id",
        "source, level, id", "time, id", "message, id",
      ])
      return Query(
        text:
          "SELECT \(columns()) FROM § WHERE \(condition) ORDER BY \(order) LIMIT \(int(30)) OFFSET \(int(3))",
        isOrdered: true)
    case 4:
      return Query(
        text:
          "SELECT a.id, b.id FROM § a JOIN § b ON b.id = a.id + \(int(3)) WHERE a.chunk = \(pick(chunks)) AND a.\(term())",
        isOrdered: false)
    case 5:
      return Query(
        text: """
          SELECT x.v, l.id FROM (SELECT \(pick(lines).id) AS v UNION SELECT \(pick(lines).id) UNION SELECT NULL) x
          LEFT JOIN § l ON l.id = x.v AND l.\(term())
          """, isOrdered: false)
    case 6:
      return Query(
        text: """
          SELECT id FROM § WHERE chunk IN (SELECT first_id FROM chunk WHERE max_us >= \(pick(lines).record.time)
          AND min_us < \(pick(lines).record.time)) AND \(condition)
          """, isOrdered: false)
    case 7:
      return Query(
        text: "SELECT level, source FROM § WHERE \(counted()) OR \(counted())", isOrdered: false)
    case 8:
      return Query(
        text:
          "SELECT min(id), max(time), sum(time_us % 7), count(DISTINCT level), count(DISTINCT pattern_id) FROM § WHERE \(condition)",
        isOrdered: true)
    case 9:
      return Query(
        text:
          "SELECT source, max(length(message)) FROM § WHERE \(condition) GROUP BY source ORDER BY source",
        isOrdered: true)
    case 10:
      return Query(text: "SELECT count(DISTINCT level) FROM § WHERE \(counted())", isOrdered: true)
    case 11:
      return Query(
        text: "SELECT DISTINCT level, source FROM § WHERE \(counted()) ORDER BY level DESC, source",
        isOrdered: true)
    default:
      return Query(text: "SELECT \(columns()) FROM § WHERE \(condition)", isOrdered: false)
    }
  }

  private mutating func int(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  private mutating func pick<Element>(_ values: [Element]) -> Element { values[int(values.count)] }

  private mutating func columns() -> String {
    pick([
      "*", "id", "message", "time, level", "id, source, time_us", "level", "pattern_id, chunk",
      "count(*) OVER (), id",
    ])
  }

  private mutating func condition(depth: Int) -> String {
    guard depth > 0 else { return term() }
    let joint = pick(["AND", "AND", "OR"])
    return "(\(condition(depth: depth - 1)) \(joint) \(term()))"
  }

  /// A condition on what is known without reading a chunk.
  private mutating func counted() -> String {
    let line = pick(lines)
    return switch int(6) {
    case 0: "level = \(quoted(line.record.severity?.name ?? "none"))"
    case 1: "source = 'b'"
    case 2: "pattern_id = \(pick(patterns))"
    case 3: "chunk IN (\(pick(chunks)), \(pick(chunks)), NULL)"
    case 4: "level IN ('info', 'ERROR', NULL)"
    default: "level IS NULL"
    }
  }

  /// No equality with a collation: SQLite 3.40 forgets the collation when it makes an IN list of OR,
  /// and that shows only where there is an index, as below the view.
  mutating func term() -> String {
    let comparison = pick(["=", "<", "<=", ">", ">=", "=", "<>", "IS"])
    switch int(12) {
    case 0: return "id \(comparison) \(constant(pick(lines).id))"
    case 1: return "time_us \(comparison) \(constant(pick(lines).record.time))"
    case 2: return "time \(comparison) \(timeText())"
    case 3: return "chunk \(comparison) \(constant(pick(chunks)))"
    case 4: return "pattern_id \(comparison) \(constant(pick(patterns)))"
    case 5:
      return pick([
        "level = 'info'", "level = 'ERROR'", "level >= 'ERROR' COLLATE NOCASE",
        "level > 'error'",
        "level IN ('warn', 'fatal')", "level IS NULL", "level = 3", "level = NULL",
        "level LIKE 'ERR%'",
      ])
    case 6:
      return pick([
        "source = 'b'", "source IN ('a', 'nothing')", "source >= 'B' COLLATE NOCASE", "source = 7",
        "source = x'62'", "source <> 'a'", "source BETWEEN 'a' AND 'b'", "source = '7'",
      ])
    case 7:
      return "id IN (\(constant(pick(lines).id)), \(pick(lines).id), \(constant(pick(lines).id)))"
    case 8: return "message \(pick(["=", "=", "<", "IS"])) \(quoted(pick(lines).record.bytes))"
    default: return message()
    }
  }

  /// The number itself, or something that compares like it, or not at all.
  private mutating func constant(_ number: Int64) -> String {
    switch int(12) {
    case 0: "'\(number)'"
    case 1: "\(number).5"
    case 2: "\(number).0"
    case 3: "NULL"
    case 4: "'x'"
    case 5: "x'31'"
    case 6: "\(number) + 1"
    case 7: pick(["-1", "1e300", "-1e300", "9223372036854775807", "'5'", "0"])
    default: "\(number)"
    }
  }

  private mutating func timeText() -> String {
    let text = Instant.text(pick(lines).record.time)
    switch int(8) {
    case 0: return quoted(String(text.prefix(int(27))))
    case 1: return quoted(text + "x")
    case 2:
      return pick(["NULL", "5", "x'32'", "''", "'zzz'", "'2026-13-45'", "'2026-01-01 00:00:00'"])
    default: return quoted(text)
    }
  }

  /// A search for a piece of some line, wherever it lies in its template.
  private mutating func message() -> String {
    let record = pick(lines).record
    let line = Array(String(decoding: record.bytes, as: UTF8.self).unicodeScalars.prefix(300))
    guard !line.isEmpty else { return "message LIKE ''" }
    let start = int(line.count)
    var literal = ""
    for scalar in line[start..<min(line.count, start + 1 + int(24))] {
      literal.unicodeScalars.append(scalar)
    }
    if int(4) == 0 { literal = literal.uppercasedASCII }
    if int(6) == 0 { literal += pick(["x", "1", "\u{FFFE}"]) }
    switch int(8) {
    case 0: return "message GLOB \(quoted("*" + literal + "*"))"
    case 1: return "message LIKE \(quoted("%" + literal + "%"))"
    case 2:
      return "message GLOB \(quoted("*" + literal + "?" + pick(["*", "[a-z]*", "[^]]*", "["])))"
    case 3:
      return "message LIKE \(quoted(pick(["", "%"]) + literal + "_%" + pick(["", "%e%", "1%"])))"
    case 4:
      let other = String(literal.unicodeScalars.suffix(3).map(Character.init))
      return "message LIKE \(quoted("%\(literal)%\(other)%")) "
    case 5: return "message NOT LIKE \(quoted("%" + literal + "%"))"
    default: return "message REGEXP \(quoted(regexp(literal)))"
    }
  }

  /// Of what the shell's expressions and PCRE2 both understand.
  private mutating func regexp(_ literal: String) -> String {
    let text = SQLText.regexEscaped(literal, ignoringCase: false)
    return pick([
      text, "^\(text)", "\(text)$", "\(text)[0-9a-f]+", "(\(text)|no such text)", "\(text).*[^ ]",
      Word.leftEdge + text + Word.rightEdge, "[a-z]+\(text)?",
    ])
  }

  private func quoted(_ text: String) -> String { quoted(Array(text.utf8)) }

  private func quoted(_ bytes: [UInt8]) -> String {
    "'"
      + String(decoding: bytes, as: UTF8.self).split(
        separator: "'", omittingEmptySubsequences: false
      ).joined(separator: "''") + "'"
  }
}

extension String {
  fileprivate var uppercasedASCII: String {
    String(decoding: utf8.map { $0 &- 0x61 < 26 ? $0 - 0x20 : $0 }, as: UTF8.self)
  }
}
