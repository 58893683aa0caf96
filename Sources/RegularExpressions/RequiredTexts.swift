/// Texts of which every match of a regular expression contains one, so that what has none of them
/// need not be searched.
///
/// Where a construct is not known to be harmless there is no answer: a text may be missed, never wrong.
package struct RequiredTexts: Equatable, Sendable {
  /// No more than so many: of a longer list each has too little to say.
  private static let most = 32
  private static let shortest = 3
  /// Of a line that has one of `texts` there is not much left to tell.
  private static let mostOthers = 3

  /// Of three characters and more.
  package var texts: [String]
  /// Each match contains all of these as well, of three characters and more.
  package var others: [String]
  /// The pattern begins with `(?i)`: ASCII letters match in either case.
  ///
  /// In what is not all ASCII a match may have none of the texts, since some letters beyond it fold to ones of it.
  package var ignoresCase = false
  /// The pattern is these texts and no more: what contains one of them within `edges`, in ASCII, matches.
  package var isWhole = false
  /// Of a pattern that is its texts and no more.
  package var edges = Edges()

  /// Where `\b` stands: no letter, digit or `_` stands there beside a text.
  package struct Edges: Equatable, Sendable {
    package var start = false
    package var end = false

    package init(start: Bool = false, end: Bool = false) {
      self.start = start
      self.end = end
    }
  }

  package init(
    _ texts: [String], and others: [String] = [], ignoresCase: Bool = false, isWhole: Bool = false,
    edges: Edges = Edges()
  ) {
    self.texts = texts
    self.others = others
    self.ignoresCase = ignoresCase
    self.isWhole = isWhole
    self.edges = edges
  }

  /// Nil where nothing can be said.
  package init?(of pattern: String) {
    var reader = PatternReader(pattern: Array(pattern.unicodeScalars))
    let ignoresCase = reader.takeLeadingOptions()
    guard let found = reader.alternatives(), reader.isAtEnd, let texts = found.texts else {
      return nil
    }
    func string(_ text: [Unicode.Scalar]) -> String {
      var scalars = String.UnicodeScalarView()
      scalars.append(contentsOf: text)
      return String(scalars)
    }
    let others = found.others.sorted { $0.count > $1.count }.prefix(Self.mostOthers)
    self.init(
      texts.map(string), and: others.map(string), ignoresCase: ignoresCase, isWhole: found.isWhole,
      edges: found.isWhole ? found.edges : Edges())
    // What folds beyond ASCII, does so in the pattern, too.
    if ignoresCase, !(self.texts + self.others).allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) {
      return nil
    }
  }

  /// What is known of a part of a pattern.
  fileprivate struct Found {
    /// Nil where nothing is.
    var texts: [[Unicode.Scalar]]?
    /// What it contains besides.
    var others: [[Unicode.Scalar]] = []
    /// The part is one of the texts.
    var isWhole: Bool
    var edges = Edges()

    /// The shortest one decides, and of lists that are equal in it, the shorter one.
    func isBetter(than other: [[Unicode.Scalar]]?) -> Bool {
      guard let texts, let least = texts.map(\.count).min(), least >= shortest,
        texts.count <= most
      else { return false }
      guard let other, let known = other.map(\.count).min() else { return true }
      return least != known ? least > known : texts.count < other.count
    }
  }
}

/// Reads a pattern from its beginning to its end.
private struct PatternReader {
  typealias Found = RequiredTexts.Found

  private let pattern: [Unicode.Scalar]
  private var index = 0

  init(pattern: [Unicode.Scalar]) { self.pattern = pattern }

  var isAtEnd: Bool { index == pattern.count }

  /// Skips `(?i)`, `(?s)`, `(?m)` and the like at the beginning; whether case is ignored.
  mutating func takeLeadingOptions() -> Bool {
    guard pattern.starts(with: "(?".unicodeScalars) else { return false }
    var end = 2
    while end < pattern.count, "ims".unicodeScalars.contains(pattern[end]) { end += 1 }
    guard end > 2, end < pattern.count, pattern[end] == ")" else { return false }
    index = end + 1
    return pattern[2..<end].contains("i")
  }

  /// Reads to the end of the pattern, or to a `)`; nil when nothing can be said of the whole pattern.
  mutating func alternatives() -> Found? {
    var texts: [[Unicode.Scalar]]? = []
    var isWhole = true
    var edges: RequiredTexts.Edges?
    var others: [[Unicode.Scalar]]?
    while true {
      guard let branch = sequence() else { return nil }
      // Of several branches only one is there.
      others = others == nil ? branch.others : []
      isWhole = isWhole && branch.isWhole && branch.edges == edges ?? branch.edges
      edges = branch.edges
      if let more = branch.texts, let known = texts {
        texts = known + more.filter { !known.contains($0) }
      } else {
        texts = nil
      }
      guard index < pattern.count, pattern[index] == "|" else {
        return Found(
          texts: texts, others: others ?? [], isWhole: isWhole && texts != nil,
          edges: edges ?? RequiredTexts.Edges())
      }
      index += 1
    }
  }

