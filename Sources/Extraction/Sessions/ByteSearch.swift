import CLinux

extension Span<UInt8> {
  /// Where `text` first begins in `range`.
  func firstIndex(of text: StaticString, in range: Range<Int>) -> Int? {
    guard range.count >= text.utf8CodeUnitCount else { return nil }
    return unsafe extracting(range).withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let found = unsafe memmem(base, buffer.count, text.utf8Start, text.utf8CodeUnitCount)
      else { return nil }
      return unsafe range.lowerBound + (UnsafeRawPointer(found) - UnsafeRawPointer(base))
    }
  }

  func contains(_ text: StaticString) -> Bool { firstIndex(of: text, in: 0..<count) != nil }
}
