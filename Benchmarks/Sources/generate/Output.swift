import Glibc

/// Bytes on their way to standard output.
struct Output {
  private(set) var bytes: [UInt8] = []
  private static let limit = 1 << 20

  init() { bytes.reserveCapacity(2 * Self.limit) }

  mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  /// Appends `number` with at least `width` digits.
  mutating func append(_ number: UInt64, width: Int = 1) {
    var width = width
    var bound: UInt64 = 1
    for _ in 1..<width { bound *= 10 }
    while bound <= number / 10 {
      bound *= 10
      width += 1
    }
    var rest = number
    while bound > 0 {
      bytes.append(UInt8(truncatingIfNeeded: 48 + rest / bound))
      rest %= bound
      bound /= 10
    }
  }

  mutating func appendHex(_ number: UInt64, digits: Int) {
    for place in stride(from: digits - 1, through: 0, by: -1) {
      let digit = UInt8(truncatingIfNeeded: number >> UInt64(4 * place)) & 15
      bytes.append(digit < 10 ? 48 + digit : 87 + digit)
    }
  }

  mutating func endLine() {
    bytes.append(10)
    if bytes.count > Self.limit { flush() }
  }

  mutating func flush() {
    var start = 0
    while start < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(1, buffer.baseAddress?.advanced(by: start), buffer.count - start)
      }
      // A reader that has seen enough closes the pipe; there is nobody left to write for.
      guard written > 0 else { exit(1) }
      start += written
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
