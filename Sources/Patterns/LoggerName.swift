/// The name of a logger, a program or a thread in front of a message, which is none of its words.
///
/// `WindowManager: `, `dfs.DataNode: `, `[main] org.example.App - `, `nova.compute [req-1 -] `.
enum LoggerName {
  static func remove(from bytes: inout [UInt8]) {
    guard let end = end(in: bytes), end < bytes.count else { return }
    bytes.removeFirst(end)
  }

  private static func end(in bytes: [UInt8]) -> Int? {
    let start = bytes.first == open ? group(bytes, 0) : 0
    guard let start else { return nil }
    var end = start
    while end < bytes.count, bytes[end] != blank { end += 1 }
    let word = bytes[start..<end]
    if word.last == colon { return isLogger(word.dropLast()) ? end + 1 : nil }
    guard isLogger(word) else { return nil }
    var rest = end
    // Windows marks the programs of 32 bits.
    if bytes[rest...].starts(with: [blank, UInt8(ascii: "*"), Skeleton.hole]) { rest += 3 }
    if bytes[rest...].starts(with: " - ".utf8) { return rest + 3 }
    guard start == 0, bytes[end...].starts(with: [blank, open]) else { return nil }
    return group(bytes, end + 1)
  }

  /// Behind a group in brackets and a blank.
  private static func group(_ bytes: [UInt8], _ start: Int) -> Int? {
    var index = start + 1
    while index < bytes.count, bytes[index] != close {
      guard bytes[index] != open else { return nil }
      index += 1
    }
    return bytes[min(index, bytes.count)...].starts(with: [close, blank]) ? index + 2 : nil
  }

  /// With a part that varies, of several parts, or in camel case; but no type of error.
  private static func isLogger(_ name: ArraySlice<UInt8>) -> Bool {
    guard let first = name.first, name.allSatisfy(isInName) else { return false }
    if name.contains(Skeleton.hole) { return true }
    guard Masks.isLetter(first) || first == UInt8(ascii: "_") else { return false }
    let isError = errors.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    guard !isError else { return false }
    let parts = name.split(omittingEmptySubsequences: false) { $0 == dot || $0 == dollar }
    if parts.count > 1 { return parts.allSatisfy { !$0.isEmpty } }
    return zip(name, name.dropFirst()).contains {
      (Masks.isLower($0) || Masks.isDigit($0)) && isUpper($1)
    }
  }

  private static let errors = ["Error", "Exception", "Warning", "Fault", "Failure"]

  private static func isInName(_ byte: UInt8) -> Bool {
    Masks.isWord(byte) || byte == dot || byte == dollar || byte == minus || byte == Skeleton.hole
  }

  private static func isUpper(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
  }
}

private let blank = UInt8(ascii: " ")
private let open = UInt8(ascii: "[")
private let close = UInt8(ascii: "]")
private let colon = UInt8(ascii: ":")
private let dot = UInt8(ascii: ".")
private let dollar = UInt8(ascii: "$")
private let minus = UInt8(ascii: "-")
