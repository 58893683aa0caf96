import LogModel
import Reporting
import TestSupport
import Testing

private let alphabet: [Unicode.Scalar] = [
  "a", "Z", "0", " ", ",", "\"", "\\", "/", "'", "|", "\n", "\r", "\t", "\u{1}", "\u{1B}", "\u{7F}",
  "\u{9B}", "é", "\u{301}", "数", "ｗ", "👍", "\u{1F3FD}", "\u{200D}", "\u{FE0F}", "🇩", "\u{202E}",
  "\u{2028}", "\u{FEFF}", "한", "\u{1160}", "\u{10FFFF}",
]

private func texts(_ count: Int, using random: inout SeededRandom) -> [String] {
  (0..<count).map { _ in
    let length = Int.random(in: 0...60, using: &random)
    var text = ""
    for _ in 0..<length {
      text.unicodeScalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
    }
    return text
  }
}

private func hexadecimal(_ text: String) -> String {
  text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined().uppercased()
}

@Test(arguments: [UInt64(1), 2, 3])
func `SQLite reads back what is written as JSON and CSV`(_ seed: UInt64) {
  var random = SeededRandom(seed: seed)
  let values = texts(300, using: &random)
  let rows = values.enumerated().map { [Value.integer(Int64($0.offset)), .text($0.element)] }
  let scratch = Scratch()
  let json = scratch.write("rows.json", rendered(.json, ["id", "v"], rows))
  let csv = scratch.write("rows.csv", rendered(.csv, ["id", "v"], rows))
  let expected = values.map { hexadecimal($0) + "\n" }.joined()
  let fromJSON = Command.run(
    "sqlite3",
    [
      ":memory:",
      "SELECT hex(value->>'v') FROM json_each(readfile('\(json)')) ORDER BY value->>'id'",
    ])
  #expect(fromJSON.output == expected, "seed \(seed)")
  let fromCSV = Command.run(
    "sqlite3",
    [
      ":memory:", ".import --csv \(csv) t", "SELECT hex(v) FROM t ORDER BY CAST(id AS INTEGER)",
    ])
  #expect(fromCSV.output == expected, "seed \(seed)")
}

@Test(arguments: [UInt64(4), 5, 6])
func `no text breaks a table out of its width`(_ seed: UInt64) {
  var random = SeededRandom(seed: seed)
  for _ in 0..<30 {
    let width = Int.random(in: 40...120, using: &random)
    let columns = ["a", "b", "c"]
    let rows = (0..<20).map { _ in texts(3, using: &random).map(Value.text) }
    let text = rendered(.table, columns, rows, style: TableStyle(width: width))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == rows.count + 2, "seed \(seed)")
    for line in lines {
      #expect(displayWidth(String(line)) <= width, "seed \(seed)")
      let isTame = line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      #expect(isTame && line.last != " ", "seed \(seed)")
    }
  }
}
