import LogModel
import TestSupport
import Testing

@Suite struct InstantTests {
  @Test func `an instant is read back from its text`() {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    for _ in 0..<10_000 {
      // The years 0 to 9999.
      let instant = Int64.random(
        in: -62_167_219_200_000_000..<253_402_300_800_000_000, using: &random)
      #expect(Instant.parse(Instant.text(instant)) == instant, "seed \(seed)")
    }
  }

  @Test(arguments: [
    "", "2026-02-01", "2026-02-01T10:00:00Z", "2026-02-01 10:00:00.000000Z",
    "2026-02-01T10:00:00.000000z", "2026-02-30T10:00:00.000000Z", "2026-13-01T10:00:00.000000Z",
    "2026-02-01T24:00:00.000000Z", "2026-02-01T10:60:00.000000Z", "2026-02-01T10:00:00.00000xZ",
    "2026-02-01T10:00:00.000000+", "+026-02-01T10:00:00.000000Z", " 2026-02-01T10:00:00.00000Z",
  ])
  func `only the exact form is an instant`(_ text: String) {
    #expect(Instant.parse(text) == nil)
  }

  @Test func `levels have names and an order`() {
    #expect(Severity.allCases.map(\.name) == ["trace", "debug", "info", "warn", "error", "fatal"])
    #expect(Severity.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
    for severity in Severity.allCases { #expect(Severity(name: severity.name) == severity) }
    #expect(Severity(name: "WARN") == .warn)
    for name in ["", "warning", "err"] { #expect(Severity(name: name) == nil, "\(name)") }
    #expect(Severity.warn < .error)
  }

  @Test func `a suffix holds seven bytes and no more`() {
    #expect(TimeLayout.Suffix("1234567")?.text == "1234567")
    #expect(TimeLayout.Suffix("12345678") == nil)
    var suffix = TimeLayout.Suffix()
    let taken = (UInt8(0x41)...0x48).map { suffix.append($0) }
    #expect(taken == [true, true, true, true, true, true, true, false])
    #expect(suffix.text == "ABCDEFG")
    #expect(suffix.count == 7)
  }
}
