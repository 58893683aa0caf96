import Formats
import LogModel
import Testing

struct AttributeRow: CustomTestStringConvertible {
  var format: String?
  var record: String
  var attributes: String

  init(_ format: String?, _ record: String, _ attributes: String) {
    self.format = format
    self.record = record
    self.attributes = attributes
  }

  var testDescription: String { record }
}

@Suite struct AttributeTests {
  static let rows = [
    AttributeRow(
      "json", #"{"b":1,"a":"x\u00e9\n","b":2,"c":null,"d":true}"#,
      #"{"a":"xé\n","b":1,"c":null,"d":true}"#),
    AttributeRow(
      "json", #"{"n":99999999999999999999,"r":1.5,"o":{"k":[1, 2]},"bad":[1,]}"#,
      #"{"bad":"[1,]","n":99999999999999999999,"o":{"k":[1, 2]},"r":1.5}"#),
    AttributeRow("json", #"{"s":"\ud83d\ude00 \ud83d \q"}"#, "{\"s\":\"😀 \u{FFFD} \u{FFFD}\"}"),
    AttributeRow(
      "logfmt", #"level=info msg="a b" n=12 r=0.5 v=1.2.3 flag"#,
      #"{"flag":true,"level":"info","msg":"a b","n":12,"r":0.5,"v":"1.2.3"}"#),
    AttributeRow(
      "access",
      #"1.2.3.4 - bob [01/Feb/2026:10:00:00 +0000] "GET /a b HTTP/1.1" 200 12 "http://r/" "curl \"7\"" 0.1"#,
      #"{"bytes":12,"extra":"0.1","host":"1.2.3.4","ident":null,"method":"GET","path":"/a b","protocol":"HTTP/1.1","referer":"http://r/","request":"GET /a b HTTP/1.1","status":200,"user":"bob","user_agent":"curl \\\"7\\\""}"#
    ),
    AttributeRow(
      "syslog", "<11>Feb  1 10:00:00 h sshd[12]: x: y",
      #"{"facility":1,"host":"h","message":"x: y","pid":12,"severity":3,"tag":"sshd"}"#),
    AttributeRow(
      "rfc5424", #"<165>1 - h app 7 - [a@1 k="v\]"] m"#,
      #"{"a@1.k":"v]","app":"app","facility":20,"host":"h","message":"m","pid":"7","severity":5}"#),
    AttributeRow(
      "docker", RoleTests.docker("a", "stdout") + "\n" + RoleTests.docker(#"b\n"#, "stdout"),
      #"{"log":"ab","stream":"stdout","time":"2026-02-01T10:00:00.1Z"}"#),
    AttributeRow(
      "docker",
      RoleTests.docker(#"{\"n\":1,\"stream\":\"mine\","#, "stdout") + "\n"
        + RoleTests.docker(#"\"o\":{\"k\":[2]}}\n"#, "stdout"),
      #"{"log":"{\"n\":1,\"stream\":\"mine\",\"o\":{\"k\":[2]}}","n":1,"o":{"k":[2]},"stream":"mine","time":"2026-02-01T10:00:00.1Z"}"#
    ),
    AttributeRow(
      "docker", RoleTests.docker(#"{\"n\":1,}\n"#, "stdout"),
      #"{"log":"{\"n\":1,}","stream":"stdout","time":"2026-02-01T10:00:00.1Z"}"#),
    AttributeRow(
      "cri", "2026-02-01T10:00:00Z stdout P a\n2026-02-01T10:00:00Z stdout F b",
      #"{"message":"ab","stream":"stdout"}"#),
    AttributeRow(
      "cri", "2026-02-01T10:00:00Z stdout P a\n2026-02-01T10:00:00Z stderr F b",
      #"{"message":"a","partial":true,"stream":"stdout"}"#),
    AttributeRow(
      "docker", RoleTests.docker("a", "stdout") + "\n" + RoleTests.docker(#"b\n"#, "stderr"),
      #"{"log":"a","partial":true,"stream":"stdout","time":"2026-02-01T10:00:00.1Z"}"#),
    AttributeRow(
      "generic", "2026-02-01T10:00:00Z INFO done in=12, id=\"a b\"\n\tat x=1",
      #"{"id":"a b","in":12}"#),
    AttributeRow(
      "higress", #"{"ai_log":"{}","user_agent":"a"b","start_time":"2026-02-01T10:00:00Z"}"#,
      #"{"ai_log":"{}","start_time":"2026-02-01T10:00:00Z","user_agent":"a"}"#),
    AttributeRow(
      "generic", #"{"msg":"a line of another format"}"#, #"{"msg":"a line of another format"}"#),
    AttributeRow(
      "cri", #"2026-02-01T10:00:00Z stdout F {"a":1,"stream":"mine"}"#,
      #"{"a":1,"message":"{\"a\":1,\"stream\":\"mine\"}","stream":"mine"}"#),
    AttributeRow(
      "generic", #"2026-02-01T10:00:00Z INFO {"a":1}"#, #"{"a":1,"time":"2026-02-01T10:00:00Z"}"#),
    AttributeRow(
      "generic", #"2026-02-01T10:00:00.5Z {"level":"warn","msg":"in json"}"#,
      #"{"level":"warn","msg":"in json","time":"2026-02-01T10:00:00.5Z"}"#),
    AttributeRow(
      "generic", #"[Sun Dec 04 04:47:44 2005] app: {"time":"inner","o":{"n":[1]}}"# + "\n\tat x=1",
      #"{"o":{"n":[1]},"time":"inner"}"#),
    AttributeRow(
      "generic", #"2026-02-01T10:00:00Z INFO served in=12 { "path" : "/a" }"#,
      #"{"in":12,"path":"/a","time":"2026-02-01T10:00:00Z"}"#),
    AttributeRow(
      "generic", #"2026-02-01T10:00:00Z got {"a":1} from id=7"#, #"{"id":7}"#),
    AttributeRow(
      "generic", #"2026-02-01T10:00:00Z {"a":1,"b":"cut of"#,
      #"{"a":1,"time":"2026-02-01T10:00:00Z"}"#),
    AttributeRow(nil, "free text", "{}"),
  ]

  @Test(arguments: rows)
  func `a record's fields`(row: AttributeRow) {
    let parser = LineParser(
      format: row.format, zone: .utc, reference: ReadLine.reference, multiline: .auto)
    #expect(parser.attributesJSON(of: Array(row.record.utf8).span) == row.attributes)
  }

  @Test func `a line's reading is explained`() {
    var parser = LineParser(format: "json", zone: .utc, reference: 0, multiline: .auto)
    #expect(
      parser.explain(Array("{}".utf8).span).why
        == "it is of the format json; no time that can be read")
    #expect(parser.explain(Array("x".utf8).span).format == "raw")
    #expect(parser.explain(Array("2026-02-01T10:00:00Z x".utf8).span).format == "generic")
  }

  @Test func `names and aliases are unique`() {
    let names = Formats.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
  }
}
