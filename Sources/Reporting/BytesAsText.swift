/// RFC 4648 §4, with padding.
func base64(_ bytes: [UInt8]) -> [UInt8] {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var result: [UInt8] = []
  result.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    var bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    var symbols: [UInt8] = []
    for _ in 0..<4 {
      symbols.append(alphabet[bits & 0x3F])
      bits >>= 6
    }
    symbols.reverse()
    result += symbols.prefix(group.count + 1)
    for _ in group.count..<3 { result.append(0x3D) }
  }
  return result
}

/// Two lower-case digits.
func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return byte < 16 ? "0" + digits : digits
}

/// A blob as SQL writes it: `x'0aff'`.
func sqlBlob(_ bytes: [UInt8]) -> String { "x'" + bytes.map(hexadecimal).joined() + "'" }
