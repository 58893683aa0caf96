import JSON
import LogModel
import Redaction
import RegularExpressions
import Tailing

extension FuzzTarget {
  /// Any text as a record: marks that fit it, as many lines, and JSON that stays JSON.
  static let redaction = FuzzTarget("redaction") { input in
    let text = TextSanitizer.clean(input.span)
    let patterns = [#"sk\d*"#, "[ab]{3}", #""pw":"\K[^"]*"#]
    for content in [Redactor.Content.drop, .hash(key: [7]), .keep] {
      let redactor = try Redactor(content: content, patterns: patterns)
      for isOpen in [false, true] {
        let body = text.firstIndex(of: UInt8(ascii: "{")) ?? 0
        guard
          let result = redactor.replacement(for: text.span, body: body, isOpen: isOpen)
        else { continue }
        try expectFitting(result.text, text, isOpen: isOpen)
      }
    }
  }

  private static func expectFitting(_ stored: [UInt8], _ text: [UInt8], isOpen: Bool) throws {
    let lines = text.count { $0 == 0x0A }
    try require(stored.count { $0 == 0x0A } == lines, "another number of lines")
    let marked = MarkedText(stored.span)?.mayBe(stored.span, from: text.span, .whole)
    try require(marked == true, "the marks do not fit")
    try require(TextSanitizer.isClean(stored.span), "no text any more")
    guard !isOpen, JSONValidator.isValid(text.span, 0..<text.count) else { return }
    try require(JSONValidator.isValid(stored.span, 0..<stored.count), "JSON is none any more")
  }
}
