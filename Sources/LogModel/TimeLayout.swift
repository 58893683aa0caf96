/// How the time stands in a line, complete enough to write the same bytes again from the instant.
///
/// A parser hands a layout on only when rendering the parsed instant gives the bytes it read; the
/// store then keeps the instant alone (the `layout` table).
package struct TimeLayout: Sendable, Hashable {
  /// The raw value is the column `layout.kind`.
  package enum Kind: UInt8, Sendable {
    /// The line holds no time that can be rebuilt.
    case none = 0
    /// `2026-02-01T10:00:00.123Z`
    case iso = 1
    /// `01/Feb/2026:10:00:00 +0000`
    case apache = 2
    /// `Feb  1 10:00:00`
    case syslog = 3
    /// `1769940000.123`: seconds since 1970
    case epoch = 4
    /// `2026/02/01 10:00:00`
    case slash = 5

    /// Written out because each line calls it, see `TimeLayout`.
    @inlinable
    package static func == (one: Kind, other: Kind) -> Bool { one.rawValue == other.rawValue }

    @inlinable
    package static func != (one: Kind, other: Kind) -> Bool { one.rawValue != other.rawValue }
  }

  package var kind: Kind
  /// The ASCII byte between date and time of day; 0 where the kind has none.
  package var separator: UInt8
  /// The ASCII byte before the fraction; 0 when there is no fraction.
  package var point: UInt8
  /// How many digits the fraction has, 0 to 6.
  package var digits: UInt8
  /// The zone's distance from UTC in which the line shows its time.
  package var offsetSeconds: Int32
  /// What stands behind the time and belongs to it, such as `Z` or ` +0100`.
  package var suffix: Suffix

  package static let none = TimeLayout(kind: .none)

  package init(
    kind: Kind, separator: UInt8 = 0, point: UInt8 = 0, digits: UInt8 = 0,
    offsetSeconds: Int32 = 0, suffix: Suffix = Suffix()
  ) {
    self.kind = kind
    self.separator = separator
    self.point = point
    self.digits = digits
    self.offsetSeconds = offsetSeconds
    self.suffix = suffix
  }

  /// Written out because each line calls it: the compiler's own is called by way of the protocol from
  /// other modules.
  @inlinable
  package static func == (one: TimeLayout, other: TimeLayout) -> Bool {
    one.suffix.word == other.suffix.word && one.kind.rawValue == other.kind.rawValue
      && one.separator == other.separator && one.point == other.point
      && one.digits == other.digits && one.offsetSeconds == other.offsetSeconds
  }

  /// Up to seven ASCII bytes in one word, so that layouts compare without touching memory.
  package struct Suffix: Sendable, Hashable {
    /// The bytes from the lowest on, the count in the highest byte.
    @usableFromInline private(set) var word: UInt64 = 0

    package init() {}

    package init?(_ text: String) {
      self.init()
      for byte in text.utf8 { guard append(byte) else { return nil } }
    }

    package var count: Int { Int(word >> 56) }

    package subscript(index: Int) -> UInt8 {
      UInt8(truncatingIfNeeded: word >> (8 * UInt64(index)))
    }

    /// False, and nothing done, when the suffix is full.
    package mutating func append(_ byte: UInt8) -> Bool {
      guard count < 7 else { return false }
      word |= UInt64(byte) << (8 * UInt64(count))
      word += 1 << 56
      return true
    }

    package var text: String {
      String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
    }
  }

  /// Appends the bytes of the time `microseconds` since 1970.
  ///
  /// The kinds have fixed widths for the years 0 to 9999; the fraction is cut, not rounded, to `digits`.
  package func render(_ microseconds: Int64, into bytes: inout [UInt8]) {
    guard kind != .none else { return }
    let civil = CivilTime(microseconds: microseconds + Int64(offsetSeconds) * 1_000_000)
    switch kind {
    case .none: break
    case .iso, .slash:
      let dash: UInt8 = kind == .iso ? 0x2D : 0x2F
      bytes.append(decimal: civil.year, width: 4)
      bytes.append(dash)
      bytes.append(decimal: civil.month, width: 2)
      bytes.append(dash)
      bytes.append(decimal: civil.day, width: 2)
      bytes.append(separator)
      bytes.append(clock: civil)
    case .apache:
      bytes.append(decimal: civil.day, width: 2)
      bytes.append(0x2F)
      bytes.append(monthName: civil.month)
      bytes.append(0x2F)
      bytes.append(decimal: civil.year, width: 4)
      bytes.append(separator)
      bytes.append(clock: civil)
    case .syslog:
      bytes.append(monthName: civil.month)
      bytes.append(0x20)
      if civil.day < 10 { bytes.append(0x20) }
      bytes.append(decimal: civil.day, width: civil.day < 10 ? 1 : 2)
      bytes.append(0x20)
      bytes.append(clock: civil)
    case .epoch:
      bytes.append(contentsOf: String(floorDivide(microseconds, 1_000_000).0).utf8)
    }
    if digits > 0 {
      bytes.append(point)
      bytes.append(fraction: civil.microsecond, digits: Int(digits))
    }
    for index in 0..<suffix.count { bytes.append(suffix[index]) }
  }

  /// `JanFebMar…`, three bytes a month: the names that log formats use in every locale.
  package static let monthNames = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)
}

extension [UInt8] {
  /// Appends `value` with leading zeros; digits beyond `width` are lost.
  package mutating func append(decimal value: Int, width: Int) {
    var divisor = 1
    for _ in 1..<Swift.max(width, 1) { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(0x30 + value / divisor % 10))
      divisor /= 10
    }
  }

  fileprivate mutating func append(clock civil: CivilTime) {
    append(decimal: civil.hour, width: 2)
    append(0x3A)
    append(decimal: civil.minute, width: 2)
    append(0x3A)
    append(decimal: civil.second, width: 2)
  }

  fileprivate mutating func append(monthName month: Int) {
    append(contentsOf: TimeLayout.monthNames[(month - 1) * 3..<month * 3])
  }

  fileprivate mutating func append(fraction microsecond: Int, digits: Int) {
    var divisor = 100_000
    for _ in 0..<digits {
      append(UInt8(0x30 + microsecond / divisor % 10))
      divisor /= 10
    }
  }
}
