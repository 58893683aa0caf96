/// `java.lang.IllegalStateException: message`: the type of an exception and what it says.
struct ExceptionHeader {
  var type: String
  var message: [UInt8]

  private init(_ type: Line, _ message: Line) {
    self.type = Self.plain(type)
    self.message = Array(message.trimmed)
  }

  /// How much of a line is looked at.
  private static let reach = 1024

  /// A header that begins the line, whatever its type is called.
  init?(at line: Line) {
    guard let (type, message) = Self.parts(line.prefix(Self.reach).trimmed) else { return nil }
    self.init(type, message)
  }

  /// The first word in the line that is called as exceptions are, with what follows it.
  ///
  /// What stands before it is a logger's, or `Exception in thread "main"`.
  init?(in line: Line) {
    let line = line.prefix(Self.reach).trimmed
    var start = line.startIndex
    while start < line.endIndex {
      if let (type, message) = Self.parts(line[start...]), Self.isException(type) {
        self.init(type, message)
        return
      }
      guard let blank = line[start...].firstIndex(where: { $0 == 0x20 || $0 == 0x09 }) else {
        return nil
      }
      start = blank + 1
    }
    return nil
  }

  /// Whether the name is qualified, or stands in front of a message in upper case.
  var isCalledAsTypesAre: Bool {
    let isQualified = ["::", ".", "\\", "$"].contains { type.contains($0) }
    return isQualified || !message.isEmpty && type.utf8.first.map { $0 &- 0x41 <= 25 } == true
  }

  private static func parts(_ line: Line) -> (type: Line, message: Line)? {
    guard let first = line.first, first.isLetter || first == 0x5F else { return nil }
    var end = line.startIndex
    while end < line.endIndex {
      let byte = line[end]
      if byte == UInt8(ascii: ":") {
        // `Net::ReadTimeout`
        guard end + 1 < line.endIndex, line[end + 1] == byte else { break }
        end += 2
        continue
      }
      // Python's name of what is local to a function.
      if byte == UInt8(ascii: "<"), line[end...].begins(with: "<locals>.") {
        end += "<locals>".utf8.count
        continue
      }
      guard byte.isWord || byte >= 0x80 || ".$\\`/".utf8.contains(byte) else { break }
      end += 1
    }
    let type = line[..<min(end, line.endIndex)]
    if end >= line.endIndex { return (type, line[line.endIndex...]) }
    if line[end] == UInt8(ascii: ":") { return (type, line[(end + 1)...]) }
    // Node puts a code behind the name, Ruby a message in brackets.
    guard line[end...].begins(with: " [") || line[end...].begins(with: " (") else { return nil }
    let close = line[end] == 0x20 && line[end + 1] == UInt8(ascii: "[") ? "]" : ")"
    guard let bracket = line[end...].range(of: close) else { return nil }
    let rest = line[bracket.upperBound...]
    if close == "]" {
      guard rest.first == UInt8(ascii: ":") else { return nil }
      return (type, rest.dropFirst())
    }
    let isAll = rest.trimmed.isEmpty || rest.trimmed.elementsEqual(":".utf8)
    return isAll ? (type, line[(end + 2)..<bracket.lowerBound]) : nil
  }

  private static let endings = [
    "Error", "Exception", "Throwable", "Failure", "Fault", "Interrupt", "Timeout", "Exit",
    "Warning",
  ]

  private static func isException(_ type: Line) -> Bool {
    endings.contains { type.ends(with: $0) }
  }

  /// Without generic parameters and the numbers of anonymous classes.
  private static func plain(_ type: Line) -> String {
    var type = type
    if let tick = type.firstIndex(of: UInt8(ascii: "`")) { type = type[..<tick] }
    while let dollar = type.lastIndex(of: UInt8(ascii: "$")), dollar + 1 < type.endIndex,
      type[(dollar + 1)...].allSatisfy({ $0.isDigit })
    {
      type = type[..<dollar]
    }
    return type.text
  }
}
