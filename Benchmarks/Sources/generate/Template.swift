/// Text with holes that are filled anew for each line.
///
/// `{n 1-400}` is a number, small ones more often, `{d 1-90}` one with a decimal, `{hex 8}` an id of
/// that many hex digits, `{uuid}`, `{session}`, `{order}` (numbers that grow), `{sentence 12}` that many words or a third more, and
/// any other name one entry of the word list of that name, the first ones more often.
struct Template {
  private enum Piece {
    case text([UInt8])
    case number(Int, Int)
    case decimal(Int, Int)
    case hex(Int)
    case order
    case session
    case sentence(Int)
    case word([[UInt8]])
  }

  private let pieces: [Piece]

  init(_ source: String) {
    var pieces: [Piece] = []
    var text: [UInt8] = []
    var rest = Array(source.utf8)[...]
    while let byte = rest.popFirst() {
      // A brace that opens no hole (JSON) stands for itself.
      guard byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")),
        let hole = Self.hole(String(decoding: rest[..<end], as: UTF8.self))
      else {
        text.append(byte)
        continue
      }
      pieces.append(.text(text))
      pieces += hole
      text = []
      rest = rest[(end + 1)...]
    }
    pieces.append(.text(text))
    self.pieces = pieces
  }

  private static func hole(_ source: String) -> [Piece]? {
    let parts = source.split(separator: " ")
    let numbers = (parts.dropFirst().first ?? "").split(separator: "-").compactMap { Int($0) }
    switch (parts.first ?? "", numbers.count) {
    case ("n", 2): return [.number(numbers[0], numbers[1])]
    case ("d", 2): return [.decimal(numbers[0], numbers[1])]
    case ("hex", 1): return [.hex(numbers[0])]
    case ("sentence", 1): return [.sentence(numbers[0])]
    case ("order", 0): return [.order]
    case ("session", 0): return [.session]
    case ("uuid", 0):
      let dash = Piece.text([UInt8(ascii: "-")])
      return [.hex(8), dash, .hex(4), dash, .hex(4), dash, .hex(4), dash, .hex(12)]
    default: return Words.lists[source].map { [.word($0)] }
    }
  }

  func write(line: Int, _ random: inout Random, to output: inout Output) {
    // An id is met again: each occurs a few times within some hundred lines.
    var id = Random(seed: UInt64((line + random.below(400)) / 40))
    for piece in pieces {
      switch piece {
      case .text(let text): output.append(text)
      case .number(let low, let high): output.append(UInt64(low + random.skewed(high - low + 1)))
      case .decimal(let low, let high):
        output.append(UInt64(low + random.skewed(high - low + 1)))
        output.append(UInt8(ascii: "."))
        output.append(UInt64(random.below(10)))
      case .hex(let digits):
        for start in stride(from: 0, to: digits, by: 16) {
          output.appendHex(id.next(), digits: min(16, digits - start))
        }
      case .order: output.append(UInt64(7_000_000 + line / 40 - random.skewed(100)))
      case .session: Self.writeSession((line + random.below(600)) / 100, to: &output)
      case .sentence(let words):
        for index in 0..<(words + random.below(words / 3 + 1)) {
          if index > 0 { output.append(UInt8(ascii: " ")) }
          output.append(Words.vocabulary[random.skewed(Words.vocabulary.count)])
        }
      case .word(let list): output.append(list[random.skewed(list.count)])
      }
    }
  }

  /// Sessions overlap, and live for some thousand lines.
  static func writeSession(_ index: Int, to output: inout Output) {
    output.append("agent:main:discord:1465")
    var mixed = Random(seed: UInt64(index))
    output.append(mixed.next() % 1_000_000_000_000_000, width: 15)
  }
}
