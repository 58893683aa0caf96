/// What varies although it holds no digit, and where a value ends that the scanner found the heart of.
///
/// In the order of `all`; each looks at what those before it have left.
enum Masks {
  static let all: [@Sendable (inout [UInt8]) -> Void] = [
    maskEmptyValues, maskWords, maskBounds, maskUnits, joinLists, maskDates,
  ]

  /// Blanks, line ends and other control characters in a row count as one blank; none stand at the ends.
  static func squeeze(_ bytes: inout [UInt8]) {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte > blank || byte == hole {
        result.append(byte)
      } else if let last = result.last, last != blank {
        result.append(blank)
      }
    }
    while result.last == blank { result.removeLast() }
    bytes = result
  }

  /// The brackets or quotes around the time go with it.
  static func withoutTime(_ bytes: [UInt8]) -> [UInt8] {
    guard let place = bytes.firstIndex(of: Skeleton.time) else { return bytes }
    var start = place
    var end = place + 1
    if start > 0, end < bytes.count, closing(bytes[start - 1]) == bytes[end] {
      start -= 1
      end += 1
    }
    return Array(bytes[..<start]) + Array(bytes[end...])
  }

  private static func closing(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "["): UInt8(ascii: "]")
    case UInt8(ascii: "("): UInt8(ascii: ")")
    case quote: quote
    default: nil
    }
  }

  /// `""` is a value that happens to be empty, and so is a `()` that stands alone.
  private static func maskEmptyValues(_ bytes: inout [UInt8]) {
    guard bytes.contains(quote) || bytes.contains(UInt8(ascii: "(")) else { return }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if let previous = result.last {
        let isAlone =
          (index < 2 || bytes[index - 2] == blank)
          && (index + 1 == bytes.count || bytes[index + 1] == blank)
        if byte == quote && previous == quote
          || byte == UInt8(ascii: ")") && previous == UInt8(ascii: "(") && isAlone
        {
          result.append(hole)
        }
      }
      result.append(byte)
    }
    bytes = result
  }

  private static func maskWords(_ bytes: inout [UInt8]) {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard MaskedWord.contains(bytes[index]) else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let before = index > 0 ? bytes[index - 1] : blank
      // Most words are neither values nor names of several parts.
      var isPlain = before != UInt8(ascii: "=")
      var end = index
      while end < bytes.count, MaskedWord.contains(bytes[end]) {
        if bytes[end] == hole || bytes[end] == UInt8(ascii: ".") { isPlain = false }
        end += 1
      }
      if isPlain {
        result.append(contentsOf: bytes[index..<end])
        index = end
        continue
      }
      let word = MaskedWord(
        bytes[index..<end], after: before, before: end < bytes.count ? bytes[end] : blank)
      result.append(contentsOf: word.masked)
      index = end
    }
    bytes = result
  }

  /// `<1 sec` is a duration like any other.
  private static func maskBounds(_ bytes: inout [UInt8]) {
    replace(&bytes) { bytes, place in
      guard place > 0, bytes[place - 1] == UInt8(ascii: "<"),
        bytes[(place + 1)...].starts(with: " sec".utf8)
      else { return nil }
      return place - 1..<place + 5
    }
  }

  private static let units = [
    "b", "kb", "mb", "gb", "tb", "kib", "mib", "gib", "tib", "ms", "s", "us", "ns",
  ]
  private static let bytesTwice = [hole] + Array(" bytes (".utf8) + [hole, UInt8(ascii: ")")]

  /// A number takes its unit with it, and `5 bytes (x KB)` the same size in brackets.
  private static func maskUnits(_ bytes: inout [UInt8]) {
    replace(&bytes) { bytes, place in
      let start = at(bytes, place + 1) == blank ? place + 2 : place + 1
      var end = start
      while end < bytes.count, isLetter(bytes[end]) { end += 1 }
      guard start < end, end - start <= 3, end == bytes.count || !isWord(bytes[end]) else {
        return nil
      }
      let unit = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
      return units.contains(unit) ? place..<end : nil
    }
    replace(&bytes, with: [hole] + " bytes".utf8) { bytes, place in
      bytes[place...].starts(with: bytesTwice) ? place..<place + bytesTwice.count : nil
    }
  }

  /// Values in a row, with or without commas, are one: how many there are says nothing.
  private static func joinLists(_ bytes: inout [UInt8]) {
    replace(&bytes) { bytes, place in
      var end = place + 1
      while true {
        var next = end
        if at(bytes, next) == UInt8(ascii: ",") { next += 1 }
        if at(bytes, next) == blank { next += 1 }
        guard next > end, at(bytes, next) == hole else { break }
        end = next + 1
      }
      return end > place + 1 ? place..<end : nil
    }
  }

  private static let days = ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "]
  private static let months = [
    "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec ",
  ]

  /// `Sun Jul 10 03:55:15 2005`, whose numbers are one hole by now.
  private static func maskDates(_ bytes: inout [UInt8]) {
    replace(&bytes) { bytes, place in
      guard place >= 8, place == 8 || !isWord(bytes[place - 9]), bytes[place - 1] == blank else {
        return nil
      }
      let day = bytes[place - 8..<place - 4]
      let month = bytes[place - 4..<place]
      let isDate =
        days.contains { day.elementsEqual($0.utf8) }
        && months.contains { month.elementsEqual($0.utf8) }
      return isDate ? place - 8..<place + 1 : nil
    }
  }

  /// Puts `replacement` in place of what `range` finds around a hole.
  private static func replace(
    _ bytes: inout [UInt8], with replacement: [UInt8] = [hole],
    range: (_ bytes: [UInt8], _ place: Int) -> Range<Int>?
  ) {
    var result: [UInt8] = []
    var position = 0
    var next = 0
    while let place = bytes[next...].firstIndex(of: hole) {
      next = place + 1
      guard let range = range(bytes, place), range.lowerBound >= position else { continue }
      result.append(contentsOf: bytes[position..<range.lowerBound])
      result.append(contentsOf: replacement)
      (position, next) = (range.upperBound, range.upperBound)
    }
    guard position > 0 else { return }
    result.append(contentsOf: bytes[position...])
    bytes = result
  }

  private static func at(_ bytes: [UInt8], _ index: Int) -> UInt8? {
    index < bytes.count ? bytes[index] : nil
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte >= 0x80
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  static func isLower(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
  }

  static func isWord(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
  }
}

private let hole = Skeleton.hole
private let blank = UInt8(ascii: " ")
private let quote = UInt8(ascii: "\"")
