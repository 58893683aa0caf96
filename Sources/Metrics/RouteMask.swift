/// Makes a route of the path in a request: what tells one thing from another of its kind becomes `{id}`.
///
/// A path is taken in words of letters, digits, `%` and bytes beyond ASCII. Masked are words of digits only,
/// UUIDs with a digit, hexadecimal words with a digit from 7 bytes on, words with a digit from 16 bytes on, and the digits
/// that a word ends in, from three on. Query, fragment and parameters behind `;` are no part of a route.
struct RouteMask {
  /// What a route is cut to; labels are cut shorter.
  static let longest = 240

  private static let digit: UInt8 = 1
  private static let hexLetter: UInt8 = 2
  private static let letter: UInt8 = 4
  private static let ofWords: UInt8 = 7
  private static let end: UInt8 = 8

  /// `{id}`, the first letter in the lowest byte.
  private static let mark: UInt32 = 0x7D64_697B
  /// A byte's class; 0 for what parts words.
  private let classes: [UInt8]
  /// The route, and zeros behind it up to a multiple of eight bytes.
  private(set) var bytes = [UInt8](repeating: 0, count: longest + 32)
  private(set) var count = 0

  init() {
    var classes = [UInt8](repeating: Self.letter, count: 256)
    for byte in 0..<0x80 {
      let byte = UInt8(byte)
      switch byte {
      case 0...0x20, 0x22, 0x23, 0x3B, 0x3F: classes[Int(byte)] = Self.end
      case 0x30...0x39: classes[Int(byte)] = Self.digit
      case 0x41...0x46, 0x61...0x66: classes[Int(byte)] = Self.hexLetter
      case 0x47...0x5A, 0x67...0x7A, 0x25: break
      default: classes[Int(byte)] = 0
      }
    }
    self.classes = classes
  }

  /// Takes the route of the path that begins at `start`; bytes before `end` are looked at.
  mutating func read(_ line: Span<UInt8>, from start: Int, to end: Int) {
    precondition(start >= 0 && end <= line.count)
    let classes = classes
    count = unsafe line.withUnsafeBufferPointer { line in
      unsafe classes.withUnsafeBufferPointer { classes in
        unsafe bytes.withUnsafeMutableBufferPointer { output in
          unsafe Self.read(line, start, end, classes, output)
        }
      }
    }
  }

  @unsafe
  private static func read(
    _ line: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int,
    _ classes: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    guard start < end, let input = line.baseAddress, let classes = classes.baseAddress,
      let output = output.baseAddress
    else { return 0 }
    var used = 0
    var index = start
    // Of the word at hand: where it begins, here and in the output, where the digits that it ends in do,
    // and the classes of its bytes.
    var word = start
    var wordOutput = 0
    var digits = start
    var kinds: UInt8 = 0
    // Where eight bytes may be plain again, and the end of those that were: their classes are not known.
    var next = start
    var plainEnd = start
    while true {
      if index >= next, kinds & digit == 0, index &+ 8 <= end, used < longest {
        let eight = unsafe UnsafeRawPointer(input).loadUnaligned(
          fromByteOffset: index, as: UInt64.self)
        if isPlain(eight) {
          unsafe UnsafeMutableRawPointer(output).storeBytes(
            of: eight, toByteOffset: used, as: UInt64.self)
          let parting = ~eight & 0x4040_4040_4040_4040
          if parting != 0 {
            let behind = 8 &- parting.leadingZeroBitCount >> 3
            word = index &+ behind
            wordOutput = used &+ behind
          }
          index &+= 8
          used &+= 8
          digits = index
          plainEnd = index
          kinds = 0
          continue
        }
        next = index &+ 8
      }
      let byte = unsafe index < end && used < longest ? input[index] : 0
      let kind = unsafe classes[Int(byte)]
      if kind & ofWords != 0 {
        if kind != digit { digits = index &+ 1 }
        kinds |= kind
        unsafe output[used] = byte
        used &+= 1
        index &+= 1
        continue
      }
      if kinds & digit != 0, word < plainEnd {
        var plain: UInt8 = 0
        for place in word..<plainEnd {
          let kind = unsafe classes[Int(input[place])]
          plain |= kind
          // Not all that stands behind `@` is a letter.
          guard kind & ofWords == 0 else { continue }
          wordOutput &+= place &+ 1 &- word
          word = place &+ 1
          plain = 0
        }
        kinds |= plain
      }
      if kinds & digit != 0,
        let masked = unsafe masked(input, word..<index, digits, kinds, classes, start, end)
      {
        used = wordOutput &+ masked.kept
        unsafe UnsafeMutableRawPointer(output).storeBytes(
          of: mark, toByteOffset: used, as: UInt32.self)
        used &+= 4
        index = masked.end
        // Of a word that is cut, the rest is masked, too.
        while unsafe index < end && classes[Int(input[index])] & ofWords != 0 { index &+= 1 }
      } else if kind == Self.end {
        break
      } else {
        unsafe output[used] = byte
        used &+= 1
        index &+= 1
      }
      word = index
      wordOutput = used
      digits = index
      kinds = 0
    }
    unsafe UnsafeMutableRawPointer(output).storeBytes(of: 0, toByteOffset: used, as: UInt64.self)
    return used
  }