  /// What a branch has between the edges of words that it may begin and end with.
  private enum Content {
    case nothing
    case text
    case group
    case other
  }

  /// Reads one branch, to a `|`, a `)` or the end.
  private mutating func sequence() -> Found? {
    var best: [[Unicode.Scalar]]?
    var all: [[Unicode.Scalar]] = []
    var run: [Unicode.Scalar] = []
    var content = Content.nothing
    var edges = RequiredTexts.Edges()
    func endRun(_ next: Content = .other) {
      let found = Found(texts: [run], isWhole: false)
      if found.isBetter(than: best) { best = found.texts }
      if found.isBetter(than: nil) { all.append(run) }
      run = []
      content = next
    }
    func append(_ scalar: Unicode.Scalar) {
      run.append(scalar)
      content = content == .nothing || content == .text ? .text : .other
    }
    while !isAtEndOfBranch {
      let scalar = pattern[index]
      index += 1
      switch scalar {
      case "?", "*":
        run = run.dropLast()
        endRun()
      case "{":
        let end = endOfCount
        if end != nil { run = run.dropLast() }
        endRun()
        index = end ?? index
      case "+", ".", "^", "$":
        endRun()
      case "(":
        let isFirst = content == .nothing
        endRun()
        guard let found = group() else { return nil }
        if found.isBetter(than: best) { best = found.texts }
        if let texts = found.texts, texts.count == 1, found.isBetter(than: nil) { all += texts }
        all += found.others
        if isFirst, found.isWhole, found.edges == RequiredTexts.Edges() { content = .group }
      case "[":
        endRun()
        guard skipClass() else { return nil }
      case "\\":
        guard let escaped = takeEscape() else { return nil }
        if escaped == "b", content == .nothing, !edges.start {
          edges.start = true
        } else if escaped == "b", isAtEndOfBranch {
          endRun(content)
          edges.end = true
        } else if isLetter(escaped) {
          endRun()
        } else {
          append(escaped)
        }
      default: append(scalar)
      }
    }
    endRun(content)
    guard let best, content == .text || content == .group, edges.areOfWords(best) else {
      let others = all.filter { best?.contains($0) != true }
      return Found(texts: best, others: others, isWhole: false)
    }
    return Found(texts: best, isWhole: true, edges: edges)
  }

  private var isAtEndOfBranch: Bool {
    index == pattern.count || pattern[index] == "|" || pattern[index] == ")"
  }

  /// Behind `{2}`, `{2,}`, `{,3}` or `{2,3}`, of which the brace is read; nil where it is only a brace.
  private var endOfCount: Int? {
    var end = index
    while end < pattern.count, "0123456789, \t".unicodeScalars.contains(pattern[end]) { end += 1 }
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

  /// Reads to behind the `)`; nil for options inside the pattern, verbs, and what is not closed.
  private mutating func group() -> Found? {
    var isLookaround = false
    // Of its texts it may have taken the one that nothing fits behind.
    var isAtomic = false
    if index < pattern.count, pattern[index] == "*" { return nil }
    if index + 1 < pattern.count, pattern[index] == "?" {
      let kind = pattern[index + 1]
      guard ":=!<>".unicodeScalars.contains(kind) || isNamedAsInPython else { return nil }
      isLookaround =
        kind == "=" || kind == "!"
        || kind == "<" && index + 2 < pattern.count
          && "=!".unicodeScalars.contains(pattern[index + 2])
      isAtomic = kind == ">"
      index += 2
      if kind == "P" { index += 1 }
      if !isLookaround, kind == "<" || kind == "P" {
        while index < pattern.count, pattern[index] != ">" { index += 1 }
        index += 1
      } else if kind == "<" {
        index += 1
      }
    }
    guard var found = alternatives(), index < pattern.count, pattern[index] == ")" else {
      return nil
    }
    index += 1
    // What may be there no time at all says nothing.
    let isOptional = index < pattern.count && "?*{".unicodeScalars.contains(pattern[index])
    if isLookaround || isOptional { (found.texts, found.others) = (nil, []) }
    if found.texts == nil || isAtomic || index < pattern.count && pattern[index] == "+" {
      found.isWhole = false
    }
    return found
  }

  /// `(?P<name>…)`; the index is at its question mark.
  private var isNamedAsInPython: Bool {
    index + 2 < pattern.count && pattern[index + 1] == "P" && pattern[index + 2] == "<"
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
      // After these a bracket may stand for itself, or be none. Longer escapes hold no bracket.
      case "\\":
        guard index < pattern.count, !"cQE".unicodeScalars.contains(pattern[index]) else {
          return false
        }
        index += 1
      default: break
      }
    }
    return false
  }
}

extension RequiredTexts.Edges {
  /// Whether `\b` there means that no letter, digit or `_` stands beside the texts.
  fileprivate func areOfWords(_ texts: [[Unicode.Scalar]]) -> Bool {
    texts.allSatisfy { (!start || isOfWord($0.first)) && (!end || isOfWord($0.last)) }
  }

  private func isOfWord(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return isLetter(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
  }
}

private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
  ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
}
