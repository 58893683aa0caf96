import Redaction
import Testing

@Suite struct `JSON in the midst of a text` {
  @Test(arguments: [
    (
      #"2026-01-01 INFO body={"k":"\u0073ecret"} done"#,
      #"2026-01-01 INFO body={"k":"[redacted]"} done"#
    ),
    (
      #"INFO a={"k":"se\/cret"} b={"k":"x se\"cret"}"#,
      #"INFO a={"k":"[redacted]"} b={"k":"x [redacted]"}"#
    ),
    (
      #"INFO body={"card":4111, "l":[4111]} 4111"#,
      #"INFO body={"card":"[redacted]", "l":["[redacted]"]} [redacted]"#
    ),
    (#"INFO body={"pw":"x","n":1}"#, #"INFO body={"[redacted]":"[redacted]","n":1}"#),
    (#"INFO [4111] [main] secret"#, "INFO [[redacted]] [main] [redacted]"),
    (#"level=info body="{\"k\":\"\\u0073ecret\"}""#, #"level=info body="{\"k\":\"[redacted]\"}""#),
    (#"level=info body="{\"card\":4111}""#, #"level=info body="{\"card\":\"[redacted]\"}""#),
    (#"level=info msg="is \u0073ecret""#, #"level=info msg="is [redacted]""#),
    (
      #"INFO list=[{"k":"\u0073ecret"},"s\u0065cret"]"#,
      #"INFO list=[{"k":"[redacted]"},"[redacted]"]"#
    ),
    (
      #"INFO body={"k":"{\"k\":\"\\u0073ecret\",\"n\":4111}"}"#,
      #"INFO body={"k":"{\"k\":\"[redacted]\",\"n\":\"[redacted]\"}"}"#
    ),
    (
      #"{"msg":"got {\"k\":\"\\u0073ecret\",\"n\":4111} and \\u0073ecret"}"#,
      #"{"msg":"got {\"k\":\"[redacted]\",\"n\":\"[redacted]\"} and [redacted]"}"#
    ),
    (
      #"{"msg":"a=\"{\\\"k\\\":\\\"\\\\u0073ecret\\\"}\" 4111"}"#,
      #"{"msg":"a=\"{\\\"k\\\":\\\"[redacted]\\\"}\" [redacted]"}"#
    ),
    (#"x="\u0073ecret" {"a":1,"k":"\u0073ecret"}"#, #"x="[redacted]" {"a":1,"k":"[redacted]"}"#),
    (
      #"{"a":"x "y", "k":"\u0073ecret"} "\u0073ecret""#,
      #"{"a":"x "y", "k":"[redacted]"} "[redacted]""#
    ),
    (#"{"a":1} INFO {"k":"\u0073ecret"}"#, #"{"a":1} INFO {"k":"[redacted]"}"#),
    (
      #"INFO {"a": {"k":"\u0073ecret"}, broken {"k":4111}"#,
      #"INFO {"a": {"k":"[redacted]"}, broken {"k":"[redacted]"}"#
    ),
    (#"dir C:\Users\4111 {"k":"x"}"#, #"dir C:\Users\[redacted] {"k":"x"}"#),
  ])
  func `is searched as it reads without its escapes, and stays JSON`(
    _ text: String, _ expected: String
  ) throws {
    let patterns = ["secret", "se/cret", #"se"cret"#, #"\b4111\b"#, #""pw":"[^"]*""#]
    let body = text.hasPrefix("x=") ? 13 : 0
    #expect(
      try `Replacing what must not be stored`.replaced(text, .keep, patterns, body: body)
        == expected)
  }

  @Test func `is no content where a line says nothing of it`() throws {
    let text = #"INFO body={"k":"\u0073ecret","n":1} answer"#
    #expect(
      try `Replacing what must not be stored`.replaced(text, .drop, ["secret"])
        == #"INFO body={"k":"[redacted]","n":1} answer"#)
  }

  @Test(arguments: [#"{"a":"#, #"{"a":"{\"#, #"["\u005c"#, "[[", #"\\\"{\"a\":"#])
  func `takes no longer for a text of many beginnings`(_ part: String) throws {
    let text = "INFO " + String(repeating: part, count: 20_000) + #""\u0073ecret""#
    let stored = try `Replacing what must not be stored`.replaced(text, .keep, ["secret"])
    #expect(stored.hasSuffix(#"[redacted]""#) && !stored.contains("0073"))
  }
}
