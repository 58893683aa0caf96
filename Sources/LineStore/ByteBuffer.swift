import Glibc

/// A growable run of bytes with one owner: appending is a bounds check and a `memcpy`.
///
/// The array of the standard library checks for uniqueness at every append, which the write path
/// feels: it appends a dozen times a line.
@safe struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 4096) {
    unsafe base = .allocate(capacity: Swift.max(capacity, 64))
    self.capacity = Swift.max(capacity, 64)
  }

  deinit { unsafe base.deallocate() }

  var span: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: base, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return unsafe base[index]
  }

  mutating func removeAll() { count = 0 }

  mutating func removeLast(_ removed: Int) {
    precondition(removed <= count)
    count -= removed
  }

  mutating func reserve(_ additional: Int) {
    guard count + additional > capacity else { return }
    capacity = Swift.max(capacity * 2, count + additional)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe memcpy(grown, base, count)
    unsafe base.deallocate()
    unsafe base = grown
  }

  mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe base[count] = byte
    count += 1
  }

  mutating func append(_ bytes: Span<UInt8>) {
    let added = bytes.count
    guard added > 0 else { return }
    reserve(added)
    unsafe bytes.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { unsafe memcpy(base + count, start, added) }
    }
    count += added
  }

  mutating func append(_ text: StaticString) {
    reserve(text.utf8CodeUnitCount)
    unsafe memcpy(base + count, text.utf8Start, text.utf8CodeUnitCount)
    count += text.utf8CodeUnitCount
  }

  /// Appends a part of another buffer.
  mutating func append(_ other: borrowing ByteBuffer, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= other.count)
    reserve(range.count)
    unsafe memcpy(base + count, other.base + range.lowerBound, range.count)
    count += range.count
  }

  /// Appends the decimal digits of `value`, with a minus sign where it is negative.
  mutating func append(decimal value: Int64) {
    reserve(20)
    if value < 0 { append(0x2D) }
    var magnitude = value.magnitude
    var width = 1
    var bound: UInt64 = 10
    while width < 19 && magnitude >= bound {
      width += 1
      bound &*= 10
    }
    if width == 19 && magnitude >= bound { width = 20 }
    reserve(width)
    var index = count + width
    count = index
    repeat {
      index -= 1
      unsafe base[index] = UInt8(truncatingIfNeeded: 0x30 + magnitude % 10)
      magnitude /= 10
    } while magnitude > 0
  }

  func copy() -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: base, count: count))
  }
}
