import LogModel
import Testing

@Suite struct CivilTimeTests {
  @Test func `every day of eight centuries survives the way there and back`() {
    for day in stride(from: -100_000, through: 200_000, by: 1) {
      let microseconds = Int64(day) * 86_400_000_000 + 3_723_000_004
      let civil = CivilTime(microseconds: microseconds)
      #expect(civil.isValid)
      #expect(civil.microseconds == microseconds)
    }
  }

  static let texts: [(microseconds: Int64, text: String)] = [
    (0, "1970-01-01T00:00:00.000000Z"),
    (-1, "1969-12-31T23:59:59.999999Z"),
    (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
    (1_769_940_000_123_456, "2026-02-01T10:00:00.123456Z"),
  ]

  @Test(arguments: texts) func `an instant has one text`(
    _ example: (microseconds: Int64, text: String)
  ) {
    #expect(Instant.text(example.microseconds) == example.text)
  }

  @Test func `layouts write the forms that logs use`() {
    let instant: Int64 = 1_769_940_000_123_456
    let table: [(TimeLayout, String)] = [
      (TimeLayout(kind: .iso, separator: 0x20, point: 0x2C, digits: 3), "2026-02-01 10:00:00,123"),
      (
        TimeLayout(
          kind: .apache, separator: 0x3A, offsetSeconds: 28_800,
          suffix: TimeLayout.Suffix(" +0800") ?? .init()), "01/Feb/2026:18:00:00 +0800"
      ),
      (TimeLayout(kind: .syslog), "Feb  1 10:00:00"),
      (TimeLayout(kind: .epoch, point: 0x2E, digits: 6), "1769940000.123456"),
      (TimeLayout(kind: .slash, separator: 0x20), "2026/02/01 10:00:00"),
    ]
    for (layout, text) in table {
      var bytes: [UInt8] = []
      layout.render(instant, into: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
  }
}
