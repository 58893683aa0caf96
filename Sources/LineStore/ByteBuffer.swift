import CBytes
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
      if let start = source.baseAddress {
        unsafe logbook_copy_short(base + count, start, added)
      }
    }
    count &+= added
  }

  /// Appends a byte and others behind it, which are mostly few.
  mutating func append(_ first: UInt8, _ bytes: Span<UInt8>) {
    reserve(bytes.count + 1)
    unsafe base[count] = first
    unsafe bytes.withUnsafeBufferPointer { source in
      if let start = source.baseAddress {
        unsafe logbook_copy_short(base + count + 1, start, source.count)
      }
    }
    count &+= bytes.count &+ 1
  }

  mutating func append(_ text: StaticString) {
    reserve(text.utf8CodeUnitCount)
    unsafe memcpy(base + count, text.utf8Start, text.utf8CodeUnitCount)
    count += text.utf8CodeUnitCount
  }

  /// Appends the bytes as the inside of a JSON string.
  mutating func append(escaping bytes: Span<UInt8>) {
    reserve(6 * bytes.count + 16)
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      unsafe count &+= logbook_json_escape(start, source.count, base + count)
    }
  }

  /// Appends `,` and the bytes as a JSON number or string; `hasEscapes` says whether there may be some to
  /// escape.
  mutating func appendValue(_ bytes: Span<UInt8>, isNumber: Bool, hasEscapes: Bool) {
    reserve(hasEscapes ? 6 * bytes.count + 19 : bytes.count + 3)
    unsafe base[count] = UInt8(ascii: ",")
    unsafe base[count &+ 1] = UInt8(ascii: "\"")
    count &+= isNumber ? 1 : 2
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      if hasEscapes {
        unsafe count &+= logbook_json_escape(start, source.count, base + count)
      } else {
        unsafe logbook_copy_short(base + count, start, source.count)
        count &+= source.count
      }
    }
    if isNumber { return }
    unsafe base[count] = UInt8(ascii: "\"")
    count &+= 1
  }

  /// Appends a part of itself.
  mutating func appendOwn(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    reserve(range.count)
    unsafe memcpy(base + count, base + range.lowerBound, range.count)
    count += range.count
  }

  /// Appends the decimal digits of `value`, with a minus sign where it is negative.
  mutating func append(decimal value: Int64) {
    reserve(21)
    if value < 0 { append(0x2D) }
    put(value.magnitude)
  }

  /// Appends decimal digits, for which there is room.
  private mutating func put(_ value: UInt64) {
    var width = 1
    var bound: UInt64 = 10
    while width < 19 && value >= bound {
      width &+= 1
      bound &*= 10
    }
    if width == 19 && value >= bound { width = 20 }
    count &+= width
    var index = count
    var rest = value
    while rest >= 10 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      index &-= 1
      unsafe base[index] = UInt8(truncatingIfNeeded: 0x30 &+ digit)
      rest = quotient
    }
    unsafe base[index &- 1] = UInt8(truncatingIfNeeded: 0x30 &+ rest)
  }

  func copy() -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: base, count: count))
  }
}
