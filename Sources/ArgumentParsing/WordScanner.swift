/// Splits words into options and arguments by an option table; knows nothing of their meaning.
struct WordScanner {
  enum Token: Equatable {
    /// An index into the table; `spelling` is the name as it was typed.
    case option(Int, value: String?, spelling: String)
    case argument(String)
  }

  let options: [OptionSyntax]
  /// For messages.
  let command: String
  let passesUnknownDashesThrough: Bool

  func scan(_ words: [String]) throws(UsageError) -> [Token] {
    var rest = words[...]
    var tokens: [Token] = []
    while let word = rest.first {
      if word == "--" { return tokens + rest.dropFirst().map { .argument($0) } }
      tokens += try next(&rest)
    }
    return tokens
  }

  /// Takes the first word, and the next one where it is the first one's value.
  func next(_ rest: inout ArraySlice<String>) throws(UsageError) -> [Token] {
    let word = rest.removeFirst()
    if word.hasPrefix("--") { return [try long(word, &rest)] }
    guard word.hasPrefix("-"), word != "-" else { return [.argument(word)] }
    if passesUnknownDashesThrough, !isMadeOfShortOptions(word) { return [.argument(word)] }
    return try short(word, &rest)
  }

  private func long(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) -> Token {
    let parts = word.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    guard let index = options.firstIndex(where: { $0.long == name }) else {
      throw unknown("--" + name)
    }
    let spelling = "--" + name
    guard let placeholder = options[index].placeholder else {
      if let attached { throw .unexpectedValue(option: spelling, value: attached) }
      return .option(index, value: nil, spelling: spelling)
    }
    if let attached { return .option(index, value: attached, spelling: spelling) }
    let value = try separateValue(of: spelling, placeholder, &rest)
    return .option(index, value: value, spelling: spelling)
  }

  private func short(
    _ word: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> [Token] {
    var tokens: [Token] = []
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      let spelling = "-\(letter)"
      guard let index = options.firstIndex(where: { $0.short == letter }) else {
        throw unknown(tokens.isEmpty && !letters.isEmpty ? word : spelling)
      }
      guard let placeholder = options[index].placeholder else {
        tokens.append(.option(index, value: nil, spelling: spelling))
        continue
      }
      let value =
        if letters.isEmpty {
          try separateValue(of: spelling, placeholder, &rest)
        } else {
          String(letters.first == "=" ? letters.dropFirst() : letters)
        }
      tokens.append(.option(index, value: value, spelling: spelling))
      break
    }
    return tokens
  }

  /// The next word, unless it is an option itself; such a value is written `--name=--value`.
  private func separateValue(
    of option: String, _ placeholder: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let word = rest.first, !word.hasPrefix("--"), !beginsWithShortOption(word) else {
      throw .missingValue(option: option, placeholder: placeholder)
    }
    rest.removeFirst()
    return word
  }

  private func beginsWithShortOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let letter = word.dropFirst().first else { return false }
    return options.contains { $0.short == letter }
  }

  private func isMadeOfShortOptions(_ word: String) -> Bool {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.short == letter }) else { return false }
      guard option.takesValue, let next = letters.first else { continue }
      return next == "=" || ("0"..."9").contains(next)
    }
    return true
  }

  private func unknown(_ spelling: String) -> UsageError {
    let name = String(spelling.drop { $0 == "-" })
    let found =
      name.count > 1
      ? suggestion(for: name, among: options.lazy.map(\.long)).map { "--" + $0 } : nil
    return .unknownOption(spelling, command: command, suggestion: found)
  }
}
