/// What a byte may be part of, one bit a question, looked up in a table of 256.
struct ByteClass {
  static let digit: UInt8 = 1
  static let hexLower: UInt8 = 2
  static let lower: UInt8 = 4
  static let upper: UInt8 = 8
  static let hexUpper: UInt8 = 16
  /// Punctuation that stands inside one token: `-._:/@+~#%&?$*`.
  static let joiner: UInt8 = 32
  static let quote: UInt8 = 64
  /// `"`, `\` and bytes below 0x20, which JSON must escape.
  static let escaped: UInt8 = 128

  static let token = digit | hexLower | lower | upper | hexUpper | joiner
  static let letter = hexLower | lower | upper | hexUpper
  static let word = letter | digit

  /// Bytes from 0x80 on count as lower-case letters, so that a token never ends inside a character.
  static let table: [UInt8] = (0..<256).map { value in
    let byte = UInt8(value)
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return digit
    case UInt8(ascii: "a")...UInt8(ascii: "f"): return hexLower
    case UInt8(ascii: "g")...UInt8(ascii: "z"): return lower
    case UInt8(ascii: "A")...UInt8(ascii: "F"): return hexUpper
    case UInt8(ascii: "G")...UInt8(ascii: "Z"): return upper
    case 0x80...: return lower
    case UInt8(ascii: "\""): return quote | escaped
    case UInt8(ascii: "'"): return quote
    case UInt8(ascii: "\\"), 0..<0x20: return escaped
    default: return "-._:/@+~#%&?$*".utf8.contains(byte) ? joiner : 0
    }
  }
}
