import Testing

@testable import Formats

@Suite struct `Fields of requests in records` {
  @Test func `keys may come in any order, and change from record to record`() {
    var reader = RecordFieldReader(isLogfmt: false)
    let records = [
      #"{"method":"GET","path":"/a","status":200,"bytes":1,"user_agent":"x"}"#,
      #"{"status":201,"path":"/bb","method":"GET","a":1,"bytes":2,"user_agent":"x"}"#,
      #"{"method":"GET","path":"/a","Status":500,"bytes":3,"a_key_of_many_more_bytes":4}"#,
      #"{"method":"GET","path":"/a","status":200,"res":{"bytes":12.5,"path":"/c"},"bytes_sent":9}"#,
      #"{"m":1,"path":"/a","status":200}"#,
    ]
    let fields = records.map { reader.fields(of: Array($0.utf8).span) }
    #expect(fields.map { $0?.status } == [200, 201, nil, 200, nil])
    #expect(fields.map { $0?.bytes } == [1, 2, nil, 12, nil])
    #expect(fields.map { $0?.agent?.count } == [1, 1, nil, nil, nil])
    #expect(fields.map { $0?.path?.count } == [2, 3, nil, 2, nil])
    #expect(Set(reader.names(of: .bytes)) == ["bytes", "res.bytes"])
  }

  @Test(arguments: [
    ("/a", true), ("007", true), ("1e3", false), ("1.50", true), ("1.0", true), ("0.00001", false),
    ("-0", false), ("0", true),
    ("-12", true), ("0x10", true), ("true", true), ("12345678901234567890123", false),
    ("\"1e3\"", true),
  ])
  func `a path is what searches see`(_ text: String, _ isText: Bool) {
    var pairs = RecordFieldReader(isLogfmt: true)
    let line = Array("method=GET path=\(text) status=200".utf8)
    #expect((pairs.fields(of: line.span)?.path != nil) == isText)
    guard !["/a", "007", "0x10"].contains(text) else { return }
    var members = RecordFieldReader(isLogfmt: false)
    let record = Array("{\"method\":\"GET\",\"path\":\(text),\"status\":200}".utf8)
    let fields = members.fields(of: record.span)
    #expect(fields?.status == 200)
    #expect((fields?.path != nil) == (isText && text != "true"))
  }

  @Test(arguments: [
    "0", "7", "0.1", "1.005", "123456789.123456", "999999999999999", "0.30000000000000", "1.25",
  ])
  func `a number is the double next to it`(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(DecimalText.value(bytes.span, 0..<bytes.count) == Double(text))
  }

  @Test(arguments: ["", "-1", "1e3", ".5", "5.", "1.2.3", "9007199254740993", "0x10", "1 "])
  func `what has another form is left to others`(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(DecimalText.value(bytes.span, 0..<bytes.count) == nil)
  }

  @Test(
    arguments: [
      ("20000000000", 20_000_000_000), ("1e10", 10_000_000_000), ("1e3", 1000), (".5", 0),
      ("-1", nil),
      ("0x10", nil), ("nan", nil), ("1e16", nil), ("9007199254740993000", nil),
    ] as [(String, Int64?)])
  func `bytes are decimal, and as many as a double holds exactly`(_ text: String, _ bytes: Int64?) {
    var reader = RecordFieldReader(isLogfmt: true)
    let line = Array("method=GET path=/a status=200 bytes=\(text)".utf8)
    #expect(reader.fields(of: line.span)?.bytes == bytes)
  }
}
