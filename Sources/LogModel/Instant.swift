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
