import TestSupport
import Testing
import YAML

@Test(arguments: [
  ("/var/log/app.log", "/var/log/app.log"), ("auto", "auto"), ("12", "'12'"), ("", "''"),
  ("true", "'true'"), ("No", "'No'"), ("~", "'~'"), ("it's", "'it''s'"), ("a: b", "'a: b'"),
  ("a\nb", #""a\U0000000Ab""#), ("-", "'-'"), ("*.log", "'*.log'"), ("日本", "'日本'"),
  ("a'\u{358}", "'a''\u{358}'"),
])
func `text is written plain only where nothing misreads it`(_ text: String, _ written: String) {
  #expect(scalarText(text) == written)
}

@Test func `written text reads back as itself`() throws {
  let seed: UInt64 = 0x5EED_0001
  var random = SeededRandom(seed: seed)
  let alphabet = Array(
    "aZ09 '\"\\:#-?[]{},&*!|>%@`~\t\n\r.é日😀\u{85}\u{2028}\u{358}\u{FEFF}\u{1}\u{7F}".unicodeScalars)
  for _ in 0..<2000 {
    var text = ""
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? "a")
    }
    let document = "- \(scalarText(text))\n- [\(scalarText(text)), x]"
    let words = try? YAMLDecoder.decode(
      [OneOrMore<String>].self, from: Array(document.utf8), file: "f"
    ).flatMap(\.values)
    let expected = [text, text, "x"].map { Array($0.utf8) }
    #expect(words?.map { Array($0.utf8) } == expected, "seed \(seed): \(document.debugDescription)")
  }
}

@Test(arguments: [
  ("nmae", "name"), ("pth", "path"), ("multi_line", "multiline"), ("NAME", "name"), ("x", nil),
  ("zebra", nil), ("", nil),
])
func `the nearest word is at most a third of its letters away`(_ word: String, _ found: String?) {
  #expect(nearest(to: word, in: ["name", "path", "multiline", "multiline_timeout"]) == found)
}
