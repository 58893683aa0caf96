/// What the values in one place of a pattern are.
package enum SlotKind: String, Sendable, CaseIterable {
  case number = "NUM"
  case size = "SIZE"
  case duration = "DUR"
  case time = "TIME"
  case uuid = "UUID"
  case ip = "IP"
  case mac = "MAC"
  case url = "URL"
  case path = "PATH"
  case host = "HOST"
  case hex = "HEX"
  case id = "ID"

  /// The kind of one value; nil for a word or a text.
  package init?(_ value: Span<UInt8>) {
    var bytes: [UInt8] = []
    for index in value.indices { bytes.append(value[index]) }
    guard let kind = Self.allKinds.first(where: { $0.test(bytes) })?.kind else { return nil }
    self = kind
  }

  /// The kind that all of `values` have.
  package init?(all values: some Sequence<String>) {
    let kinds = Set(values.map { SlotKind(Array($0.utf8).span) })
    guard kinds.count == 1, let kind = kinds.first ?? nil else { return nil }
    self = kind
  }

  private static let allKinds: [(kind: SlotKind, test: @Sendable ([UInt8]) -> Bool)] = [
    (.number, { isNumber($0[...]) }),
    (
      .size,
      { hasUnit($0, ["B", "KB", "MB", "GB", "TB", "kB", "KiB", "MiB", "GiB", "TiB", "bytes"]) }
    ),
    (.duration, { hasUnit($0, ["ms", "s", "us", "ns", "sec", "µs"]) }),
    (.time, isTime),
    (.uuid, { isGrouped($0, minus, [8, 4, 4, 4, 12]) }),
    (.mac, { isGrouped($0, colon, [2, 2, 2, 2, 2, 2]) }),
    (.ip, isAddress),
    (.url, { String(decoding: $0, as: UTF8.self).contains("://") }),
    (.path, { $0.first == UInt8(ascii: "/") }),
    (.hex, isHex),
    (.host, isHost),
    (.id, { $0.contains(where: isDigit) && !$0.contains(UInt8(ascii: " ")) }),
  ]

  private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits =
      bytes.first == minus || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes
    let parts = digits.split(separator: dot, omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
  }

  private static func hasUnit(_ bytes: [UInt8], _ units: [String]) -> Bool {
    units.contains { unit in
      guard bytes.count > unit.utf8.count, bytes.suffix(unit.utf8.count).elementsEqual(unit.utf8)
      else { return false }
      var number = bytes.dropLast(unit.utf8.count)
      if number.last == UInt8(ascii: " ") { number.removeLast() }
      return isNumber(number)
    }
  }

  /// `12:30`, `12:30:45.123`, and a date alone or before it.
  private static func isTime(_ bytes: [UInt8]) -> Bool {
    let words = bytes.split { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ") }
    return (1...2).contains(words.count)
      && words.allSatisfy { word in
        isClock(word) || isGrouped(Array(word), minus, [4, 2, 2], isDigit)
          || isGrouped(Array(word), UInt8(ascii: "/"), [4, 2, 2], isDigit)
      }
  }

  private static func isClock(_ word: ArraySlice<UInt8>) -> Bool {
    let clock = word.last == UInt8(ascii: "Z") ? word.dropLast() : word
    let parts = clock.split(separator: colon, omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let last = parts.last else { return false }
    return parts.dropLast().allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(isDigit) }
      && last.count >= 2 && isDigit(last[last.startIndex]) && isNumber(last)
  }

  private static func isGrouped(
    _ bytes: [UInt8], _ separator: UInt8, _ counts: [Int],
    _ isPart: (UInt8) -> Bool = isHexDigit
  ) -> Bool {
    let parts = bytes.split(separator: separator, omittingEmptySubsequences: false)
    return parts.map(\.count) == counts && parts.allSatisfy { $0.allSatisfy(isPart) }
  }

  /// IPv4 with a port or without, IPv6.
  private static func isAddress(_ bytes: [UInt8]) -> Bool {
    let text = bytes.first == UInt8(ascii: "/") ? bytes.dropFirst() : bytes[...]
    let colons = text.split(separator: colon, omittingEmptySubsequences: false)
    if let address = colons.first, colons.count <= 2 {
      let parts = address.split(separator: dot, omittingEmptySubsequences: false)
      let isPlain = parts.count == 4 && parts.allSatisfy { isNumber($0) && $0.count <= 3 }
      if isPlain { return colons.count == 1 || colons[1].allSatisfy(isDigit) }
    }
    return colons.count >= 3 && colons.allSatisfy { $0.count <= 4 && $0.allSatisfy(isHexDigit) }
  }

  private static func isHex(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.starts(with: "0x".utf8) ? bytes.dropFirst(2) : bytes[...]
    return digits.count >= (digits.count < bytes.count ? 1 : 6) && digits.allSatisfy(isHexDigit)
  }

  private static func isHost(_ bytes: [UInt8]) -> Bool {
    let name = bytes.split(separator: colon, maxSplits: 1)
    guard let host = name.first, name.count == 1 || name[1].allSatisfy(isDigit) else {
      return false
    }
    let parts = host.split(separator: dot, omittingEmptySubsequences: false)
    guard parts.count >= 2, let last = parts.last, last.allSatisfy(Masks.isLetter) else {
      return false
    }
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { Masks.isWord($0) || $0 == minus }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { Masks.isDigit(byte) }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f")
  }
}

private let dot = UInt8(ascii: ".")
private let colon = UInt8(ascii: ":")
private let minus = UInt8(ascii: "-")
