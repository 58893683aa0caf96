package import LogModel

/// A pattern for paths: `*` and `?` within a name, `[a-z]`, `[!x]`, `{a,b}`, `**` for any number of
/// folders, `\` before a character that stands for itself.
///
/// A leading dot must be written. A match takes at most pattern × path steps.
package struct Glob: Hashable, Sendable {
  /// `{…}` multiplies patterns; more than this are refused.
  package static let maximumAlternatives = 256

  /// One for each combination of the alternatives in braces.
  let alternatives: [[Component]]
  private let isNameOnly: Bool

  enum Component: Hashable, Sendable {
    /// `**`
    case anyFolders
    case literal([UInt8])
    case pattern([Token])
  }

  enum Token: Hashable, Sendable {
    case byte(UInt8)
    case anyCharacter
    case anyCharacters
    case set([ClosedRange<UInt8>], isNegated: Bool)
  }

  /// Nil when braces make too many alternatives.
  package init?(_ pattern: Path) {
    guard let expanded = Self.expandBraces(pattern.bytes) else { return nil }
    alternatives = expanded.map(Self.components)
    isNameOnly = !pattern.bytes.contains(slash)
  }

  /// The bytes contain a character that makes them a pattern.
  package static func isPattern(_ path: Path) -> Bool {
    path.bytes.contains { "*?[{".utf8.contains($0) }
  }

  /// Whether the whole path matches, or its last name when the pattern has no slash.
  package func matches(_ path: Path) -> Bool {
    let names = isNameOnly ? [path.name] : Self.split(path.bytes)
    return alternatives.contains { Self.matches($0[...], names[...]) }
  }

  /// An absolute path begins with an empty name.
  static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    let names = bytes.split(separator: slash)
    return bytes.first == slash ? [[]] + names : names
  }

  /// On a mismatch only the last `**` takes one more folder: no earlier one needs to.
  static func matches(_ components: ArraySlice<Component>, _ names: ArraySlice<ArraySlice<UInt8>>)
    -> Bool
  {
    var component = components.startIndex
    var name = names.startIndex
    var retry: (component: Int, name: Int)?
    while true {
      if component < components.endIndex, components[component] == .anyFolders {
        component += 1
        retry = (component, name)
        continue
      }
      if name == names.endIndex && component == components.endIndex { return true }
      if name < names.endIndex && component < components.endIndex,
        matches(components[component], names[name])
      {
        component += 1
        name += 1
        continue
      }
      // A `**` at the end takes the rest, but no hidden name.
      guard let last = retry, last.name < names.endIndex, !isHidden(names[last.name]) else {
        return false
      }
      retry = (last.component, last.name + 1)
      (component, name) = (last.component, last.name + 1)
    }
  }

  static func matches(_ component: Component, _ name: ArraySlice<UInt8>) -> Bool {
    switch component {
    case .anyFolders: true
    case .literal(let text): name.elementsEqual(text)
    case .pattern(let tokens): matches(tokens, name)
    }
  }

  static func isHidden(_ name: ArraySlice<UInt8>) -> Bool { name.first == UInt8(ascii: ".") }

  /// On a mismatch only the last `*` takes one more byte: no earlier one needs to.
  private static func matches(_ tokens: [Token], _ name: ArraySlice<UInt8>) -> Bool {
    if isHidden(name) && tokens.first != .byte(UInt8(ascii: ".")) { return false }
    var token = 0
    var index = name.startIndex
    var retry: (token: Int, index: Int)?
    while true {
      if token < tokens.count, tokens[token] == .anyCharacters {
        token += 1
        retry = (token, index)
        continue
      }
      if index == name.endIndex && token == tokens.count { return true }
      if index < name.endIndex && token < tokens.count,
        let next = end(of: tokens[token], at: index, in: name)
      {
        token += 1
        index = next
        continue
      }
      guard let last = retry, last.index < name.endIndex else { return false }
      retry = (last.token, last.index + 1)
      (token, index) = (last.token, last.index + 1)
    }
  }

  /// `?` takes a whole character if the name is UTF-8; everything else compares bytes.
  private static func end(of token: Token, at index: Int, in name: ArraySlice<UInt8>) -> Int? {
    switch token {
    case .byte(let byte): return name[index] == byte ? index + 1 : nil
    case .set(let ranges, let isNegated):
      return ranges.contains { $0.contains(name[index]) } != isNegated ? index + 1 : nil
    case .anyCharacter, .anyCharacters:
      var end = index + 1
      if name[index] >= 0xC0 {
        while end < name.endIndex && name[end] & 0xC0 == 0x80 { end += 1 }
      }
      return end
    }
  }
}

let slash = UInt8(ascii: "/")
