import LogModel
import Querying
import Testing

/// 2026-02-01T10:30:00Z, a Sunday.
private let now: Int64 = 1_769_941_800_000_000

struct TimeCase: Sendable, CustomTestStringConvertible {
  var text: String
  var expected: String
  var testDescription: String { text }

  init(_ text: String, _ expected: String) {
    self.text = text
    self.expected = expected
  }
}

/// Read two hours east of UTC.
private let timeCases = [
  TimeCase("now", "2026-02-01T10:30:00.000000Z"),
  TimeCase("today", "2026-01-31T22:00:00.000000Z"),
  TimeCase("yesterday", "2026-01-30T22:00:00.000000Z"),
  TimeCase("2h", "2026-02-01T08:30:00.000000Z"),
  TimeCase("30m", "2026-02-01T10:00:00.000000Z"),
  TimeCase("1h30m", "2026-02-01T09:00:00.000000Z"),
  TimeCase("90s", "2026-02-01T10:28:30.000000Z"),
  TimeCase("7d", "2026-01-25T10:30:00.000000Z"),
  TimeCase("2w", "2026-01-18T10:30:00.000000Z"),
  TimeCase("2026-01-15", "2026-01-14T22:00:00.000000Z"),
  TimeCase("2026-01-15T06:07", "2026-01-15T04:07:00.000000Z"),
  TimeCase("2026-01-15 06:07:08", "2026-01-15T04:07:08.000000Z"),
  TimeCase("2026-01-15T06:07:08Z", "2026-01-15T06:07:08.000000Z"),
  TimeCase("2026-01-15T06:07:08.25-05:30", "2026-01-15T11:37:08.250000Z"),
  TimeCase("2026-01-15T06:07:08,1234567+0100", "2026-01-15T05:07:08.123456Z"),
  TimeCase("2026-01-15T06:07+01", "2026-01-15T05:07:00.000000Z"),
  TimeCase("09:15", "2026-02-01T07:15:00.000000Z"),
  TimeCase("09:15:30.5", "2026-02-01T07:15:30.500000Z"),
  TimeCase("@1769940000", "2026-02-01T10:00:00.000000Z"),
  TimeCase("@1769940000.5", "2026-02-01T10:00:00.500000Z"),
  TimeCase("@1769940000123", "2026-02-01T10:00:00.123000Z"),
  TimeCase("@0", "1970-01-01T00:00:00.000000Z"),
]

@Test(arguments: timeCases)
func `a time is read as people type it`(_ example: TimeCase) throws {
  let time = try TimeExpression.parse(example.text, now: now) { _ in 7200 }
  #expect(Instant.text(time) == example.expected)
}

@Test(arguments: [
  "", "2", "h", "tomorrow", "2026", "2026-13-01", "2026-02-30", "2026-02-01T", "2026-02-01T24:00",
  "2026-02-01T10:00:00+", "2026-02-01T10:00:00+1", "2026-02-01Z", "10:60", "@", "@1.", "@1x", "-2h",
  "2y", "99999999999999999999h", "2026-02-01T10:00:00+01:0",
])
func `what is no time is an error with the accepted forms`(_ text: String) {
  #expect(throws: TimeError.notATime(text)) {
    _ = try TimeExpression.parse(text, now: now) { _ in 0 }
  }
  #expect(TimeError.notATime(text).hint.contains("yesterday"))
}

@Test func `a change of the clocks is taken into account`() throws {
  // Berlin: 2026-03-29 02:00 becomes 03:00, at 01:00 UTC.
  let change: Int64 = 1_774_746_000_000_000
  let berlin: (Int64) -> Int = { $0 < change ? 3600 : 7200 }
  let times = ["2026-03-28", "2026-03-29", "2026-03-29T01:59", "2026-03-29T03:00", "2026-03-30"]
  let noon = change + 11 * 3_600_000_000
  #expect(
    try times.map { Instant.text(try TimeExpression.parse($0, now: noon, offset: berlin)) } == [
      "2026-03-27T23:00:00.000000Z", "2026-03-28T23:00:00.000000Z", "2026-03-29T00:59:00.000000Z",
      "2026-03-29T01:00:00.000000Z", "2026-03-29T22:00:00.000000Z",
    ])
  #expect(
    Instant.text(try TimeExpression.parse("today", now: noon, offset: berlin))
      == "2026-03-28T23:00:00.000000Z")
}

@Test(arguments: zip(["90s", "5m", "1h30m", "7d", "2w"], [90, 300, 5400, 604_800, 1_209_600]))
func `a length of time is a number with a unit`(_ text: String, _ seconds: Int64) throws {
  #expect(try Interval.parse(text).seconds == seconds)
}

@Test(arguments: ["", "5", "m", "0s", "5x", "1h30", "-5m", "5 m", "99999999999999999999s"])
func `what is no length of time is an error`(_ text: String) {
  #expect(throws: TimeError.notAnInterval(text)) { _ = try Interval.parse(text) }
}
