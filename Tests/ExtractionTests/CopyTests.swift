import Extraction
import LogModel
import Testing

/// Which records are one request, where nothing but what they say can tell.
@Suite struct CopyTests {
  static func line(_ output: Int, time: String = "2026-05-01T10:00:00Z") -> String {
    #"{"time":"\#(time)","model":"gpt-4o","usage":{"prompt_tokens":10,"completion_tokens":\#(output)}}"#
  }

  static func identified(_ id: String, _ prompt: Int, _ output: Int, second: Int) -> String {
    #"{"time":"2026-05-01T10:01:0\#(second)Z","id":"\#(id)","model":"m","usage":{"prompt_tokens":\#(prompt),"completion_tokens":\#(output)}}"#
  }

  @Test(arguments: Ledger.Manner.allCases)
  func `equal requests of one second are told, however many stand between them`(
    _ manner: Ledger.Manner
  ) {
    let lines = [Self.line(500)] + (0..<300).map { Self.line($0) } + [Self.line(500)]
    #expect(Ledger([lines], manner).turns.count == 302)
    #expect(Ledger([lines, lines], manner).turns.count == 302)
    #expect(Ledger([lines, lines.suffix(200)], manner).turns.count == 302)
  }

  @Test func `what is remembered of a log does not grow with it`() {
    func size(_ seconds: Int) -> Int {
      var extractor = TurnExtractor()
      var state = TurnExtractor.State()
      for second in 0..<seconds {
        for output in 0..<3 {
          let line = Array(Self.line(output, time: String(1_777_600_000 + second)).utf8)
          #expect(extractor.read(line.span, state: &state))
        }
      }
      return state.encoded.count
    }
    #expect(size(2000) < 1000)
    #expect(size(4000) < 1000)
  }

  @Test func `an id that may be that of a request is one response's with an equal prompt only`() {
    let id = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
    let lines = (1...3).map { Self.identified(id, 1000 * $0, 1, second: $0) }
    #expect(Ledger([lines]).sum.input == 6000)
    #expect(Ledger([lines, lines]).turns.count == 3)
    let growing = [1, 5, 9].map { Self.identified(id, 1000, $0, second: $0) }
    #expect(Ledger([growing]).turns.map(\.usage.output) == [9])
  }

  @Test(arguments: [
    "chatcmpl-BCyXabcdefghijkLmnopqr", "resp_abcdefghijklmnopqrst", "gen-abcdefghijklmnopqrst",
  ])
  func `a provider's id is one response's`(_ id: String) {
    let lines = [1, 5, 9].map { Self.identified(id, 10, $0, second: $0) }
    #expect(Ledger([lines]).turns.map(\.usage.output) == [9])
  }

  @Test func `a copy of a record whose time nobody can read is a copy`() {
    let line = Self.line(5, time: "T10:010:00")
    let ledger = Ledger([[line], [line]])
    #expect(ledger.turns.count == 1)
    #expect(ledger.turns.map(\.hasInvalidTime) == [true])
  }
}

/// Times that a format has read in a line.
@Suite struct LineTimeTests {
  /// The turn of a line whose format read `time` in it.
  static func turn(_ line: String, body: Int = 0, at time: Int64?) -> Turn? {
    var extractor = TurnExtractor()
    var state = TurnExtractor.State()
    let bytes = Array(line.utf8)
    _ = extractor.read(bytes.span, body: body..<bytes.count, time: time, state: &state)
    return extractor.turns.first
  }

  @Test(
    arguments: [
      ("2026-05-01 20:00:00", 7), ("2026-05-01 20:00:00Z", 1_777_665_600_000_000),
      ("2026/05/01 20:00:00", 7), ("01/May/2026:20:00:00 +0800", 7),
    ] as [(String, Int64)])
  func `a time without a zone, or in a layout that only a format knows, is the line's`(
    _ text: String, _ time: Int64
  ) throws {
    let turn = try #require(Self.turn(CopyTests.line(1, time: text), at: 7))
    #expect(turn.time == time && !turn.hasInvalidTime)
  }

  @Test func `a time in front of a record does not make the record's own one valid`() throws {
    let line = "2026-05-01T10:00:00Z " + CopyTests.line(1, time: "T10:010:00")
    let turn = try #require(Self.turn(line, body: 21, at: 7))
    #expect(turn.time == nil && turn.hasInvalidTime)
  }

  @Test func `records without a time of their own are told apart by the line's`() {
    let line = #"P {"usage":{"input_tokens":3}}"#
    let keys = [7, 7, 8].map { Self.turn(line, body: 2, at: $0)?.key }
    #expect(keys[0] != nil && keys[0] == keys[1] && keys[1] != keys[2])
    #expect(Self.turn(line, body: 2, at: nil)?.key == nil)
  }

  @Test func `a time before 1970 is none`() throws {
    let turn = try #require(Self.turn(CopyTests.line(1, time: "1969-12-31T23:59:59Z"), at: nil))
    #expect(turn.time == nil && turn.hasInvalidTime)
  }
}
