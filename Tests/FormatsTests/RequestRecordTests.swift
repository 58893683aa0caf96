import Formats
import Testing

@Suite struct `Requests in records of JSON and logfmt` {
  private static func fields(_ line: String) -> AccessFields? {
    var reader = RecordFieldReader(isLogfmt: !line.hasPrefix("{"))
    return reader.fields(of: Array(line.utf8).span)
  }

  @Test(
    arguments: [
      (#"{"method":"GET","path":"/a","status":200,"duration":0.5,"bytes":7}"#, 200, 500_000),
      (
        #"{"request":{"method":"GET","uri":"/a"},"status":"404","request_time":"1"}"#, 404,
        1_000_000
      ),
      (#"{"req":{"method":"GET","url":"/a"},"res":{"statusCode":999},"duration":17}"#, 999, nil),
      ("method=GET path=/a status=503 latency_ms=1.5", 503, 1500),
    ] as [(String, Int, Int64?)])
  func `are found under usual names`(_ line: String, _ status: Int, _ microseconds: Int64?) {
    let found = Self.fields(line)
    #expect(found?.status == status && found?.path != nil)
    #expect(found?.microseconds == microseconds)
  }

  @Test(arguments: [
    #"{"method":"","path":"","status":400,"url":"/b"}"#, "method=- path=- status=400",
    #"{"request_method":"GET","request_uri":"-","status":"400"}"#, "method= path= status=400",
  ])
  func `are those of a request without a path where its path has no text`(_ line: String) {
    let found = Self.fields(line)
    #expect(found?.status == 400 && found?.path == nil)
  }

  @Test(arguments: [
    "", "{", "no request", #"{"method":"GET","path":"/a"}"#, #"{"path":"/a","status":200}"#,
    #"{"method":"GET","path":"/a","status":"1e9"}"#, #"{"method":"GET","path":"/a","status":-10}"#,
    #"{"method":"GET","path":"/a","status":2000}"#, #"{"METHOD":"GET","path":"/a","status":200}"#,
    #"{"method":"GET","status":200}"#, "method path=/a status=200", #"["method"]"#,
    #"{"x":{"method":"GET","path":"/a","status":200}}"#,
    #"{"method":"GET","path":"/a","status":"0x1"}"#,
  ])
  func `are none where one is missing, or no status`(_ line: String) {
    #expect(Self.fields(line) == nil)
  }
}