  /// Whether eight bytes are letters and what parts words, as most are: from `@` to DEL, or from `,` to `/`.
  @inline(__always)
  private static func isPlain(_ eight: UInt64) -> Bool {
    let letters = ((eight & 0x4040_4040_4040_4040) >> 6) &* 0xFF
    let others = (eight ^ 0x2C2C_2C2C_2C2C_2C2C) & 0xFCFC_FCFC_FCFC_FCFC & ~letters
    return others | eight & 0x8080_8080_8080_8080 == 0
  }

  /// How many bytes of a word with a digit stay before the mark, less than none where what is before it goes, too,
  /// and where what is masked ends; nil where the word stays.
  @unsafe
  @inline(__always)
  private static func masked(
    _ line: UnsafePointer<UInt8>, _ word: Range<Int>, _ digits: Int, _ kinds: UInt8,
    _ classes: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> (kept: Int, end: Int)? {
    if kinds & letter == 0, let uuid = unsafe uuid(line, word, classes, start, end) {
      return (uuid &- word.lowerBound, uuid &+ 36)
    }
    let isHex = kinds & letter == 0 && word.count >= 7
    if kinds == digit || isHex || word.count >= 16 { return (0, word.upperBound) }
    return word.upperBound &- digits >= 3 ? (digits &- word.lowerBound, word.upperBound) : nil
  }

  /// Where the UUID begins of which the word is the first part with a digit.
  @unsafe
  @inline(__always)
  private static func uuid(
    _ line: UnsafePointer<UInt8>, _ word: Range<Int>, _ classes: UnsafePointer<UInt8>, _ start: Int,
    _ end: Int
  ) -> Int? {
    if word.count == 8, unsafe isUUID(line, word.lowerBound, classes, end) {
      return word.lowerBound
    }
    guard word.count == 4 || word.count == 12, word.lowerBound &- start >= 9,
      unsafe line[word.lowerBound &- 1] == 0x2D
    else { return nil }
    for offset in stride(from: 9, through: 24, by: 5) {
      let first = word.lowerBound &- offset
      guard first >= start else { return nil }
      let isWhole = unsafe first == start || classes[Int(line[first &- 1])] & ofWords == 0
      if isWhole, unsafe isUUID(line, first, classes, end) { return first }
    }
    return nil
  }

  @unsafe
  private static func isUUID(
    _ line: UnsafePointer<UInt8>, _ start: Int, _ classes: UnsafePointer<UInt8>, _ end: Int
  ) -> Bool {
    guard start + 36 <= end else { return false }
    for index in 0..<36 {
      let byte = unsafe line[start + index]
      let isDash = index == 8 || index == 13 || index == 18 || index == 23
      let isHex = unsafe classes[Int(byte)] & (digit | hexLetter) != 0
      guard isDash ? byte == 0x2D : isHex else { return false }
    }
    return unsafe start + 36 == end || classes[Int(line[start + 36])] & ofWords == 0
  }
}
