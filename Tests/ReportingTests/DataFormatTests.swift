import LogModel
import Reporting
import Testing

@Test func `JSON is an array of objects, one a line`() {
  #expect(
    rendered(.json, sampleColumns, sampleRows) == #"""
      [{"id":7,"level":"warn","message":"disk, \"sda\" | 91 %","cost":0.5},
      {"id":12345,"level":null,"message":"first\nsecond","cost":null},
      {"id":-1,"level":"","message":{"a":[1,2]},"cost":1234.25}]

      """#)
  #expect(rendered(.json, ["id"], []) == "[]\n")
}

@Test func `NDJSON is one object a line`() {
  #expect(
    rendered(.ndjson, sampleColumns, sampleRows) == #"""
      {"id":7,"level":"warn","message":"disk, \"sda\" | 91 %","cost":0.5}
      {"id":12345,"level":null,"message":"first\nsecond","cost":null}
      {"id":-1,"level":"","message":{"a":[1,2]},"cost":1234.25}

      """#)
  #expect(rendered(.ndjson, ["id"], []) == "")
}

private let jsonCases: [(value: Value, expected: String)] = [
  (.null, "null"), (.integer(.min), "-9223372036854775808"), (.real(0.1), "0.1"),
  (.real(0.1 + 0.2), "0.30000000000000004"), (.real(-0.0), "-0.0"), (.real(1e300), "1e+300"),
  (.real(.nan), "null"), (.real(-.infinity), "null"),
  (.text("\u{0}\u{1F}\u{8}\u{C}\t\r\n\"\\/"), #""\u0000\u001f\b\f\t\r\n\"\\/""#),
  (.text("数\u{2028}👍\u{7F}"), "\"数\u{2028}👍\u{7F}\""),
  (.blob([]), #"{"$base64":true,"encoded":""}"#),
  (.blob([0]), #"{"$base64":true,"encoded":"AA=="}"#),
  (.blob([0xFB, 0xFF]), #"{"$base64":true,"encoded":"+/8="}"#),
  (.blob(Array("Man".utf8)), #"{"$base64":true,"encoded":"TWFu"}"#),
  (.json("{\"a\":\n1}"), #"{"a": 1}"#),
]

@Test(arguments: jsonCases)
func `a value in JSON is itself`(_ test: (value: Value, expected: String)) {
  #expect(rendered(.ndjson, ["v"], [[test.value]]) == "{\"v\":\(test.expected)}\n")
}

@Test func `keys are escaped and unique`() {
  #expect(
    rendered(
      .ndjson, ["a", "a", "a_2", "say \"x\""], [[.integer(1), .integer(2), .integer(3), .null]])
      == #"{"a":1,"a_2":2,"a_2_2":3,"say \"x\"":null}"# + "\n")
}

@Test func `CSV quotes what needs it`() {
  #expect(
    rendered(.csv, sampleColumns, sampleRows) == #"""
      id,level,message,cost
      7,warn,"disk, ""sda"" | 91 %",0.5
      12345,,"first
      second",
      -1,"","{""a"":[1,2]}",1234.25

      """#)
  #expect(rendered(.csv, ["id", "a,b"], []) == "id,\"a,b\"\n")
  #expect(rendered(.csv, ["x"], [[.null], [.text("a\rb")]]) == "x\n\"\"\n\"a\rb\"\n")
  #expect(rendered(.csv, ["x"], [[.blob([1])]]) == "x\nAQ==\n")
}

@Test func `Markdown is a pipe table`() {
  #expect(
    rendered(.md, sampleColumns, sampleRows) == #"""
      | id | level | message | cost |
      | ---: | --- | --- | ---: |
      | 7 | warn | disk, "sda" \| 91 % | 0.5 |
      | 12345 |  | first<br>second |  |
      | -1 |  | {"a":\[1,2]} | 1234.25 |

      """#)
  #expect(rendered(.md, ["a", "b"], []) == "| a | b |\n| --- | --- |\n")
}

private let markdownCases: [(text: String, expected: String)] = [
  (#"a\|b"#, #"a\\\|b"#), ("<img src=x>&", "&lt;img src=x>&amp;"), ("`*~", #"\`\*\~"#),
  ("snake_case __init__", #"snake_case \_\_init\_\_"#), ("[x](y)", #"\[x](y)"#),
  ("a\r\nb\u{1B}", #"a<br>b\x1b"#),
]

@Test(arguments: markdownCases)
func `log text does not become markup`(_ test: (text: String, expected: String)) {
  #expect(rendered(.md, ["m"], [[.text(test.text)]]) == "| m |\n| --- |\n| \(test.expected) |\n")
}
