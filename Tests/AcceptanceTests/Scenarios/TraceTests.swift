import TestSupport
import Testing

/// Stack traces of four languages: one record each, wherever runs and rotations cut them.
@Suite struct `Traces` {
  struct Trace: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var lines: [String]
  }

  static let all = [
    Trace(
      testDescription: "Java",
      lines: [
        "2026-01-01T00:00:01Z ERROR [main] request failed",
        "java.lang.IllegalStateException: no order 7",
        "\tat com.example.Orders.find(Orders.java:41)",
        "\tat com.example.Api.get(Api.java:12)",
        "Caused by: java.sql.SQLException: timeout",
        "\tat com.example.Pool.take(Pool.java:7)",
        "\t... 2 more",
      ]),
    Trace(
      testDescription: "Python",
      lines: [
        "2026-01-01 00:00:01,000 ERROR worker job 7 failed",
        "Traceback (most recent call last):",
        "  File \"/srv/app.py\", line 7, in run",
        "    raise ValueError(\"bad\")",
        "ValueError: bad",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        "  File \"/srv/app.py\", line 9, in main",
        "    run()",
        "RuntimeError: job failed",
      ]),
    Trace(
      testDescription: "Go",
      lines: [
        "2026/01/01 00:00:01 http: panic serving 10.0.0.7:4711: index out of range [5] with length 3",
        "panic: runtime error: index out of range [5] with length 3",
        "",
        "goroutine 1 [running]:",
        "main.handle(0xc000010000, 0x5)",
        "\t/srv/main.go:8 +0x1d",
        "exit status 2",
      ]),
    Trace(
      testDescription: "Ruby",
      lines: [
        "E, [2026-01-01T00:00:01.000000 #77] ERROR -- : divided by 0 (ZeroDivisionError)",
        "app.rb:3:in `/'",
        "app.rb:3:in `share'",
        "\tfrom app.rb:7:in `<main>'",
      ]),
  ]

  /// Lines around the trace in the manner of its first line.
  private static func neighbour(_ trace: Trace, _ second: Int) -> String {
    trace.lines[0].replacing("00:00:01", with: "00:00:0\(second)").replacing("ERROR", with: "INFO")
  }

  private static func file(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  @Test(arguments: all)
  func `T77 a trace is one record, also with a run behind each of its lines`(_ trace: Trace) {
    for isAtOnce in [true, false] {
      let logs = LogFolder()
      let before = (0..<3).map { Self.neighbour(trace, $0) }
      let after = (5..<8).map { Self.neighbour(trace, $0) }
      logs.appendText("app.log", Self.file(before))
      logs.ingest("--as", "generic", logs.path)
      for line in isAtOnce ? [Self.file(trace.lines)] : trace.lines.map({ $0 + "\n" }) {
        logs.appendText("app.log", line)
        logs.ingest()
      }
      logs.appendText("app.log", Self.file(after))
      logs.ingest()
      logs.expected = before + [trace.lines.joined(separator: "\n")] + after
      logs.expectExactlyOnce()
    }
  }

  @Test(arguments: all)
  func `T77 a trace that a rotation cuts loses nothing`(_ trace: Trace) {
    for cut in 1..<trace.lines.count {
      let logs = LogFolder()
      let before = (0..<3).map { Self.neighbour(trace, $0) }
      let after = (5..<8).map { Self.neighbour(trace, $0) }
      logs.appendText("app.log", Self.file(before + trace.lines[..<cut]))
      logs.ingest("--as", "generic", logs.path)
      logs.shell("mv app.log app.log.1")
      logs.appendText("app.log", Self.file(trace.lines[cut...] + after))
      logs.ingest()
      logs.shell("touch -d '1 hour ago' app.log*")
      logs.ingest()
      let stored = logs.stored()
      #expect(stored.joined(separator: "\n") + "\n" == Self.file(before + trace.lines + after))
      // What the old file holds of it is one record; the next one begins with a time again.
      #expect(stored.contains(trace.lines[..<cut].joined(separator: "\n")))
      #expect(stored.suffix(3) == after[...])
      logs.expectVerified()
    }
  }

  /// Two streams into one file: a line with a time ends the trace, the rest belongs to that line.
  @Test(arguments: all)
  func `T77 a trace with a line of another stream inside is all there`(_ trace: Trace) {
    let logs = LogFolder()
    let other = Self.neighbour(trace, 2)
    let lines = trace.lines[..<2] + [other] + trace.lines[2...] + [Self.neighbour(trace, 5)]
    for line in lines {
      logs.appendText("app.log", line + "\n")
      logs.ingest("--as", "generic", logs.path)
    }
    logs.expected = [
      trace.lines[..<2].joined(separator: "\n"),
      ([other] + trace.lines[2...]).joined(separator: "\n"), lines[lines.count - 1],
    ]
    logs.expectExactlyOnce(reading: ["--as", "generic", logs.path])
  }

  /// The container's runtime keeps the streams apart: nothing of one gets into the other.
  @Test(arguments: all)
  func `T77 a container's trace is the lines of its own stream`(_ trace: Trace) {
    let logs = LogFolder()
    var output: [String] = []
    var errors: [String] = []
    for (place, line) in trace.lines.enumerated() {
      errors.append("\(LogFolder.time(place)) stderr F \(line)")
      output.append("\(LogFolder.time(place)) stdout F served \(place)")
      logs.appendText("0.log", errors[place] + "\n" + output[place] + "\n")
      logs.ingest("--as", "cri", logs.path)
    }
    logs.expected = zip(errors, output).flatMap { [$0, $1] }
    logs.expectExactlyOnce()
    #expect(
      logs.rows("SELECT count(*) FROM log WHERE attributes ->> 'stream' = 'stderr'")
        == [String(trace.lines.count)])
  }
}
