/// Finds a text that every match of a regular expression contains, so that chunks without it need
/// not be read.
///
/// Only what stands outside of groups and classes counts, and where a construct is not known to be
/// harmless there is no answer: the text may be missed, never wrong.
struct RequiredLiteral {
  private let pattern: [Unicode.Scalar]
  private var index = 0
  private var run: [Unicode.Scalar] = []
  private var longest: [Unicode.Scalar] = []

  /// The longest such text that has at least three characters.
  static func find(in pattern: String) -> String? {
    var finder = RequiredLiteral(pattern: Array(pattern.unicodeScalars))
    guard finder.scan(), finder.longest.count >= 3 else { return nil }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: finder.longest)
    return String(text)
  }

  private init(pattern: [Unicode.Scalar]) { self.pattern = pattern }

  /// False when nothing can be said.
  private mutating func scan() -> Bool {
    while index < pattern.count {
      let scalar = pattern[index]
      index += 1
      switch scalar {
      case "|", ")": return false
      case "?", "*":
        run = run.dropLast()
        endRun()
      case "{":
        if let end = quantifierEnd() {
          run = run.dropLast()
          index = end
        }
        endRun()
      case "+", ".", "^", "$": endRun()
      case "(":
        endRun()
        guard skipGroup() else { return false }
      case "[":
        endRun()
        guard skipClass() else { return false }
      case "\\":
        guard let escaped = takeEscape() else { return false }
        if isLetter(escaped) { endRun() } else { run.append(escaped) }
      default: run.append(scalar)
      }
    }
    endRun()
    return true
  }

  private mutating func endRun() {
    if run.count > longest.count { longest = run }
    run = []
  }

  /// Behind the `}` of `{2,3}`; nil for a brace that stands for itself, as that in `{a|b}`.
  private func quantifierEnd() -> Int? {
    var end = index
    while end < pattern.count, "0123456789, ".unicodeScalars.contains(pattern[end]) { end += 1 }
    return end < pattern.count && pattern[end] == "}" ? end + 1 : nil
  }

  /// What follows the backslash; nil when more than one character belongs to the escape.
  private mutating func takeEscape() -> Unicode.Scalar? {
    guard index < pattern.count else { return nil }
    let scalar = pattern[index]
    index += 1
    if isLetter(scalar) {
      return "dDwWsSbBhHvVRAZzGKtnrfea".unicodeScalars.contains(scalar) ? scalar : nil
    }
    return scalar.isASCII && !("0"..."9").contains(scalar) ? scalar : nil
  }

  /// Skips to behind the `)`; false for options such as `(?i)`, verbs, and what is not closed.
  private mutating func skipGroup() -> Bool {
    if index < pattern.count, pattern[index] == "*" { return false }
    if index + 1 < pattern.count, pattern[index] == "?",
      !":=!<>".unicodeScalars.contains(pattern[index + 1])
    {
      return false
    }
    while index < pattern.count {
      let scalar = pattern[index]
      index += 1
      switch scalar {
      case ")": return true
      case "(": guard skipGroup() else { return false }
      case "[": guard skipClass() else { return false }
      case "\\": guard takeEscape() != nil else { return false }
      default: break
      }
    }
    return false
  }

  private mutating func skipClass() -> Bool {
    if index < pattern.count, pattern[index] == "^" { index += 1 }
    if index < pattern.count, pattern[index] == "]" { index += 1 }
    while index < pattern.count {
      let scalar = pattern[index]
      index += 1
      switch scalar {
      case "]": return true
      // `[[:alpha:]]`, and `[[a]`, which is read two ways.
      case "[": return false
      // Other escapes do no harm here: none holds a bracket or a backslash.
      case "\\":
        if index < pattern.count, "cQE".unicodeScalars.contains(pattern[index]) { return false }
        index += 1
      default: break
      }
    }
    return false
  }
}

private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
  ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
}
