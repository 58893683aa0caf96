/// `text` as a YAML scalar of one line that reads back as the same text.
///
/// Plain where nothing can misread it, single-quoted where that suffices, else double-quoted with escapes.
package func scalarText(_ text: String) -> String {
  if isPlainSafe(text) { return text }
  let isPrintable = text.unicodeScalars.allSatisfy {
    (0x20...0x7E).contains($0.value) || (0xA0...0xD7FF).contains($0.value) && !isBreak($0)
  }
  guard !isPrintable else {
    // Not by characters: a quote with an accent on it is another one.
    let parts = text.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.map { String($0) }.joined(separator: "''") + "'"
  }
  var escaped = "\""
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x22: escaped += "\\\""
    case 0x5C: escaped += "\\\\"
    case 0x20...0x7E: escaped.unicodeScalars.append(scalar)
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      escaped += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
  return escaped + "\""
}

private func isBreak(_ scalar: Unicode.Scalar) -> Bool {
  scalar == "\u{2028}" || scalar == "\u{2029}"
}

/// Letters, digits and a few marks that never begin or end anything in YAML, and not a word or a number
/// that YAML 1.1 or 1.2 would read as something else.
private func isPlainSafe(_ text: String) -> Bool {
  guard let first = text.utf8.first, isLetter(first) || text.hasPrefix("/") || text.hasPrefix("./")
  else {
    return false
  }
  let isSafe = text.utf8.allSatisfy {
    isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      || "/._-+".utf8.contains($0)
  }
  let reserved = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
  return isSafe && !reserved.contains(text.lowercased())
}

private func isLetter(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}
