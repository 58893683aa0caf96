/// How much of a time a person is shown.
package enum TimePrecision: Sendable, Equatable {
  case minutes
  /// Microseconds where there are any.
  case milliseconds
}

/// A time as the views write it, or with an offset for its `Z`, less what says nothing at this
/// precision; nil when `text` is no such time.
///
///     2026-03-02T08:00:00.000000Z  →  2026-03-02T08:00Z, 2026-03-02T08:00:00.000Z
func shortTime(_ text: String, _ precision: TimePrecision) -> String? {
  let form = "0000-00-00T00:00:00.000000"
  let bytes = Array(text.utf8)
  guard bytes.count > form.utf8.count,
    zip(bytes, form.utf8).allSatisfy({ byte, expected in
      expected == UInt8(ascii: "0") ? isDigit(byte) : byte == expected
    }), isZone(bytes[form.utf8.count...])
  else { return nil }
  let microseconds = bytes[23..<26].contains { $0 != UInt8(ascii: "0") }
  let end =
    switch precision {
    case .minutes: 16
    case .milliseconds: microseconds ? 26 : 23
    }
  return String(decoding: bytes[..<end] + bytes[26...], as: UTF8.self)
}

/// `Z` or `+01:00`.
private func isZone(_ bytes: ArraySlice<UInt8>) -> Bool {
  if bytes.elementsEqual("Z".utf8) { return true }
  guard bytes.count == 6, let sign = bytes.first else { return false }
  return sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
