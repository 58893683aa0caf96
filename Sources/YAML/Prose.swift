extension YAMLError: CustomStringConvertible {
  /// One line, `FILE:LINE:COLUMN: what is wrong`.
  package var description: String {
    guard let mark else { return "\(file): \(problem)" }
    return "\(file):\(mark.line):\(mark.column): \(problem)"
  }
}

extension Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty: "the document is empty"
    case .tooLarge(let limit): "the document is larger than \(limit) bytes"
    case .utf16: "the document is UTF-16; save it as UTF-8"
    case .notUTF8: "the document is not valid UTF-8 from here on"
    case .forbiddenCharacter(let value): "the character \(codePoint(value)) is not allowed"
    case .tabIndentation: "a tab cannot stand here; indent with spaces"
    case .syntax(let message, let context, let line): syntax(message, context, line)
    case .secondDocument: "a second document begins here; only one is read"
    case .unknownTag(let tag): "the tag \(quoted(tag)) is not known"
    case .undefinedAlias(let name): "no anchor before this place is named \(quoted(name))"
    case .tooDeep(let limit): "values are nested deeper than \(limit) levels"
    case .tooManyNodes(let limit): "the document has more than \(limit) values"
    case .keyNotScalar: "expected a name before ':', found a list or a mapping"
    case .duplicateKey(let key, let line):
      "the key \(quoted(key)) occurs twice, first in line \(line)"
    case .unknownKey(let key, nil): "unknown key \(quoted(key))"
    case .unknownKey(let key, let nearest?):
      "unknown key \(quoted(key)); did you mean \(quoted(nearest))?"
    case .unsupportedKey(let key): "the key \(quoted(key)) is not supported by this version"
    case .missingKey(let key): "the key \(quoted(key)) is missing"
    case .unexpected(let found, let expected): "expected \(expected), found \(found)"
    }
  }

  private func syntax(_ message: String, _ context: String?, _ line: Int?) -> String {
    guard let context else { return message }
    guard let line else { return "\(message) \(context)" }
    return "\(message) \(context) that begins in line \(line)"
  }
}

extension Problem.Found: CustomStringConvertible {
  package var description: String {
    switch self {
    case .nothing: "nothing"
    case .text(let text): "the text \(quoted(text))"
    case .plain(let text): quoted(text, mark: "")
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}

extension Problem.Expectation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .text: "text"
    case .truth: "true or false"
    case .number: "a number"
    case .wholeNumber: "a whole number"
    case .wholeNumberBetween(let low, let high): "a whole number from \(low) to \(high)"
    case .list: "a list"
    case .mapping: "a mapping"
    case .oneOf(let choices): alternatives(choices.map { quoted($0) })
    case .described(let phrase): phrase
    }
  }

  private func alternatives(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

/// Text of a document for a message: one line, of bounded length, without control characters.
package func quoted(_ text: String, mark: String = "'") -> String {
  var shown = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == 60 {
      shown += "…"
      break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
      shown += "<\(codePoint(scalar.value))>"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return mark + shown + mark
}

private func codePoint(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
