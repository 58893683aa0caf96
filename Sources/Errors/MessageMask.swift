/// What a message says less its values, for `<*>` stands.
///
/// A function of the message alone: unlike a pattern it does not depend on the messages around it, so
/// that a fingerprint stays what it is. Masked are words with a digit, what stands in quotes, paths,
/// addresses and values in a row; `index:5` and `index=5` keep their name.
enum MessageMask {
  static let wildcard = "<*>"
  /// A longer message is cut here, in bytes.
  static let maxCount = 200
  /// How much of a message is looked at.
  private static let reach = 4096

  /// The first two lines of `message` that are not blank, masked and joined.
  static func text(of message: some BidirectionalCollection<UInt8>) -> String {
    var output: [UInt8] = []
    mask(Array(message.prefix(reach))[...], into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// The same appended to `output`, which is scratch space.
  static func mask(_ message: Line, into output: inout [UInt8]) {
    var lines = 0
    var start = message.startIndex
    while start < message.endIndex, lines < 2 {
      let end = message[start...].firstIndex(of: 0x0A) ?? message.endIndex
      let line = message[start..<end].trimmed
      if !line.isEmpty {
        if lines > 0 { output.append(0x20) }
        maskLine(line, &output)
        lines += 1
      }
      start = end + 1
    }
    cut(&output)
  }

  private static let levels: Set<String> = [
    "error", "err", "fatal", "critical", "crit", "severe", "panic", "alert", "emerg",
  ]

  /// Takes off a time and a level in front of a masked message: a container's runtime leaves them in it.
  static func removeHeader(from output: inout [UInt8]) {
    var rest = output[...]
    if rest.begins(with: wildcard + " ") { rest = rest.dropFirst(wildcard.utf8.count + 1) }
    let isBracketed = rest.first == UInt8(ascii: "[")
    if isBracketed { rest = rest.dropFirst() }
    let word = rest.prefix { $0.isLetter }
    guard (3...8).contains(word.count), "efcspaEFCSPA".utf8.contains(word[word.startIndex]),
      levels.contains(word.text.lowercased())
    else { return }
    rest = rest[word.endIndex...]
    if isBracketed {
      guard rest.first == UInt8(ascii: "]") else { return }
      rest = rest.dropFirst()
    }
    if rest.first == UInt8(ascii: ":") { rest = rest.dropFirst() }
    guard rest.first == 0x20, rest.count > 1 else { return }
    output.removeSubrange(..<(rest.startIndex + 1))
  }

  /// Takes out the thread in `[main] com.acme.Shop - message`: what stands in brackets before a logger's name.
  static func removeThread(from output: inout [UInt8]) {
    let start = output[...].dropping(wildcard + " --- ")?.startIndex ?? 0
    guard start < output.count, output[start] == UInt8(ascii: "["),
      let close = output[start...].range(of: "] ")
    else { return }
    let logger = output[close.upperBound...].prefix { $0.isWord || $0 == UInt8(ascii: ".") }
    let rest = output[logger.endIndex...]
    let isLogger = logger.contains(UInt8(ascii: ".")) && logger.last != UInt8(ascii: ".")
    guard isLogger, [" - ", " : ", ": "].contains(where: { rest.begins(with: $0) }) else { return }
    output.replaceSubrange((start + 1)..<close.lowerBound, with: wildcard.utf8)
  }

  private static func cut(_ output: inout [UInt8]) {
    guard output.count > maxCount else { return }
    var end = maxCount
    while end > 0, output[end] & 0xC0 == 0x80 { end -= 1 }
    output.removeSubrange(end...)
    while output.last == 0x20 { output.removeLast() }
  }

  private static func maskLine(_ line: Line, _ output: inout [UInt8]) {
    var index = line.startIndex
    while index < line.endIndex, output.count <= maxCount + 16 {
      let byte = line[index]
      if isQuote(byte), let close = closing(line, index), isMessage(line, index, close) {
        output.append(byte)
        maskLine(line[(index + 1)..<close], &output)
        output.append(line[close])
        index = close + 1
      } else if isQuote(byte), let close = closing(line, index) {
        output.append(byte)
        output.append(contentsOf: wildcard.utf8)
        output.append(line[close])
        index = close + 1
      } else if isRun(byte) {
        var end = index
        var kinds = Kinds()
        while end < line.endIndex, isRun(line[end]) {
          kinds.add(line[end])
          end += 1
        }
        if kinds.isPlain {
          output.append(contentsOf: line[index..<end])
        } else {
          if kinds.hasColon, line[index..<end].contains("://") {
            while end < line.endIndex, !endsAddress(line[end]) { end += 1 }
          }
          maskRun(line[index..<end], &output)
        }
        index = end
      } else if byte <= 0x20 {
        if output.last != 0x20 { output.append(0x20) }
        index += 1
      } else {
        output.append(byte)
        index += 1
      }
    }
  }

  /// Of the bytes of a run: whether it can be a value at all.
  private struct Kinds {
    private var mayHoldValue = false
    private(set) var hasColon = false
    /// Up to `f`.
    private var letters = 0

    /// No word is made of eight letters up to `f`, and ids are.
    var isPlain: Bool { !mayHoldValue && letters < 8 }

    @inline(__always)
    mutating func add(_ byte: UInt8) {
      if byte.isHexadecimal { letters += 1 }
      if byte.isDigit || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "/")
        || byte == UInt8(ascii: "\\")
      {
        mayHoldValue = true
      } else if byte == UInt8(ascii: ":") {
        hasColon = true
      }
    }
  }

  private static let messageKeys = ["err=", "error=", "msg=", "message=", "reason=", "cause="]

  /// Whether what stands in quotes is no value: behind `err=` and the like, all that the line says, or what
  /// it says before `key=`.
  private static func isMessage(_ line: Line, _ open: Int, _ close: Int) -> Bool {
    let before = line[..<open]
    if before.last == UInt8(ascii: "=") {
      return messageKeys.contains { key in
        before.ends(with: key) && before.dropLast(key.utf8.count).last?.isWord != true
      }
    }
    guard before.isEmpty || before.ends(with: "] ") else { return false }
    let rest = line[(close + 1)...]
    guard rest.first == 0x20 else { return rest.isEmpty }
    let key = rest.dropFirst().prefix { $0.isWord }
    return !key.isEmpty && rest[key.endIndex...].first == UInt8(ascii: "=")
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`")
  }

  /// The quote that ends what begins at `open`; nil for an apostrophe.
  private static func closing(_ line: Line, _ open: Int) -> Int? {
    if open > line.startIndex, line[open - 1].isWord { return nil }
    let quote = line[open]
    var index = open + 1
    while index < line.endIndex {
      let isEnd =
        line[index] == quote || quote == UInt8(ascii: "`") && line[index] == UInt8(ascii: "'")
      if line[index] == UInt8(ascii: "\\") {
        index += 2
      } else if isEnd, index + 1 == line.endIndex || !line[index + 1].isWord {
        return index
      } else {
        index += 1
      }
    }
    return nil
  }

