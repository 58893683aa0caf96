import Formats
import LogModel
import Testing

@Suite struct LineTableTests {
  @Test(arguments: levels)
  func `a level is found however a logger writes it`(
    row: (format: String, line: String, severity: Severity?, body: String?)
  ) {
    let head = ReadLine(row.line, format: row.format).head
    #expect(head.severity == row.severity)
    if let body = row.body {
      #expect(String(decoding: Array(row.line.utf8)[head.body], as: UTF8.self) == body)
    }
    expectConsistent(head, Array(row.line.utf8))
  }

  @Test(arguments: generic + json + access + others)
  func `a line gives its time, level and message`(row: LineRow) {
    let read = ReadLine(row.line, format: row.format)
    let bytes = Array(row.line.utf8)
    #expect(read.head.time.map { Instant.text($0) } == row.time)
    #expect(read.head.severity == row.severity)
    #expect(read.head.layout.kind == row.layout)
    #expect(String(decoding: bytes[read.head.body], as: UTF8.self) == row.body ?? row.line)
    if row.time != nil { #expect(read.outcome == .parsed) }
    expectConsistent(read.head, bytes)
  }

  @Test func `what is not of its format falls back to a time, then to text`() {
    let timed = ReadLine("2026-02-01T10:00:00Z ERROR x", format: "json")
    #expect(timed.outcome == .fallback)
    #expect(timed.head.severity == .error)
    #expect(timed.head.role == .begins)
    for line in ["{\"a\":1", "{\"a\":1} x", "{\"a\" 1}", "{\"a\":[}]}", "{\"a\":\"\\\"}", "", "{"] {
      let read = ReadLine(line, format: "json")
      #expect(read.outcome == .raw, "\(line)")
      #expect(read.head.body == 0..<line.utf8.count)
      #expect(read.head.role == .whole)
    }
  }

  @Test func `brackets as deep as a line is long cost no stack`() {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(ReadLine("{\"a\":\(deep)", format: "json").outcome == .raw)
    let closed = deep + String(repeating: "]", count: 1_000_000)
    #expect(ReadLine("{\"a\":\(closed),\"msg\":\"x\"}", format: "json").outcome == .parsed)
  }
}

/// The rules that hold for every head of every line.
func expectConsistent(_ head: LineHead, _ line: [UInt8]) {
  #expect(head.body.lowerBound >= 0 && head.body.upperBound <= line.count)
  #expect(head.timeRange.lowerBound >= 0 && head.timeRange.upperBound <= line.count)
  if head.layout.kind == .none {
    #expect(head.timeRange.isEmpty)
  } else if let time = head.time {
    var rendered: [UInt8] = []
    head.layout.render(time, into: &rendered)
    #expect(rendered == Array(line[head.timeRange]), "\(String(decoding: line, as: UTF8.self))")
  } else {
    Issue.record("a layout without a time")
  }
}
