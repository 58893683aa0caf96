import JSON
import Redaction
import TestSupport
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
    (
      #"{"a \\u0073ecret":1,"{\"k\":\"\\u0073ecret\"}":2}"#,
      #"{"a [redacted]":1,"{\"k\":\"[redacted]\"}":2}"#
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

  @Test func `holds no secret that any reader would see, and is as valid as before`() throws {
    print("SEED=\(Seed.value)")
    var texts = EscapedTexts(seed: Seed.value)
    for _ in 0..<2000 {
      let (text, isJSON) = texts.next()
      let stored = try `Replacing what must not be stored`.replaced(text, .keep, ["secret\\d"])
      for reading in EscapedTexts.readings(of: stored) where reading.contains("secret1") {
        Issue.record("seed \(texts.seed): \(text) → \(stored)")
      }
      let bytes = Array(stored.utf8)
      let isValid = JSONValidator.isValid(bytes.span, 0..<bytes.count)
      #expect(!isJSON || isValid, "seed \(texts.seed): \(text) → \(stored)")
    }
  }
}

/// Texts with documents in them, and strings of documents in these, whose escapes are any that JSON has.
private struct EscapedTexts {
  let seed: UInt64
  private var random: SeededRandom

  init(seed: UInt64) {
    self.seed = seed
    random = SeededRandom(seed: seed)
  }

  mutating func next() -> (text: String, isJSON: Bool) {
    let document = document(0)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return (document, true)
    case 1: return ("INFO body=\(document) \(string("x secret1"))", false)
    case 2: return ("msg=\(string(document)) n=1", false)
    default: return ("INFO " + document.prefix(Int.random(in: 0...80, using: &random)), false)
    }
  }

  private mutating func document(_ depth: Int) -> String {
    let members = (0...Int.random(in: 0...2, using: &random)).map { _ in
      "\(string(pick(["a", "note", "secret1"]))):\(value(depth + 1))"
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private mutating func value(_ depth: Int) -> String {
    switch depth > 3 ? 0 : Int.random(in: 0..<6, using: &random) {
    case 0, 1:
      string(pick(["a secret1 b", "secret1", #"C:\Users\secret1"#, #"say "secret1""#, "{", "é"]))
    case 2: string(document(depth))
    case 3: string("got \(document(depth)) secret1")
    case 4: "[\(value(depth + 1)),12]"
    default: document(depth)
    }
  }

  private mutating func pick(_ texts: [String]) -> String {
    texts.randomElement(using: &random) ?? ""
  }

  private mutating func string(_ text: String) -> String {
    var escaped = ""
    for unit in text.utf16 {
      let isPlain = unit >= 0x20 && unit < 0x7F && unit != 0x22 && unit != 0x5C
      let hex = String(unit, radix: 16, uppercase: Bool.random(using: &random))
      if Int.random(in: 0..<6, using: &random) == 0 || unit >= 0x7F {
        escaped += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      } else {
        escaped += (isPlain ? "" : "\\") + String(UnicodeScalar(UInt8(unit)))
      }
    }
    return "\"\(escaped)\""
  }

  /// A text as it is, and as it reads without its escapes, until there are none.
  static func readings(of text: String) -> [String] {
    var readings = [text]
    while readings.count < 9, let last = readings.last, last.contains("\\") {
      let bytes = Array(last.utf8)
      readings.append(JSONText.unescaped(bytes.span, 0..<bytes.count))
    }
    return readings
  }
}