  /// Letters, digits, and what stands inside numbers, paths and addresses.
  private static func isRun(_ byte: UInt8) -> Bool {
    if byte.isWord { return true }
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
      UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "~"),
      UInt8(ascii: "$"), UInt8(ascii: "*"), UInt8(ascii: "\\"), UInt8(ascii: "%"),
      UInt8(ascii: "?"), UInt8(ascii: "&"):
      return true
    default: return false
    }
  }

  private static func endsAddress(_ byte: UInt8) -> Bool {
    byte <= 0x20 || ",;)]}>\"'`".utf8.contains(byte)
  }

  private static func maskRun(_ run: Line, _ output: inout [UInt8]) {
    var word = run
    while let last = word.last, isTrailing(last) { word.removeLast() }
    let tail = run[word.endIndex...]
    let name = maskedFrom(word)
    if let name {
      output.append(contentsOf: word[..<name])
      appendWildcard(&output)
    } else {
      output.append(contentsOf: word)
    }
    output.append(contentsOf: tail)
  }

  private static func isTrailing(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "?")
      || byte == UInt8(ascii: "-")
  }

  /// Where the value in a word begins, behind its name; nil for a word that says something.
  private static func maskedFrom(_ word: Line) -> Int? {
    guard let first = word.first else { return nil }
    let isPath =
      first == UInt8(ascii: "/") && word.count > 1 || word.contains("://")
      || word.begins(with: "\\\\") || word.dropFirst().begins(with: ":\\")
    let isId = word.contains { $0.isDigit } || word.count >= 8 && word.allSatisfy(\.isHexadecimal)
    guard
      isId || isPath || isRelativePath(word) || word.contains(UInt8(ascii: "@")) && word.count > 2
    else {
      return nil
    }
    // `index:5`, but not `host:80` of which the rest holds a digit, too, or a URL.
    if let colon = word.firstIndex(of: UInt8(ascii: ":")), !isPath,
      word[..<colon].allSatisfy({ $0.isLetter || $0 == 0x5F }), colon + 1 < word.endIndex
    {
      return colon + 1
    }
    return word.startIndex
  }

  /// `data/anna/a`, or `anna/a.txt`; `read/write` and `text/html` are words.
  private static func isRelativePath(_ word: Line) -> Bool {
    let slashes = word.reduce(0) { $0 + ($1 == UInt8(ascii: "/") ? 1 : 0) }
    guard slashes < 2 else { return true }
    guard slashes == 1, let dot = word.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let ending = word[(dot + 1)...]
    return (1...5).contains(ending.count) && ending.allSatisfy(\.isWord)
  }

  /// Values in a row, with commas or without, are one.
  private static func appendWildcard(_ output: inout [UInt8]) {
    var end = output.count
    while end > 0, output[end - 1] == 0x20 || output[end - 1] == UInt8(ascii: ",") { end -= 1 }
    if end < output.count, output[..<end].ends(with: wildcard) {
      output.removeSubrange(end...)
    } else {
      output.append(contentsOf: wildcard.utf8)
    }
  }
}
