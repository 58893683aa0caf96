import JSON

/// The members of one kind of JSON object that matter; a case's raw value is its place, from 1 on.
protocol MemberName: RawRepresentable, Sendable where RawValue == UInt8 {
  static var table: KeyTable { get }
}

/// Where a member's value stands, without the quotes of a string.
struct Member {
  var range: Range<Int>
  /// The first byte of the value.
  var kind: UInt8

  var isString: Bool { kind == 0x22 }
  var isObject: Bool { kind == 0x7B }
  var isArray: Bool { kind == 0x5B }
  var isNull: Bool { kind == 0x6E }
}

/// The members of an object, found in one pass; of equal names the first counts that is not `null`.
struct Members<Name: MemberName> {
  private var places = InlineArray<42, Place>(repeating: Place())
  /// The object ends where it should, and nothing stands behind it that does not belong there.
  private(set) var isWhole = false
  /// How far the object could be read.
  private(set) var end: Int

  private struct Place {
    var start: UInt32 = 0
    var end: UInt32 = 0
    var kind: UInt8 = 0
  }

  /// Nil when no object begins at `start`.
  init?(_ line: Span<UInt8>, at start: Int = 0) {
    guard line.count < UInt32.max, var cursor = JSONCursor(line, at: start) else { return nil }
    let table = Name.table
    while true {
      switch cursor.next(line) {
      case .member:
        let name = Int(table.value(line, cursor.key))
        let known = places[name].kind
        guard name != 0, known == 0 || known == 0x6E else { continue }
        places[name] = Place(
          start: UInt32(cursor.value.lowerBound), end: UInt32(cursor.value.upperBound),
          kind: cursor.kind)
      case .end:
        isWhole = true
        end = cursor.position
        return
      case .broken:
        end = cursor.position
        return
      }
    }
  }

  @inline(__always)
  subscript(_ name: Name) -> Member? {
    // An inline array's own subscript would copy all of it.
    let place = places.span[Int(name.rawValue)]
    if place.kind == 0 { return nil }
    return Member(range: Int(place.start)..<Int(place.end), kind: place.kind)
  }

  /// Puts in a member that was found in another way.
  mutating func recover(_ name: Name, _ range: Range<Int>) {
    guard places[Int(name.rawValue)].kind == 0 else { return }
    places[Int(name.rawValue)] = Place(
      start: UInt32(range.lowerBound), end: UInt32(range.upperBound), kind: 0x22)
  }
}

extension Members {
  /// The members of the object that a member holds.
  func object(_ name: Name, _ line: Span<UInt8>) -> Members? {
    guard let member = self[name], member.isObject else { return nil }
    return Members(line, at: member.range.lowerBound)
  }

  /// The counts in the object that a member holds.
  func usage(_ name: Name, _ line: Span<UInt8>) -> Members<UsageName>? {
    guard let member = self[name], member.isObject else { return nil }
    return Members<UsageName>(line, at: member.range.lowerBound)
  }
}

extension KeyTable {
  init<Name: MemberName>(_ names: [(Name, [String])]) {
    self.init(names.flatMap { name, spellings in spellings.map { ($0, name.rawValue) } })
  }
}
