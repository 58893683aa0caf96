import LogModel
import Testing

@Suite struct `Errors of records` {
  @Test(
    arguments: [
      (
        "2026-03-02T10:00:00Z ERROR payment: timeout after 3000 ms for order 4711", nil, nil,
        "payment: timeout after <*> ms for order <*>", LoggedError.Tier.text
      ),
      (
        #"{"time":"2026-03-02T10:00:00Z","level":"error","logger":"pay","msg":"no route to 10.0.0.7:80"}"#,
        nil, "pay", "no route to <*>", .text
      ),
      (
        #"{"time":"2026-03-02T10:00:00Z","level":"error","msg":"cannot charge","error":"EOF"}"#,
        nil,
        nil, "cannot charge: EOF", .text
      ),
      (
        #"{"time":1772445600123,"level":50,"err":{"type":"TypeError","message":"x of 7","stack":"TypeError: x of 7\n    at f (/a/b.js:1:2)"},"msg":"failed"}"#,
        "TypeError", "b:f", "x of <*>", .frames
      ),
      (
        #"{"@timestamp":"2026-03-02T10:00:00Z","log.level":"ERROR","message":"boom","error.type":"AcmeError","error.message":"id 5"}"#,
        "AcmeError", nil, "id <*>", .message
      ),
      (
        #"10.0.0.1 - - [02/Mar/2026:09:00:00 +0000] "GET /api/orders/4711?x=1 HTTP/1.1" 502 157"#,
        "HTTP 5xx", "/api/orders/<*>", "GET /api/orders/<*>", .message
      ),
      (
        #"{"ai_log":"-","method":"POST","path":"/v1/chat","response_code":"503","response_flags":"UH","route_name":"llm","start_time":"2026-02-01T10:00:00.123Z"}"#,
        "UH", "llm", "POST /v1/chat", .message
      ),
      (
        #"{"ai_log":"-","method":"POST","path":"/v1/chat","response_code":"500","response_flags":"-","route_name":"-","start_time":"2026-02-01T10:00:00.123Z"}"#,
        "HTTP 5xx", "/v1/chat", "POST /v1/chat", .message
      ),
      (
        #"{"ai_log":"-","method":"POST","path":"/v1/chat","response_code":"200","response_flags":"DC","route_name":"llm","start_time":"2026-02-01T10:00:00.123Z"}"#,
        "DC", "llm", "POST /v1/chat", .message
      ),
      (
        #"{"log":"{\"level\":\"error\",\"msg\":\"no disk 4\"}\n","stream":"stderr","time":"2026-03-02T10:00:00.1Z"}"#,
        nil, nil, "no disk <*>", .text
      ),
      (
        #"{"log":"2026-03-02T10:00:00Z ERROR: no disk 4\n","stream":"stderr","time":"2026-03-02T10:00:00.1Z"}"#,
        nil, nil, "no disk <*>", .text
      ),
      (
        #"{"time":"2026-03-02T10:00:00Z","method":"GET","uri":"/a/7?b","status":"503"}"#,
        "HTTP 5xx",
        "/a/<*>", "GET /a/<*>", .message
      ),
      (
        #"{"time":"2026-03-02T10:00:00Z","level":"error","what":"no price","item":7}"#,
        nil, nil, "what: no price, item: <*>", .text
      ),
      (
        #"10.0.0.1 - - [02/Mar/2026:09:00:00 +0000] "-" 503 0 "-" "-""#,
        "HTTP 5xx", "-", "-", .message
      ),
      (
        #"{"time":"2026-03-02T10:00:00Z","level":"error","msg":"job failed","status":500,"request":"r1"}"#,
        nil, nil, "job failed", .text
      ),
    ] as [(String, String?, String?, String, LoggedError.Tier)])
  func `have a type, a culprit and a text without values`(
    _ record: String, _ type: String?, _ culprit: String?, _ text: String, _ tier: LoggedError.Tier
  ) throws {
    let format =
      record.hasPrefix("10.")
      ? "access"
      : record.hasPrefix("{\"ai_log")
        ? "higress"
        : record.hasPrefix("{\"log\":")
          ? "docker"
          : record.hasPrefix("{") ? "json" : "generic"
    let found = try #require(error(record, format: format), "\(record)")
    #expect(found.type == type, "\(record)")
    #expect(found.culprit == culprit, "\(record)")
    #expect(found.text == text, "\(record)")
    #expect(found.tier == tier, "\(record)")
  }

  @Test(arguments: [
    #"{"time":"2026-03-02T10:00:00Z","level":"info","msg":"fine","error":null}"#,
    #"{"time":"2026-03-02T10:00:00Z","level":"warn","msg":"again","error":"timeout"}"#,
    #"{"time":"2026-03-02T10:00:00Z","level":"info","msg":"retried","error":"a text of more than thirty-two bytes"}"#,
    #"{"ai_log":"-","response_code":"404","response_flags":"-","start_time":"2026-02-01T10:00:00Z"}"#,
  ])
  func `are not seen in others`(_ record: String) {
    #expect(error(record, format: record.contains("ai_log") ? "higress" : "json") == nil)
  }

  @Test func `have the type that stands behind thousands of frames`() throws {
    let frames = (0..<1000).map {
      "  File \"/srv/shop/a.py\", line \($0), in \($0 % 2 == 0 ? "f" : "g")"
    }
    let header = "2026-03-02T10:00:00Z ERROR deep\nTraceback (most recent call last):\n"
    let record = header + frames.joined(separator: "\n") + "\nRecursionError: too deep"
    let found = try #require(error(record))
    #expect(found.type == "RecursionError")
    #expect(found.text == "too deep")
  }

  @Test func `go by the fingerprint that the writer gives them`() {
    func record(_ fingerprint: String, _ message: String) -> LoggedError? {
      error(
        #"{"time":"2026-03-02T10:00:00Z","level":"error","msg":"\#(message)","fingerprint":\#(fingerprint)}"#,
        format: "json")
    }
    let one = record(#""billing""#, "no card")
    #expect(one?.tier == .explicit)
    #expect(one?.fingerprint == record(#"["billing"]"#, "no money")?.fingerprint)
    #expect(one?.fingerprint != record(#""shipping""#, "no card")?.fingerprint)
    let both = record(#"["{{ default }}","eu"]"#, "no card")
    #expect(both?.fingerprint != record(#"["{{ default }}","eu"]"#, "no money")?.fingerprint)
    #expect(both?.fingerprint == record(#"["{{ default }}","eu"]"#, "no card")?.fingerprint)
  }

  @Test(arguments: [
    ("user 'anna' not found", "user '<*>' not found"),
    ("can't open it's file", "can't open it's file"),
    ("from 10.0.0.1:80, 10.0.0.2:80 to /var/lib/x", "from <*> to <*>"),
    ("index:5 of id=77 in worker-3", "index:<*> of id=<*> in <*>"),
    ("see https://example.org/a?b=c.", "see <*>."),
    ("清理了 5 个", "清理了 <*> 个"),
    ("\n\n first\n\nsecond 2\nthird", "first second <*>"),
    ("say \"no\" and `x' done", "say \"<*>\" and `<*>' done"),
    ("", ""),
  ])
  func `are masked`(_ message: String, _ expected: String) {
    let found = error("2026-03-02T10:00:00Z ERROR " + message)
    #expect(found?.text == expected)
  }
}
