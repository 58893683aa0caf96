import Formats
import Glibc
import LogModel
import Testing
import TestSupport

@Suite struct ZoneTests {
  @Test func `names that the system does not know are refused`() {
    for name in [
      "", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "Berlin", "zone.tab",
    ] {
      #expect(Zone(name: name) == nil, "\(name)")
    }
    #expect(Zone(name: "UTC")?.offset(at: 0) == 0)
    #expect(Zone(name: "local") != nil)
  }

  @Test func `offsets are those that date shows`() throws {
    var random = SeededRandom(seed: 5)
    for name in [
      "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Asia/Shanghai",
      "Africa/Casablanca",
    ] {
      let zone = try #require(Zone(name: name))
      let instants = (0..<60).map { _ in
        Int64.random(in: -2_000_000_000...3_900_000_000, using: &random)
      }
      let input = instants.map { "@\($0)\n" }.joined()
      let output = Command.run(
        "date", ["-f", "-", "+%::z"], input: Array(input.utf8), environment: ["TZ": name])
      let shown = output.output.split(separator: "\n").map { text -> Int32 in
        let parts = text.dropFirst().split(separator: ":").compactMap { Int32($0) }
        let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
        return text.hasPrefix("-") ? -seconds : seconds
      }
      #expect(shown == instants.map { zone.offset(at: $0) }, "\(name)")
    }
  }

  struct DaylightRow: CustomTestStringConvertible {
    var zone: String
    var lines: [String]
    var times: [String]
    var testDescription: String { zone + " " + lines[0] }
  }

  static let daylight = [
    // The hour that the clock shows twice, in the order of the file.
    DaylightRow(
      zone: "Europe/Berlin",
      lines: [
        "2025-10-26 01:59:59", "2025-10-26 02:30:00", "2025-10-26 02:59:59", "2025-10-26 02:00:00",
        "2025-10-26 02:59:00", "2025-10-26 03:00:00",
      ],
      times: [
        "2025-10-25T23:59:59", "2025-10-26T00:30:00", "2025-10-26T00:59:59", "2025-10-26T01:00:00",
        "2025-10-26T01:59:00", "2025-10-26T02:00:00",
      ]),
    // Threads that write a little out of order do not move the clock.
    DaylightRow(
      zone: "Europe/Berlin",
      lines: ["2025-10-26 02:30:05", "2025-10-26 02:30:00"],
      times: ["2025-10-26T00:30:05", "2025-10-26T00:30:00"]),
    // Seen alone, the earlier instant.
    DaylightRow(
      zone: "Europe/Berlin", lines: ["2025-10-26 02:30:00"], times: ["2025-10-26T00:30:00"]),
    // The hour that no clock shows.
    DaylightRow(
      zone: "Europe/Berlin",
      lines: ["2025-03-30 01:59:59", "2025-03-30 02:30:00", "2025-03-30 03:00:00"],
      times: ["2025-03-30T00:59:59", "2025-03-30T01:30:00", "2025-03-30T01:00:00"]),
    DaylightRow(
      zone: "America/Los_Angeles",
      lines: ["Nov  3 01:01:03", "Nov  3 01:59:14", "Nov  3 01:24:56", "Nov  3 02:08:19"],
      times: [
        "2024-11-03T08:01:03", "2024-11-03T08:59:14", "2024-11-03T09:24:56", "2024-11-03T10:08:19",
      ]),
    DaylightRow(
      zone: "Asia/Kathmandu", lines: ["2026-02-01 05:45:00"], times: ["2026-02-01T00:00:00"]),
    DaylightRow(
      zone: "Australia/Lord_Howe",
      lines: ["2026-04-05 01:45:00", "2026-04-05 01:35:00"],
      times: ["2026-04-04T14:45:00", "2026-04-04T15:05:00"]),
    // A zone in the line wins over the file's.
    DaylightRow(
      zone: "Asia/Shanghai",
      lines: ["2026-02-01T10:00:00Z x", "2026-02-01 10:00:00 x", "2099-07-01 10:00:00"],
      times: ["2026-02-01T10:00:00", "2026-02-01T02:00:00", "2099-07-01T02:00:00"]),
  ]

  @Test(arguments: daylight)
  func `clocks that are set forward and back`(row: DaylightRow) throws {
    let zone = try #require(Zone(name: row.zone))
    // 2025-02-01: the year of the lines without one is 2024.
    var parser = LineParser(
      format: "generic", zone: zone, reference: 1_738_368_000_000_000, multiline: .auto)
    var head = LineHead()
    for (line, time) in zip(row.lines, row.times) {
      let bytes = Array(line.utf8)
      _ = parser.parse(bytes.span, into: &head)
      #expect(head.time.map { Instant.text($0) } == time + ".000000Z", "\(line)")
      expectConsistent(head, bytes)
    }
  }

  struct YearRow: CustomTestStringConvertible {
    var reference: String
    var text: String
    var year: Int
    var testDescription: String { "\(text), read at \(reference)" }
  }

  static let years = [
    YearRow(reference: "2026-01-01T00:10:00Z", text: "Dec 31 23:59:59", year: 2025),
    YearRow(reference: "2025-12-31T23:59:59Z", text: "Jan  1 00:00:00", year: 2026),
    YearRow(reference: "2026-01-01T00:00:00Z", text: "Jan  2 01:59:59", year: 2026),
    YearRow(reference: "2026-01-01T00:00:00Z", text: "Jan  2 02:00:00", year: 2026),
    YearRow(reference: "2026-01-01T00:00:00Z", text: "Jan  2 02:00:01", year: 2025),
    YearRow(reference: "2026-06-30T12:00:00Z", text: "Jun 30 11:00:00", year: 2026),
    YearRow(reference: "2026-06-30T12:00:00Z", text: "Jul 15 11:00:00", year: 2025),
    YearRow(reference: "2026-06-30T12:00:00Z", text: "Jan  1 00:00:00", year: 2026),
    YearRow(reference: "2026-03-01T00:00:00Z", text: "Feb 29 12:00:00", year: 2024),
    YearRow(reference: "2028-03-01T00:00:00Z", text: "Feb 29 12:00:00", year: 2028),
    YearRow(reference: "2028-02-28T12:00:00Z", text: "Feb 29 12:00:00", year: 2028),
    YearRow(reference: "2019-04-01T00:00:00Z", text: "Dec 10 06:55:46", year: 2018),
  ]

  @Test(arguments: years)
  func `a time without a year lies before the file's last change`(row: YearRow) throws {
    let reference = try #require(
      ReadLine(row.reference, format: "generic").head.time)
    let read = ReadLine(row.text + " host app: x", format: "syslog", reference: reference)
    let time = try #require(read.head.time)
    #expect(CivilTime(microseconds: time).year == row.year)
    #expect(read.head.layout.kind == .syslog)
  }
}
