import Formats
import LogModel
import TestSupport
import Testing

@Suite struct `The fields of an access log's line` {
  static let lines = [
    #"10.0.0.1 - - [01/Feb/2026:00:00:00 +0000] "GET /a HTTP/1.1" 200 45 "-" "curl/7""#,
    #"10.0.0.1 - bob [01/Feb/2026:00:00:00 +0000] "POST /a b?c=1 HTTP/1.1" 503 - "http://x/" "Mozilla (X11; y)" 0.123"#,
    #"shop.example 10.0.0.2 - - [01/Feb/2026:00:00:00 +0000] "GET /v HTTP/1.0" 404 5"#,
    #"[edge] 10.0.0.2 - - [01/Feb/2026:00:00:00 +0000] "GET /v HTTP/1.0" 404 5"#,
    #"[edge]10.0.0.2 - - [01/Feb/2026:00:00:00 +0000] "GET /v HTTP/1.0" 404 5"#,
    #"- - - [01/Feb/2026:00:00:00 +0000] "GET /v" 304 0 "-" "-""#,
    #"::1 - - [01/Feb/2026:00:00:00 +0000] "-" 408 -"#,
    #"10.0.0.3 - - [01/Feb/2026:00:00:00 +0000] "GET /"quote" HTTP/1.1" 400 1 "a\"b" "c" 12.500 x"#,
    #"10.0.0.3 - - [01/Feb/2026:00:00:00 +0000] "\x16\x03" [code=400] 12"#,
    #"10.0.0.3 - - [01/Feb/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 12 "only one""#,
    #"10.0.0.3 - - [01/Feb/2026:00:00:00 +0000] "GET / HTTP/1.1" 200"#, "no access log at all", "",
  ]

  @Test(arguments: lines)
  func `are those that searches see`(_ line: String) throws {
    let bytes = Array(line.utf8)
    var reader = AccessFieldReader()
    let fields = reader.fields(of: bytes.span)
    let parser = LineParser(format: "access", zone: .utc, reference: 0, multiline: .auto)
    let attributes = Dictionary(
      parser.attributes(of: bytes.span, among: .all).map { ($0.key, $0.value) },
      uniquingKeysWith: { first, _ in first })
    func text(_ range: Range<Int>?) -> Value {
      range.map { .text(String(decoding: bytes[$0], as: UTF8.self)) } ?? .null
    }
    guard let fields else {
      #expect(attributes["request"] == nil)
      return
    }
    #expect(text(fields.host) == attributes["host"] ?? .null)
    #expect(text(fields.path) == attributes["path"] ?? .null)
    #expect(text(fields.referrer) == attributes["referer"] ?? .null)
    #expect(text(fields.agent) == attributes["user_agent"] ?? .null)
    #expect(
      fields.status.map { Value.integer(Int64($0)) } ?? .null == attributes["status"] ?? .null)
    #expect(fields.bytes.map { Value.integer($0) } ?? .null == attributes["bytes"] ?? .null)
  }

  @Test func `tell how long a request took where the line says it in seconds`() {
    var reader = AccessFieldReader()
    let times = Self.lines.compactMap { reader.fields(of: Array($0.utf8).span)?.microseconds }
    #expect(times == [123_000, 12_500_000])
  }
}
