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
        run = run.dropLast()
        endRun()
        while index < pattern.count, pattern[index] != "}" { index += 1 }
        index += 1
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
      // Longer escapes do no harm here: none holds a bracket or a backslash.
      case "\\": index += 1
      default: break
      }
    }
    return false
  }
}

private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
  ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
}
