/// The names by which a model may stand in a price list.
enum ModelName {
  /// From what a log calls it to its plain name; each with how it was come by.
  ///
  /// Stripped are, in this order, the provider and whatever stands before the last `/`, the region
  /// and the vendor that Amazon puts in front (`eu.anthropic.`), `[1m]`, `@version`, `:thinking`, `-v1:0`,
  /// `-latest`, and a date or a revision.
  static func candidates(_ name: String) -> [(name: String, match: Match)] {
    let whole = name.lowercased()
    var found: [(name: String, match: Match)] = []
    var rest = whole[...]
    func add() {
      let plain = String(rest)
      guard found.last?.name != plain || found.isEmpty else { return }
      let isWhole = found.isEmpty
      found.append((plain, isWhole ? .exact : .stripped))
      if let alias = alias(of: plain) { found.append((alias, .alias)) }
    }
    add()
    for step in [afterSlash, afterVendor, beforeVersion, beforeLatest, beforeDate] {
      let shorter = step(rest)
      guard shorter.count < rest.count, !shorter.isEmpty else { continue }
      rest = shorter
      add()
    }
    return found
  }

  /// `name` up to each of its hyphens, the longest first; up to a word that tells another model: a number
  /// that is no date (`-9` of `claude-opus-4-9`, `-7b`), or that it was distilled.
  static func prefixes(_ name: String) -> [Substring] {
    var prefixes: [Substring] = []
    for index in name.indices.reversed() where name[index] == "-" && index > name.startIndex {
      let word = name[name.index(after: index)...].prefix { $0 != "-" }
      if word == "distill" || isNumber(word.prefix(1)) && !isDate(word) { break }
      prefixes.append(name[..<index])
    }
    return prefixes
  }

  /// A year and a month, a month and a day, or both.
  private static func isDate(_ word: Substring) -> Bool {
    [4, 6, 8].contains(word.count) && isNumber(word)
  }

  private static func alias(of name: String) -> String? {
    if let known = aliases[name] { return known }
    // Lists know models of Google's by the names of their previews for long.
    if name.hasPrefix("gemini-"), !name.hasSuffix("-preview") { return name + "-preview" }
    guard name.hasPrefix("claude-"), name.contains(".") else { return nil }
    let hyphenated = String(name.map { $0 == "." ? "-" : $0 })
    return aliases[hyphenated] ?? hyphenated
  }

  private static let aliases = [
    "claude-4-sonnet": "claude-sonnet-4", "claude-4-opus": "claude-opus-4",
    "claude-4-1-opus": "claude-opus-4-1", "claude-4-5-opus": "claude-opus-4-5",
    "claude-4-5-sonnet": "claude-sonnet-4-5", "claude-4-5-haiku": "claude-haiku-4-5",
    "claude-4-6-sonnet": "claude-sonnet-4-6", "claude-4-6-opus": "claude-opus-4-6",
    "gpt4": "gpt-4", "gpt4o": "gpt-4o", "gpt-35-turbo": "gpt-3.5-turbo",
    "gpt-35-turbo-16k": "gpt-3.5-turbo-16k", "gpt-4-0125-preview": "gpt-4-turbo",
    "gpt-4-vision-preview": "gpt-4-turbo", "gemini-pro-1.5": "gemini-1.5-pro",
    "gemini-flash-1.5": "gemini-1.5-flash", "grok-4-20": "grok-4.20",
    "grok-4-20-reasoning": "grok-4.20-reasoning",
    "grok-4-20-non-reasoning": "grok-4.20-non-reasoning",
  ]

  private static func afterSlash(_ name: Substring) -> Substring {
    guard let slash = name.lastIndex(of: "/") else { return name }
    return name[name.index(after: slash)...]
  }

  /// A version holds a digit, a region and a vendor do not.
  private static func afterVendor(_ name: Substring) -> Substring {
    var rest = name
    while let dot = rest.firstIndex(of: "."),
      rest[..<dot].allSatisfy({ $0.isLetter || $0 == "-" }),
      rest[rest.index(after: dot)...].first?.isLetter == true
    {
      rest = rest[rest.index(after: dot)...]
    }
    return rest
  }

  private static func beforeVersion(_ name: Substring) -> Substring {
    var rest = name
    // What Claude Code writes for the long context window.
    for context in ["[1m]", "-1m"] where rest.hasSuffix(context) {
      rest = rest.dropLast(context.count)
    }
    if let at = rest.firstIndex(of: "@") { rest = rest[..<at] }
    if rest.hasSuffix(":thinking") { rest = rest.dropLast(":thinking".count) }
    if let colon = rest.lastIndex(of: ":"), let hyphen = rest[..<colon].lastIndex(of: "-") {
      let version = rest[hyphen..<colon].dropFirst()
      let revision = rest[colon...].dropFirst()
      if version.first == "v", isNumber(version.dropFirst()), isNumber(revision) {
        rest = rest[..<hyphen]
      }
    }
    return rest
  }

  private static func beforeLatest(_ name: Substring) -> Substring {
    name.hasSuffix("-latest") ? name.dropLast("-latest".count) : name
  }

  /// `-20250929`, `-2025-09-29`, `-05-06`, or the number of a revision, `-001`.
  private static func beforeDate(_ name: Substring) -> Substring {
    for form in ["-00000000", "-0000-00-00", "-00-00", "-000"] where name.count > form.count {
      let end = name.suffix(form.count)
      let isDate = zip(end, form).allSatisfy { character, expected in
        expected == "0" ? isNumber(String(character)[...]) : character == expected
      }
      if isDate { return name.dropLast(form.count) }
    }
    return name
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}

/// How a model was found in a price list.
package enum Match: Int64, Sendable, CaseIterable {
  case exact = 1
  /// Another usual name of it.
  case alias
  /// Without its provider, region, version or date.
  case stripped
  /// The longest name of the list that it begins with: its family's price, perhaps not its own.
  case prefix

  package var name: String {
    switch self {
    case .exact: "exact"
    case .alias: "alias"
    case .stripped: "stripped"
    case .prefix: "prefix"
    }
  }
}
