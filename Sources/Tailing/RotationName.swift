package import LogModel

/// What a file's name says about log rotation.
///
/// A hint only: identity comes from content.
package struct RotationName: Hashable, Sendable {
  /// Where the name stands in the usual order of writing; the smaller, the older.
  package enum Rank: Hashable, Sendable, Comparable {
    /// Digits of date and time as a number `YYYYMMDDhhmmss` (or seconds since 1970 after a date, as
    /// `sequence`), then the counter behind it.
    case dated(Int, sequence: Int)
    /// The larger the number, the older. (docker-logs numbers the other way round.)
    case numbered(Int)
    /// `.old`
    case old
    /// The name without a rotation suffix: still being written.
    case active

    package static func < (left: Self, right: Self) -> Bool {
      switch (left, right) {
      case (.dated(let a, let m), .dated(let b, let n)): (a, m) < (b, n)
      case (.numbered(let a), .numbered(let b)): a > b
      default: left.order < right.order
      }
    }

    private var order: Int {
      switch self {
      case .dated: 0
      case .numbered: 1
      case .old: 2
      case .active: 3
      }
    }
  }

  /// The path without its compression suffix and without one rotation suffix.
  package var family: Path
  package var rank: Rank

  package init(_ path: Path) {
    var name = Array(path.name)
    let directory = path.bytes.dropLast(name.count)
    for suffix in Self.compressions where name.count > suffix.count && name.ends(with: suffix) {
      name.removeLast(suffix.count)
      break
    }
    rank = .active
    if let (base, found) = Self.split(name[...]) {
      name = Array(base)
      rank = found
    } else if name.ends(with: Self.log), let (base, found) = Self.split(name.dropLast(4)),
      found != .old
    {
      name = base + Self.log
      rank = found
    }
    family = Path(bytes: directory + name)
  }

  /// The path under which all files of one rotation are known.
  package static func family(of path: Path) -> Path { Self(path).family }

  package static func rank(of path: Path) -> Rank { Self(path).rank }

  /// The two names belong to one rotation, be it with an `olddir`: directories do not matter.
  package static func isRelated(_ a: Path, _ b: Path) -> Bool {
    family(of: a).name == family(of: b).name
  }

  private static let compressions = Compression.allCases.map { Array($0.suffix.utf8) }
  private static let log = Array(".log".utf8)

  /// Takes one rotation suffix off; nil without one, or when nothing would be left.
  private static func split(_ name: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Rank)? {
    if name.count > 4, name.ends(with: Array(".old".utf8)) { return (name.dropLast(4), .old) }
    if let found = splitDate(name, sequence: 0) { return found }
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return nil }
    guard let number = number(name[(dot + 1)...], digits: 1...4) else { return nil }
    // Logback's `%d.%i`: a date and a counter are one suffix.
    return splitDate(name[..<dot], sequence: number) ?? (name[..<dot], .numbered(number))
  }

  /// Every place where a date suffix could begin, from the left: the longest suffix wins.
  private static func splitDate(
    _ name: ArraySlice<UInt8>, sequence: Int
  ) -> (ArraySlice<UInt8>, Rank)? {
    let longest = "-YYYYMMDD-1234567890".utf8.count
    let first = max(name.startIndex + 1, name.endIndex - longest)
    guard first < name.endIndex else { return nil }
    for start in first..<name.endIndex
    where name[start] == UInt8(ascii: "-") || name[start] == UInt8(ascii: ".") {
      var scanner = DigitScanner(name[(start + 1)...])
      if let (stamp, counter) = scanner.stamp(allowsCounter: name[start] == UInt8(ascii: "-")) {
        return (name[..<start], .dated(stamp, sequence: max(sequence, counter)))
      }
    }
    return nil
  }

  private static func number(_ text: ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
    var scanner = DigitScanner(text)
    guard digits.contains(text.count), let value = scanner.digits(text.count) else { return nil }
    return value
  }
}

/// Reads dates such as `20260131`, `2026013115`, `2026-01-31`, `2026-01-31_15:04:05`, to the end.
private struct DigitScanner {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  /// A date with what may stand behind it, or nil when anything else follows.
  mutating func stamp(allowsCounter: Bool) -> (stamp: Int, counter: Int)? {
    guard let year = digits(4) else { return nil }
    let isDashed = take("-")
    guard let month = digits(2), !isDashed || take("-"), let day = digits(2),
      (1970...2199).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let date = (year * 10_000 + month * 100 + day) * 1_000_000
    if rest.isEmpty { return (date, 0) }
    if !isDashed {
      if let time = time(separators: "") { return (date + time, 0) }
      guard allowsCounter, take("-"), rest.count >= 4, let counter = digits(rest.count) else {
        return nil
      }
      return (date, counter)
    }
    guard take("_") || take("-") || take("T"), let time = time(separators: ":-") else { return nil }
    return (date + time, 0)
  }

  /// Hours, then minutes and seconds if they are there, as `hhmmss`.
  private mutating func time(separators: String) -> Int? {
    var fields: [Int] = []
    while fields.count < 3, !rest.isEmpty {
      if !fields.isEmpty && !separators.isEmpty {
        guard separators.contains(where: { take($0) }) else { return nil }
      }
      guard let field = digits(2), field < (fields.isEmpty ? 24 : 61) else { return nil }
      fields.append(field)
    }
    guard rest.isEmpty, let hour = fields.first else { return nil }
    return hour * 10_000 + (fields.count > 1 ? fields[1] * 100 : 0)
      + (fields.count > 2 ? fields[2] : 0)
  }

  /// Exactly so many digits, at most 18.
  mutating func digits(_ count: Int) -> Int? {
    let taken = rest.prefix(count)
    guard taken.count == count, count <= 18,
      taken.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    rest = rest.dropFirst(count)
    return taken.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private mutating func take(_ character: Character) -> Bool {
    guard let byte = rest.first, byte == character.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }
}

extension Collection<UInt8> where Self: BidirectionalCollection {
  fileprivate func ends(with suffix: [UInt8]) -> Bool {
    count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
  }
}
