import LogModel
import Redaction
import TestSupport
import Testing

@Suite struct `Replacing what must not be stored` {
  static func replaced(
    _ text: String, _ content: Redactor.Content = .keep, _ patterns: [String] = [],
    body: Int = 0, isOpen: Bool = false
  ) throws -> String {
    let redactor = try Redactor(content: content, patterns: patterns)
    let bytes = Array(text.utf8)
    guard let result = redactor.replacement(for: bytes.span, body: body, isOpen: isOpen) else {
      return text
    }
    return String(decoding: result.text, as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"answer":"a","model":"m"}"#, #"{"answer":"[dropped]","model":"m"}"#),
    (#"{"answer":"","question":null,"n":1}"#, #"{"answer":"","question":null,"n":1}"#),
    (
      #"{"ai_log":"{\"answer\":\"a\",\"n\":1}"}"#,
      #"{"ai_log":"{\"answer\":\"[dropped]\",\"n\":1}"}"#
    ),
    (
      #"{"content":[{"type":"tool_use","id":"t","name":"f","input":{"a":1}}]}"#,
      #"{"content":[{"type":"tool_use","id":"t","name":"f","input":"[dropped]"}]}"#
    ),
    (#"{"tool_calls":[1,true,{}]}"#, #"{"tool_calls":["[dropped]",true,{}]}"#),
    (
      #"{"ai_log":"{\"tool_calls\":[{\"function\":{\"arguments\":{\"a\":1}}}]}"}"#,
      #"{"ai_log":"{\"tool_calls\":[{\"function\":{\"arguments\":\"[dropped]\"}}]}"}"#
    ),
    (
      #"{"message":"a log line","payload":{"message":"said"}}"#,
      #"{"message":"a log line","payload":{"message":"[dropped]"}}"#
    ),
    (#"{"answer":"a "b" c","n":1}"#, #"{"answer":"[dropped]"[dropped]"#),
    (#"{"x":"a "b" c","answer":"n"}"#, #"{"x":"a "b" c","answer":[dropped]"#),
    (#"INFO {\"answer\": \"x\"}"#, #"INFO {\"answer\":[dropped]"#),
    (
      "{\n \"args\": {\n  \"a\": 1\n }\n}", "{\n \"args\": {\n  \"[dropped]\": \"[dropped]\"\n }\n}"
    ),
    (
      #"{"prompt":"a","response":"b","usage":{}}"#,
      #"{"prompt":"[dropped]","response":"[dropped]","usage":{}}"#
    ),
    (
      #"{"response":{"output_text":"a","id":"r"}}"#,
      #"{"response":{"output_text":"[dropped]","id":"r"}}"#
    ),
    (
      #"{"gen_ai.input.messages":["a"],"history":["b"]}"#,
      #"{"gen_ai.input.messages":["[dropped]"],"history":["[dropped]"]}"#
    ),
    (
      #"{"content":{"a b":1,"parts":[{"text":"c"}]}}"#,
      #"{"content":{"[dropped]":"[dropped]","parts":[{"text":"[dropped]"}]}}"#
    ),
    (
      #"{"payload":{"thread_name":"a"},"groundingMetadata":{"webSearchQueries":["b"]}}"#,
      #"{"payload":{"thread_name":"[dropped]"},"groundingMetadata":{"webSearchQueries":"[dropped]"}}"#
    ),
    (#"{"answer":"a"} {"answer":"b"}"#, #"{"answer":"[dropped]"} {"answer":"[dropped]"}"#),
    ("plain text", "plain text"), ("", ""), ("{", "{"), (#"{"answer""#, #"{"answer""#),
    (#"{"answer":"#, #"{"answer":"#), (#"{"answer":"a\"#, #"{"answer":"[dropped]"#),
  ])
  func `what was said is dropped, and JSON stays JSON`(_ text: String, _ expected: String) throws {
    #expect(try Self.replaced(text, .drop) == expected)
  }

  @Test(arguments: [
    ("a sk1 b", "a [redacted] b"),
    (#"{"a":"x sk1 y"}"#, #"{"a":"x [redacted] y"}"#),
    (#"{"a":"x s\u006b1 y"}"#, #"{"a":"x [redacted] y"}"#),
    (#"{"sk1":1}"#, #"{"[redacted]":1}"#),
    (#"{"a":"{\"b\":\"\\u0073k1\"}"}"#, #"{"a":"{\"b\":\"[redacted]\"}"}"#),
    (#"{"card":4111111111111111}"#, #"{"card":"[redacted]"}"#),
    (#"{"a":"{\"card\":4111111111111111}"}"#, #"{"a":"{\"card\":\"[redacted]\"}"}"#),
    (#"{"pw":"x","n":1}"#, #"{"[redacted]":"[redacted]","n":1}"#),
    (#"{"pass":"x","n":1}"#, #"{"pass":"[redacted]","n":1}"#),
    (#"{"a":"\nend"}"#, #"{"a":"[redacted]"}"#),
    ("BEGIN\nx\nEND y", "[redacted]\n[redacted]\n[redacted] y"),
  ])
  func `what a pattern matches is redacted, and JSON stays JSON`(
    _ text: String, _ expected: String
  ) throws {
    let patterns = [
      #"sk\d+"#, #"\b4\d{15}\b"#, #""pw":"[^"]*""#, #""pass":"\K[^"]*"#, "nend",
      #"BEGIN[\s\S]*?END"#,
    ]
    #expect(try Self.replaced(text, .keep, patterns) == expected)
  }

  @Test(arguments: [
    (["a sk", "1 b"], ["a [redacted]", "[redacted] b"]),
    ([#"{\"a\":\"s\\u00"#, #"6b1 x\"}"#], [#"{\"a\":\"[redacted]"#, #"[redacted] x\"}"#]),
    ([#"{\"a\":\"sk1\\"#, #"u0020x\"}"#], [#"{\"a\":\"[redacted]\\"#, #"u0020x\"}"#]),
  ])
  func `of a text that was cut into lines, nothing else goes, and the lines stay JSON`(
    _ parts: [String], _ expected: [String]
  ) throws {
    func lines(_ parts: [String]) -> String {
      parts.map { #"{"log":"\#($0)","stream":"stdout"}"# }.joined(separator: "\n")
    }
    let bytes = Array(lines(parts).utf8)
    var text = Redactor.CutText(isInside: false)
    var start = 0
    for part in parts {
      let inside = start + 8..<start + 8 + part.utf8.count
      text.parts.append(Redactor.Part(range: inside, isEscaped: true))
      start = inside.upperBound + 21
    }
    text.isOpen = false
    let redactor = try Redactor(content: .keep, patterns: [#"sk\d+"#])
    let result = redactor.replacement(for: bytes.span, body: 0, texts: [text])
    #expect(result.map { String(decoding: $0.text, as: UTF8.self) } == lines(expected))
  }

  @Test(arguments: [
    ("key sk-ab", "key [redacted]"), ("key sk-abcd x", "key [redacted] x"), ("key", "key"),
    (#"{"a":"key sk-a"#, #"{"a":"key [redacted]"#), (#"{"a":"s\u006b-a"#, #"{"a":"[redacted]"#),
    // Cut within a character, in whatever way it is written.
    ("key pépé\u{FFFD}", "key [redacted]"), ("pépé\u{FFFD}\u{FFFD}", "[redacted]"),
    ("key \u{FFFD}", "key \u{FFFD}"), (#"{"a":"pép\u00e9\uD8"#, #"{"a":"[redacted]"#),
    (#"{"a":"pépé\uD83D"#, #"{"a":"[redacted]"#), (#"{"a":"pépé\ud83d\ud"#, #"{"a":"[redacted]"#),
    (#"{"a":"{\"b\":\"pépé\\ud83d\\"#, #"{"a":"{\"b\":\"[redacted]"#),
    (#"{"a":"pépé\uD83Dé"#, #"{"a":"pépé\uD83Dé"#),
    (#"{"a":"pépé\ud83d"}"#, #"{"a":"pépé\ud83d"}"#),
  ])
  func `of a record that goes on, what may become a match is redacted`(
    _ text: String, _ expected: String
  ) throws {
    #expect(try Self.replaced(text, .keep, ["sk-[a-z]{4}", "pépé🔑x"], isOpen: true) == expected)
  }

  @Test func `a text has one hash, however it is written`() throws {
    let texts = [
      #"{"answer":"aé\"b"}"#, #"{"answer":"a\u00e9\"b"}"#,
      #"{"ai_log":"{\"answer\":\"aé\\\"b\"}"}"#,
    ]
    let hashes = try texts.map { text in
      let replaced = try Self.replaced(text, .hash(key: [1]))
      return replaced.firstRange(of: "[hash:").map { String(replaced[$0.lowerBound...].prefix(23)) }
    }
    #expect(hashes[0] != nil && Set(hashes).count == 1)
    #expect(try Self.replaced(texts[0], .hash(key: [2])).contains(hashes[0] ?? "") == false)
  }

  @Test func `any text comes back with its lines, and JSON as JSON`() throws {
    var random = SeededRandom(seed: 20_260_201)
    let alphabet =
      Array(
        #"{}[]":,\ntu0a1 answer content {"a":"\"}] sk12 é"#.utf8) + Array("\n".utf8)
    for content in [Redactor.Content.drop, .hash(key: [1, 2, 3])] {
      let redactor = try Redactor(content: content, patterns: [#"sk\d+"#, "[an]{2}"])
      for _ in 0..<4000 {
        let bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
          alphabet.randomElement(using: &random) ?? 0
        }
        let text = TextOf(bytes)
        let result = redactor.replacement(
          for: text.bytes.span, body: Int.random(in: 0...9, using: &random),
          isOpen: Bool.random(using: &random))
        guard let result else { continue }
        #expect(
          result.text.count { $0 == 0x0A } == text.bytes.count { $0 == 0x0A }, "\(text.text)")
        if let marked = MarkedText(result.text.span) {
          let mayBe = marked.mayBe(result.text.span, from: text.bytes.span, .whole)
          #expect(mayBe, "\(text.text) → \(String(decoding: result.text, as: UTF8.self))")
        }
      }
    }
  }

  private struct TextOf {
    var text: String
    var bytes: [UInt8]
    init(_ raw: [UInt8]) {
      text = String(decoding: raw, as: UTF8.self)
      bytes = Array(text.utf8)
    }
  }
}

@Suite struct `Marked text` {
  @Test(arguments: [
    (#"a [redacted] c"#, "a b c", true), (#"a [redacted] c"#, "a b d", false),
    (#"a [redacted] c"#, "x b c", false), (#"{"a":"[dropped]"}"#, #"{"a":12}"#, true),
    ("[hash:0123456789abcdef]", "any", true), ("[redacted] b", "a\nb", false),
    ("[redacted]\n[redacted]", "a\nb", true), ("[redacted]x[redacted]y", "1x2y", true),
    ("[redacted]x[redacted]y", "1y2x", false), ("a[redacted]", "a", true),
  ])
  func `a mark stands for any part of its line`(_ stored: String, _ text: String, _ isSame: Bool) {
    let bytes = Array(stored.utf8)
    let other = Array(text.utf8)
    let mayBe = MarkedText(bytes.span)?.mayBe(bytes.span, from: other.span, .whole)
    #expect(mayBe == isSame)
  }

  @Test func `without a mark there is nothing to stand for anything`() {
    for text in ["", "a", "[dropped", "[hash:0123]", "[hash:0123456789ABCDEF]"] {
      let bytes = Array(text.utf8)
      let hasMark = MarkedText(bytes.span) != nil
      #expect(!hasMark)
    }
  }
}
