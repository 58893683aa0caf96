import TestSupport
import Testing

/// Times as they stand in lines, and the instants that are stored for them.
@Suite struct `Times` {
  struct Reading: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var zone = "UTC"
    var format = "auto"
    /// When the file was last changed, and when it is read.
    var changed = "2026-03-02T12:00:00Z"
    var read = "2026-03-02T12:00:01Z"
    /// A line and its time, without the zeros and the `Z` at the end.
    var lines: [(text: String, time: String)]
  }

  static let years = [
    Reading(
      testDescription: "the last second of the year, read in the next", format: "syslog",
      changed: "2026-01-01T00:00:02Z", read: "2026-01-01T00:00:10Z",
      lines: [("Dec 31 23:59:59 web1 app: bye", "2025-12-31T23:59:59")]),
    Reading(
      testDescription: "a clock ahead of ours: the new year, read in the old", format: "syslog",
      changed: "2025-12-31T23:59:58Z", read: "2025-12-31T23:59:59Z",
      lines: [
        ("Dec 31 23:59:57 web1 app: bye", "2025-12-31T23:59:57"),
        ("Jan  1 00:00:01 web2 app: hello", "2026-01-01T00:00:01"),
      ]),
    Reading(
      testDescription: "over the turn of the year, in a zone that is behind",
      zone: "America/New_York",
      format: "syslog", changed: "2026-01-01T05:30:00Z", read: "2026-01-01T06:00:00Z",
      lines: [
        ("Dec 30 12:00:00 web1 app: a", "2025-12-30T17:00:00"),
        ("Dec 31 23:59:59 web1 app: b", "2026-01-01T04:59:59"),
        ("Jan  1 00:00:00 web1 app: c", "2026-01-01T05:00:00"),
      ]),
    Reading(
      testDescription: "the day that most years lack", format: "syslog",
      changed: "2024-02-29T12:00:05Z", read: "2026-03-02T00:00:00Z",
      lines: [("Feb 29 12:00:00 web1 app: leap", "2024-02-29T12:00:00")]),
    Reading(
      testDescription: "the day that most years lack, in a file that was changed a year later",
      format: "syslog", changed: "2025-06-01T00:00:00Z", read: "2026-03-02T00:00:00Z",
      lines: [("Feb 29 12:00:00 web1 app: leap", "2024-02-29T12:00:00")]),
    Reading(
      testDescription: "last year's backlog, judged by the file and not by the clock",
      format: "syslog", changed: "2025-03-10T08:00:00Z", read: "2026-11-21T12:00:00Z",
      lines: [
        ("Nov 30 10:00:00 web1 app: a", "2024-11-30T10:00:00"),
        ("Mar 10 07:59:59 web1 app: b", "2025-03-10T07:59:59"),
      ]),
    Reading(
      testDescription: "a clock that is years behind", format: "syslog",
      changed: "2026-03-02T12:00:00Z", read: "1970-01-02T00:00:00Z",
      lines: [("Mar  2 11:59:59 web1 app: a", "2026-03-02T11:59:59")]),
  ]

  static let zones = [
    Reading(
      testDescription: "the hour that comes twice", zone: "Europe/Berlin",
      lines: [
        ("2025-10-26 02:30:00 INFO first", "2025-10-26T00:30:00"),
        ("2025-10-26 02:59:59 INFO first", "2025-10-26T00:59:59"),
        ("2025-10-26 02:00:00 INFO second", "2025-10-26T01:00:00"),
        ("2025-10-26 03:00:00 INFO after", "2025-10-26T02:00:00"),
      ]),
    Reading(
      testDescription: "the hour that no clock shows", zone: "Europe/Berlin",
      lines: [
        ("2025-03-30 01:59:59 INFO before", "2025-03-30T00:59:59"),
        ("2025-03-30 02:30:00 INFO in it", "2025-03-30T01:30:00"),
        ("2025-03-30 03:00:00 INFO after", "2025-03-30T01:00:00"),
      ]),
    Reading(
      testDescription: "quarters of an hour", zone: "Asia/Kathmandu",
      lines: [
        ("2026-02-01 05:45:00 INFO a", "2026-02-01T00:00:00"),
        ("2026-02-01T05:45:00+05:45 INFO b", "2026-02-01T00:00:00"),
        ("2026-02-01T00:00:00Z INFO c", "2026-02-01T00:00:00"),
      ]),
    Reading(
      testDescription: "milliseconds behind a comma",
      lines: [
        ("2026-02-01 10:00:00,000 INFO a", "2026-02-01T10:00:00"),
        ("2026-02-01 10:00:01,123 INFO b", "2026-02-01T10:00:01.123"),
        ("2026-02-01 10:00:02.123456789 INFO c", "2026-02-01T10:00:02.123456"),
      ]),
    Reading(
      testDescription: "since 1970: seconds, milli-, micro- and nanoseconds", zone: "Asia/Tokyo",
      format: "json",
      lines: [
        (#"{"ts":1769940000,"msg":"a"}"#, "2026-02-01T10:00:00"),
        (#"{"ts":1769940000123,"msg":"b"}"#, "2026-02-01T10:00:00.123"),
        (#"{"ts":1769940000123456,"msg":"c"}"#, "2026-02-01T10:00:00.123456"),
        (#"{"ts":1769940000123456789,"msg":"d"}"#, "2026-02-01T10:00:00.123456"),
      ]),
    Reading(
      testDescription: "none at all: the file's last change", format: "raw",
      lines: [("alpha", "2026-03-02T12:00:00"), ("beta", "2026-03-02T12:00:00")]),
    Reading(
      testDescription: "none in some lines: that of the line before", format: "syslog",
      lines: [
        ("Mar  2 09:00:00 web1 app: a", "2026-03-02T09:00:00"),
        ("no time here", "2026-03-02T09:00:00"),
        ("Mar  2 09:00:05 web1 app: b", "2026-03-02T09:00:05"),
      ]),
  ]

  @Test(arguments: years)
  func `T79 times without a year`(_ reading: Reading) throws { try expect(reading) }

  @Test(arguments: zones)
  func `T80 zones, fractions, counts since 1970`(_ reading: Reading) throws { try expect(reading) }

  /// Read at once, and line by line in as many runs: the times are the same, and so are the lines.
  private func expect(_ reading: Reading) throws {
    let faults = try #require(FaultInjection.shared)
    let clock = try #require(Int(Self.date(reading.read)))
    for isAtOnce in [true, false] {
      let logs = LogFolder()
      logs.logbook.scratch.write(
        "logbook.yaml",
        """
        sources:
          - name: app
            path: logs/app.log
            format: \(reading.format)
            timezone: \(reading.zone)
            multiline: none
        """)
      let texts = reading.lines.map { $0.text + "\n" }
      for piece in isAtOnce ? [texts.joined()] : texts {
        logs.appendText("app.log", piece)
        logs.shell("touch -d \(reading.changed) app.log")
        let outcome = logs.run(["ingest"], environment: faults.environment(clock: clock))
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
      }
      #expect(
        logs.rows("SELECT time FROM log ORDER BY id")
          == reading.lines.map { Self.whole($0.time) })
      // The program believed the clock.
      #expect(
        logs.value("SELECT min(started) FROM runs") == Self.whole(String(reading.read.dropLast())))
      logs.expected = reading.lines.map(\.text)
      logs.expectRecords()
      logs.expectVerified()
      let shell = Command.run(
        "sqlite3", [logs.logbook.database, "SELECT message FROM log ORDER BY id"])
      #expect(shell.output == texts.joined())
    }
  }

  private static func whole(_ time: String) -> String {
    let point = time.contains(".") ? time : time + "."
    return point + String(repeating: "0", count: 26 - point.count) + "Z"
  }

  private static func date(_ text: String) -> String {
    Command.run("date", ["-u", "-d", text, "+%s"]).output.filter(\.isNumber)
  }
}
