/// Writes integers (zigzag LEB128), texts and lists one behind the other.
struct StateWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ integer: Int64) {
    var rest = UInt64(bitPattern: integer << 1 ^ integer >> 63)
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(_ text: String?) {
    guard let text else { return write(-1) }
    write(Int64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  mutating func write<Value>(_ value: Value?, _ body: (inout Self, Value) -> Void) {
    write(Int64(value == nil ? 0 : 1))
    if let value { body(&self, value) }
  }

  mutating func write<Value>(_ list: [Value], _ body: (inout Self, Value) -> Void) {
    write(Int64(list.count))
    for value in list { body(&self, value) }
  }
}

/// Reads what `StateWriter` wrote; of other bytes it makes something, and `isAtEnd` is false.
struct StateReader {
  private let bytes: [UInt8]
  private var position = 0
  private var isBroken = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { !isBroken && position == bytes.count }

  mutating func integer() -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(value & 1) }
      shift += 7
    }
    isBroken = true
    return 0
  }

  mutating func text() -> String? {
    let count = integer()
    if count == -1 { return nil }
    guard count >= 0, count <= Int64(bytes.count - position) else {
      isBroken = true
      return nil
    }
    defer { position += Int(count) }
    return String(decoding: bytes[position..<position + Int(count)], as: UTF8.self)
  }

  mutating func optional<Value>(_ body: (inout Self) -> Value) -> Value? {
    integer() == 0 ? nil : body(&self)
  }

  mutating func list<Value>(most: Int, _ body: (inout Self) -> Value) -> [Value] {
    let count = integer()
    guard (0...Int64(most)).contains(count) else {
      isBroken = true
      return []
    }
    return (0..<Int(count)).map { _ in body(&self) }
  }
}
