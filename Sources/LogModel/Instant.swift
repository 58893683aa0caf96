/// An instant in microseconds since 1970 UTC, as text for people and programs.
package enum Instant {
  /// Fixed width `YYYY-MM-DDTHH:MM:SS.ffffffZ`, the form of every time column of a view.
  package static func text(_ microseconds: Int64) -> String {
    var bytes: [UInt8] = []
    layout.render(microseconds, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let layout = TimeLayout(
    kind: .iso, separator: 0x54, point: 0x2E, digits: 6, suffix: TimeLayout.Suffix("Z") ?? .init())
}

extension Instant {
  /// Reads exactly the form that `text` writes; nil for anything else.
  package static func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 27 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard byte &- 0x30 <= 9 else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      let microsecond = number(20..<26)
    else { return nil }
    let civil = CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second,
      microsecond: microsecond)
    return civil.isValid && self.text(civil.microseconds) == text ? civil.microseconds : nil
  }
}
