import LogModel

/// The prose of this module's query errors.
extension QueryError {
  /// One line without a full stop.
  package var message: String {
    switch situation {
    case .unclosedParenthesis: "this parenthesis is never closed"
    case .unopenedParenthesis: "this parenthesis was never opened"
    case .emptyParentheses: "nothing stands between these parentheses"
    case .missingTerm(let name): "\(name) lacks something to search for"
    case .unclosedPhrase: "this phrase has no closing quote"
    case .emptyPhrase: "this phrase is empty"
    case .starInside: "a star stands only at the start or at the end of a word"
    case .notANumber(let field): "\(field) is compared with something that is not a number"
    case .unknownLevel(let name): "there is no level '\(name)'"
    case .notAPatternID(let text): "'\(text)' is not the id of a pattern"
    case .notAnErrorID(let text): "'\(text)' is not the id of an error"
    case .invalidRegex(let message): "bad regular expression: \(message)"
    case .tooLong(let limit): "the query is longer than \(limit) bytes"
    case .tooManyTerms(let limit): "the query has more than \(limit) terms"
    case .tooDeep(let limit): "parentheses are nested more than \(limit) deep"
    }
  }

  /// What to type instead, where that helps.
  package var hint: String? {
    switch situation {
    case .unclosedParenthesis, .unopenedParenthesis, .emptyParentheses, .missingTerm:
      "put text in quotes to search for it as it is"
    case .unclosedPhrase: "write \\\" for a quote inside a phrase"
    case .starInside: "put the word in quotes, or write a regular expression: /a.*b/"
    case .notANumber: "put the text in quotes to search for it as it is"
    case .unknownLevel: Severity.allCases.map(\.name).joined(separator: ", ")
    case .notAPatternID: "logbook sql 'SELECT id, pattern FROM patterns' lists the ids"
    case .notAnErrorID: "logbook errors lists the ids"
    case .emptyPhrase, .invalidRegex, .tooLong, .tooManyTerms, .tooDeep: nil
    }
  }

  /// The line of `query` with the error under a mark; three lines, without a line end.
  package func snippet(of query: String) -> String {
    let bytes = Array(query.utf8)
    let lower = min(range.lowerBound, bytes.count)
    let upper = min(range.upperBound, bytes.count)
    // Only what stands near the error: a pasted page must not fill the screen.
    let start = boundary(bytes, lower > windowBytes ? lower - windowBytes : 0)
    let end = boundary(bytes, min(bytes.count, max(upper, lower) + windowBytes))
    let before = printable(bytes[start..<lower])
    let marked = printable(bytes[lower..<max(lower, min(upper, end))])
    let after = printable(bytes[max(lower, min(upper, end))..<end])
    let lead = start > 0 ? "…" : ""
    let trail = end < bytes.count ? "…" : ""
    let indent = String(repeating: " ", count: columns(lead + before))
    let carets = String(repeating: "^", count: max(1, columns(marked)))
    return """
        |
      1 | \(lead)\(before)\(marked)\(after)\(trail)
        | \(indent)\(carets)
      """
  }
}

private let windowBytes = 60

/// `index`, or the next place to its right where a character begins.
private func boundary(_ bytes: [UInt8], _ index: Int) -> Int {
  var index = index
  while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
  return index
}

/// Control characters would move the mark, or the cursor: each becomes a space.
private func printable(_ bytes: ArraySlice<UInt8>) -> String {
  String(decoding: bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
}

/// Columns of a terminal: two for the scripts of East Asia, none for a mark on the letter before.
private func columns(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { total, scalar in
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      total + 2
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: total
      default: total + 1
      }
    }
  }
}
