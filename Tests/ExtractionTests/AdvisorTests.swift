import LogModel
import Testing

@Suite struct `Requests to advisors` {
  private static func line(
    _ session: String, _ time: String, output: Int, advisor: Int, tools: Int = 0
  ) -> String {
    let content = Array(repeating: #"{"type":"tool_use"}"#, count: tools).joined(separator: ",")
    return MiscountTests.claude(
      "msg_1",
      MiscountTests.usage(10, output)
        + #","iterations":[{"type":"advisor_message","model":"a","input_tokens":\#(advisor),"output_tokens":1}]"#,
      session: session, time: time, content: "[\(content)]")
  }

  /// Lines of one response, and copies of it in sessions that were resumed.
  private static let files: [[[String]]] = [
    ["s-aaaa-1", "s-aaaa-2", "s-aaaa-3", "t"].map { [line($0, times[0], output: 5, advisor: 7)] },
    times.map { [line("s", $0, output: 5, advisor: 7)] },
    [3, 40, 8].map { [line("s\($0)", times[$0 % 3], output: $0, advisor: 7)] },
    [1, 2, 0].map { [line("s-s-\($0)", times[$0], output: 5, advisor: 7, tools: $0)] },
  ]
  private static let times = [
    "2026-03-02T23:59:58.000Z", "2026-03-02T23:59:59.000Z", "2026-03-03T00:00:01.000Z",
  ]

  @Test(arguments: files)
  func `stand in the session and at the time of the response`(_ files: [[String]]) throws {
    for order in permutations(files) {
      let turns = Ledger(order).turns
      #expect(turns.count == 2 && turns.map(\.usage.input).sorted() == [7, 10])
      #expect(Set(turns.map(\.session)).count == 1 && Set(turns.map(\.time)).count == 1)
    }
  }

  @Test func `count as the line shows them that has the most of them`() {
    let lines = [
      Self.line("s", Self.times[0], output: 50, advisor: 3),
      Self.line("s", Self.times[1], output: 5, advisor: 900),
    ]
    for order in permutations(lines) {
      #expect(Ledger([order]).sum.visibleOutput == 51 && Ledger([order]).sum.input == 910)
    }
  }
}
