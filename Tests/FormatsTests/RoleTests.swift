import Formats
import LogModel
import Testing

@Suite struct RoleTests {
  static func roles(
    _ format: String?, _ lines: [String], _ multiline: Multiline = .auto
  ) -> [LineHead.Role] {
    var parser = LineParser(format: format, zone: .utc, reference: 0, multiline: multiline)
    return lines.map { line in
      var head = LineHead()
      _ = parser.parse(Array(line.utf8).span, into: &head)
      return head.role
    }
  }

  static let trace = [
    "2026-02-01T10:00:00Z ERROR java.lang.IllegalStateException: x", "\tat a.B.c(B.java:1)", "",
    "Caused by: y", "2026-02-01T10:00:01Z INFO on",
  ]

  @Test func `a trace continues the line that shows the time`() {
    #expect(
      Self.roles("generic", Self.trace) == [.begins, .continues, .continues, .continues, .begins])
    #expect(Self.roles("generic", Self.trace, .none) == [.whole, .whole, .whole, .whole, .whole])
    #expect(Self.roles("raw", Self.trace) == [.whole, .whole, .whole, .whole, .whole])
    #expect(Self.roles(nil, Self.trace) == [.whole, .whole, .whole, .whole, .whole])
  }

  @Test func `a rule of the caller's says where records begin`() {
    let rule = Multiline.start { line in line.count > 0 && line[0] == 0x43 }
    #expect(
      Self.roles("json", Self.trace, rule)
        == [.continues, .continues, .continues, .begins, .continues])
  }

  @Test func `a logger that changes to JSON or logfmt ends the trace`() {
    let lines =
      Array(Self.trace[..<2]) + [
        #"{"time":"2026-02-01T10:00:02Z","msg":"x"}"#, #"{"no":"time"}"#,
        #"time="2026-02-01T10:00:03Z" level=info msg=x"#,
      ]
    #expect(
      Self.roles("generic", lines) == [.begins, .continues, .whole, .continues, .begins])
  }

  @Test(arguments: ["higress", "access", "json", "logfmt", "generic"])
  func `a line of JSON with a time behind a line of text is a record`(_ format: String) {
    let lines = ["2026-05-01 10:00:00 ERROR boom", #"{"time":"2026-05-01T10:00:01Z","id":"c2"}"#]
    #expect(Self.roles(format, lines) == [.begins, .whole])
  }

  @Test func `a trace behind a line of text stays with it between lines of JSON`() {
    let line = #"{"time":"2026-02-01T10:00:02Z","msg":"x"}"#
    let lines = [line, "  at once"] + Self.trace + ["banner", line, "  at last"]
    #expect(
      Self.roles("json", lines)
        == [
          .whole, .whole, .begins, .continues, .continues, .continues, .begins, .continues, .whole,
          .whole,
        ])
    #expect(Self.roles("json", lines, .none) == Array(repeating: .whole, count: lines.count))
  }

  static func docker(_ text: String, _ stream: String) -> String {
    #"{"log":"\#(text)","stream":"\#(stream)","time":"2026-02-01T10:00:00.1Z"}"#
  }

  @Test func `the parts of a container's long line are one record`() {
    let lines = [
      Self.docker(#"a\n"#, "stdout"), Self.docker("b", "stdout"), Self.docker("c", "stdout"),
      Self.docker(#"d\n"#, "stdout"), Self.docker("e", "stdout"), Self.docker(#"f\n"#, "stderr"),
      Self.docker(#"g\n"#, "stdout"), Self.docker(#"C:\\n"#, "stdout"),
    ]
    #expect(
      Self.roles("docker", lines)
        == [.whole, .begins, .continues, .ends, .begins, .continues, .ends, .begins])
    let cri = [
      "2026-02-01T10:00:00Z stdout P a", "2026-02-01T10:00:00Z stdout P b",
      "2026-02-01T10:00:00Z stdout F c", "2026-02-01T10:00:00Z stderr F d",
      "2026-02-01T10:00:00Z stdout P e", "2026-02-01T10:00:00Z stderr P f",
    ]
    #expect(Self.roles("cri", cri) == [.begins, .continues, .ends, .whole, .begins, .continues])
  }

  @Test func `a stream that falls silent inside a line is not waited for without end`() {
    let silent = (1...70).map { Self.docker("\($0)\\n", "stderr") }
    let roles = Self.roles("docker", [Self.docker("a", "stdout")] + silent)
    let expected: [LineHead.Role] =
      [.begins] + Array(repeating: .continues, count: 64) + [.ends]
      + Array(repeating: .whole, count: 5)
    #expect(roles == expected)
  }

  @Test func `a line of another kind ends the joining`() {
    let lines = [Self.docker("a", "stdout"), "garbage", Self.docker(#"b\n"#, "stdout")]
    #expect(Self.roles("docker", lines) == [.begins, .whole, .whole])
  }
}
