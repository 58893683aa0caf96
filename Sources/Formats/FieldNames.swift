import JSON

/// The names of the fields that somebody asks a record for.
package struct FieldNames: Sendable {
  /// Nil for all.
  private let names: [[UInt8]]?

  package static let all = FieldNames(names: nil)

  private init(names: [[UInt8]]?) { self.names = names }

  /// With the objects of which `a.b` may be a member.
  package init(_ names: [String]) {
    var known: Set<[UInt8]> = []
    for name in names {
      known.insert(Array(name.utf8))
      known.insert(Array(name.utf8.prefix { $0 != 0x2E }))
    }
    self.names = Array(known)
  }

  func contains(_ name: StaticString) -> Bool {
    guard let names else { return true }
    return name.withUTF8Buffer { name in
      names.contains { unsafe $0.count == name.count && $0.elementsEqual(name) }
    }
  }

  func containsAny(of names: [StaticString]) -> Bool { names.contains { contains($0) } }

  /// Whether it is one of the names, or may be: it may have escapes.
  func mayContain(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let names else { return true }
    let text = line.extracting(range)
    return names.contains { $0.count == text.count && $0.span.isEqual(to: text) }
      || text.firstBackslash(from: 0) < text.count
  }
}
