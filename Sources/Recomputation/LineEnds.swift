extension Span<UInt8> {
  package func lineEnd(from start: Int) -> Int { firstIndex(of: 0x0A, from: start) ?? count }

  package func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    var index = start
    while index < count, self[index] != byte { index += 1 }
    return index < count ? index : nil
  }
}
