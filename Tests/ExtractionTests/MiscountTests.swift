import LogModel
import Testing

/// The ways in which the tools that people use have been reported to miscount.
@Suite struct MiscountTests {
  /// A line of Claude Code; `usage` is the inside of the usage object.
  static func claude(
    _ id: String?, _ usage: String, session: String = "s1", request: String? = "req_1",
    time: String = "2026-03-02T10:00:00.000Z", model: String = "\"claude-sonnet-4-6\"",
    isSidechain: Bool = false, content: String = "[]", extra: String = ""
  ) -> String {
    let requestID = request.map { #","requestId":"\#($0)""# } ?? ""
    let messageID = id.map { #""id":"\#($0)","# } ?? ""
    return """
      {"type":"assistant","isSidechain":\(isSidechain),"sessionId":"\(session)"\(requestID),\
      "timestamp":"\(time)"\(extra),"message":{\(messageID)"model":\(model),"content":\(content),\
      "usage":{\(usage)}}}
      """
  }

  @Test func `lines of two responses whose ids a gateway made may interleave`() {
    let lines = [("gen-1", 0, 5), ("gen-2", 1, 5), ("gen-1", 2, 9), ("gen-2", 3, 9)].map {
      Self.claude(
        $0.0, Self.usage(10, $0.2), request: "req_\($0.0)", time: "2026-03-02T10:00:0\($0.1).000Z")
    }
    Self.check([lines], TokenUsage(uncachedInput: 20, visibleOutput: 18), turns: 2)
  }

  @Test
  func `a resumed session is the same whether its name sorts before the first one's or behind`() {
    func files(_ first: String, _ second: String) -> [[String]] {
      func line(_ number: Int, _ session: String, _ output: Int = 7) -> String {
        Self.claude(
          "msg_\(number)", Self.usage(10, output), session: session,
          time: "2026-03-02T10:00:0\(number).000Z",
          content: #"[{"type":"tool_use","id":"\#(number)"}]"#)
      }
      // A third resumes what the second has become.
      return [
        [line(1, first, 1), line(1, first), line(2, first)],
        [line(1, second), line(2, second), line(3, second)],
        [line(1, "m"), line(2, "m"), line(3, "m"), line(4, "m")],
      ]
    }
    for (first, second) in [("a", "z"), ("z", "a")] {
      let sessions = Set(
        permutations(files(first, second)).flatMap { order in
          Ledger.Manner.allCases.map { manner in
            let turns = Ledger(order, manner).turns
            return turns.map { "\($0.session ?? "") \($0.usage.total) \($0.toolCalls ?? 0)" }
          }
        })
      #expect(sessions.count == 1)
    }
    for names in [("a", "z"), ("z", "a")] {
      Self.check(
        files(names.0, names.1), TokenUsage(uncachedInput: 40, visibleOutput: 28), turns: 4)
    }
  }

  static func usage(_ input: Int, _ output: Int) -> String {
    #""input_tokens":\#(input),"output_tokens":\#(output)"#
  }

  static func check(
    _ files: [[String]], _ expected: TokenUsage, turns: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for manner in Ledger.Manner.allCases {
      for order in permutations(files) {
        let ledger = Ledger(order, manner)
        #expect(ledger.sum == expected, sourceLocation: sourceLocation)
        #expect(ledger.turns.count == turns, sourceLocation: sourceLocation)
        #expect(ledger.rejects.isEmpty, sourceLocation: sourceLocation)
      }
    }
  }

  @Test func `the largest of a response's counts is taken, neither the first nor the last`() {
    let lines = [1, 8, 300, 5].map { Self.claude("msg_1", Self.usage(10, $0)) }
    Self.check([lines], TokenUsage(uncachedInput: 10, visibleOutput: 300), turns: 1)
  }

  @Test func `a response without a request id counts once`() {
    let line = Self.claude("msg_1", Self.usage(10, 20), request: nil)
    Self.check([[line, line], [line]], TokenUsage(uncachedInput: 10, visibleOutput: 20), turns: 1)
  }

  @Test func `an id that a gateway uses again is another response at another time`() {
    let lines = ["10:00:00", "10:00:00", "10:05:00"].map {
      Self.claude(
        "gen-1", Self.usage(10, 20), request: nil, time: "2026-03-02T\($0).000Z")
    }
    Self.check([lines], TokenUsage(uncachedInput: 20, visibleOutput: 40), turns: 2)
    let named = [("req_1", "10:00:00"), ("req_1", "10:00:00"), ("req_2", "10:00:05")].map {
      Self.claude("gen-1", Self.usage(10, 20), request: $0, time: "2026-03-02T\($1).000Z")
    }
    Self.check([named], TokenUsage(uncachedInput: 20, visibleOutput: 40), turns: 2)
  }

  @Test func `an id that a gateway uses again is another response behind what the user says`() {
    func answer(_ second: Int) -> String {
      Self.claude(
        "gen-1", Self.usage(10, 20), request: nil, time: "2026-03-02T10:00:\(second).000Z")
    }
    let prompt =
      #"{"type":"user","sessionId":"s","timestamp":"2026-03-02T10:00:20.000Z","message":{"role":"user","content":"y"}}"#
    Self.check(
      [[answer(10), answer(11), prompt, answer(21)]],
      TokenUsage(uncachedInput: 20, visibleOutput: 40), turns: 2)
  }

  @Test func `the blocks of a response are one, whoever made its id`() {
    for request in ["req_1", nil] {
      let blocks = [1, 8, 20].map {
        Self.claude(
          "gen-abc", Self.usage(10, $0), request: request, time: "2026-03-02T10:00:\(10 + $0).000Z")
      }
      Self.check(
        [blocks, blocks], TokenUsage(uncachedInput: 10, visibleOutput: 20), turns: 1)
    }
  }

  @Test func `responses without an id are never one`() {
    let lines = [1, 2].map {
      Self.claude(nil, Self.usage(10, 20), time: "2026-03-02T10:00:0\($0).000Z")
    }
    Self.check([lines], TokenUsage(uncachedInput: 20, visibleOutput: 40), turns: 2)
  }

  @Test func `a side question replays responses for nothing`() {
    let original = Self.claude("msg_1", Self.usage(10, 20))
    let replay = Self.claude("msg_1", Self.usage(9000, 20), request: "req_9", isSidechain: true)
    let own = Self.claude("msg_2", Self.usage(1, 2), request: "req_9", isSidechain: true)
    Self.check(
      [[original], [replay, own]], TokenUsage(uncachedInput: 11, visibleOutput: 22), turns: 2)
  }

  @Test func `a side question replays the responses of a gateway for nothing, too`() {
    let original = Self.claude("gen-abc", Self.usage(10, 20))
    let replay = Self.claude("gen-abc", Self.usage(9000, 20), request: "req_9", isSidechain: true)
    Self.check(
      [[original], [replay]], TokenUsage(uncachedInput: 10, visibleOutput: 20), turns: 1)
  }

  @Test func `a subagent's responses count`() {
    let files = [
      [Self.claude("msg_1", Self.usage(10, 20))],
      [Self.claude("msg_2", Self.usage(30, 40), request: "req_2", isSidechain: true)],
    ]
    Self.check(files, TokenUsage(uncachedInput: 40, visibleOutput: 60), turns: 2)
  }

  @Test(arguments: [("2.1.96", true), ("2.1.97", false), ("2.0.200", true), ("3.0.0", false)])
  func `versions that wrote placeholders are told`(_ version: String, _ isSuspect: Bool) {
    let line = Self.claude("msg_1", Self.usage(10, 2), extra: #","version":"\#(version)""#)
    #expect(Ledger([[line]]).turns.map(\.isSuspect) == [isSuspect])
  }

  @Test func `writes to the cache for an hour are told from those for five minutes`() {
    let line = Self.claude(
      "msg_1",
      Self.usage(10, 2)
        + #","cache_creation_input_tokens":1000,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":800}"#
    )
    Self.check(
      [[line]],
      TokenUsage(uncachedInput: 10, cacheWrite5m: 200, cacheWrite1h: 800, visibleOutput: 2),
      turns: 1)
  }

  @Test func `each advisor is a request of its own model`() {
    let line = Self.claude(
      "msg_1",
      Self.usage(10, 2)
        + #","iterations":[{"type":"message","model":null,"input_tokens":10,"output_tokens":2},{"type":"advisor_message","model":"a","input_tokens":100,"output_tokens":30},{"type":"advisor_message","model":"b","input_tokens":7,"output_tokens":1}]"#
    )
    Self.check(
      [[line, line], [line]], TokenUsage(uncachedInput: 117, visibleOutput: 33), turns: 3)
    #expect(Ledger([[line]]).turns.map(\.model) == ["a", "b", "claude-sonnet-4-6"])
  }

  @Test func `a null in some object does not lose a line`() {
    let line = Self.claude(
      "msg_1", Self.usage(10, 2) + #","iterations":[{"type":"message","model":null}]"#,
      content: #"[{"type":"text","model":null,"usage":null}]"#)
    Self.check([[line]], TokenUsage(uncachedInput: 10, visibleOutput: 2), turns: 1)
    let unknown = Self.claude("msg_1", Self.usage(10, 2), model: "null")
    #expect(Ledger([[unknown]]).turns.map(\.model) == [nil])
    let unusual = Self.claude("msg_1", Self.usage(10, 2)).replacing(":{", with: " : {")
    Self.check([[unusual]], TokenUsage(uncachedInput: 10, visibleOutput: 2), turns: 1)
  }

  /// A running total of Codex, with the last request where one is given.
  static func count(
    _ total: [Int], last: [Int]? = nil, limit: String? = nil,
    time: String = "2026-05-04T10:00:00.000Z"
  ) -> String {
    func usage(_ name: String, _ counts: [Int]) -> String {
      """
      "\(name)":{"input_tokens":\(counts[0]),"cached_input_tokens":\(counts[1]),\
      "output_tokens":\(counts[2]),"reasoning_output_tokens":\(counts[3]),\
      "total_tokens":\(counts[0] + counts[2])}
      """
    }
    let limits = limit.map { #","rate_limits":{"limit_id":"\#($0)"}"# } ?? ""
    let lastUsage = last.map { "," + usage("last_token_usage", $0) } ?? ""
    return """
      {"timestamp":"\(time)","type":"event_msg","payload":{"type":"token_count","info":\
      {\(usage("total_token_usage", total))\(lastUsage)}\(limits)}}
      """
  }

  static func head(_ id: String, extra: String = "", time: String = "10:00:00.000") -> String {
    """
    {"timestamp":"2026-05-04T\(time)Z","type":"session_meta","payload":{"id":"\(id)"\(extra)}}
    """
  }

  @Test func `a counter that is shown again is no request`() {
    let lines = [
      Self.head("T"), Self.count([100, 0, 10, 0], last: [100, 0, 10, 0], limit: "codex"),
      Self.count([100, 0, 10, 0], last: [100, 0, 10, 0], limit: "codex"),
      Self.count([100, 0, 10, 0], last: [100, 0, 10, 0], limit: "codex_preview"),
      #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"event_msg","payload":{"type":"token_count","info":null,"rate_limits":{"limit_id":"codex"}}}"#,
      Self.count([150, 0, 15, 0], limit: "codex_preview"),
      Self.count([150, 0, 15, 0], limit: "codex"),
      Self.count([170, 0, 15, 0], limit: "codex"),
    ]
    Self.check([lines], TokenUsage(uncachedInput: 170, visibleOutput: 15), turns: 3)
  }

  @Test func `a counter of another limit runs by itself`() {
    let lines = [
      Self.head("T"), Self.count([1000, 0, 10, 0], limit: "codex"),
      Self.count([50, 0, 5, 0], limit: "preview"), Self.count([1500, 0, 20, 0], limit: "codex"),
      Self.count([70, 0, 6, 0], limit: "preview"),
    ]
    Self.check([lines], TokenUsage(uncachedInput: 1570, visibleOutput: 26), turns: 4)
  }

  @Test func `a counter that goes down is billed for nothing that was billed`() {
    let late = [
      Self.head("T"), Self.count([100, 0, 10, 0]), Self.count([300, 0, 30, 0]),
      Self.count([100, 0, 10, 0]), Self.count([350, 0, 40, 0]),
    ]
    Self.check([late], TokenUsage(uncachedInput: 350, visibleOutput: 40), turns: 3)
    let anew = [
      Self.head("T"), Self.count([300, 0, 30, 0]), Self.count([20, 0, 2, 0], last: [20, 0, 2, 0]),
      Self.count([50, 0, 5, 0]),
    ]
    Self.check([anew], TokenUsage(uncachedInput: 350, visibleOutput: 35), turns: 3)
    let unseen = [
      Self.head("T"), Self.count([300, 0, 30, 0]), Self.count([40, 0, 4, 0], last: [20, 0, 2, 0]),
      Self.count([50, 0, 5, 0], last: [10, 0, 1, 0]), Self.count([60, 0, 6, 0]),
    ]
    Self.check([unseen], TokenUsage(uncachedInput: 340, visibleOutput: 34), turns: 4)
    let lateWithLast = [
      Self.head("T"), Self.count([100, 0, 10, 0], last: [100, 0, 10, 0]),
      Self.count([300, 0, 30, 0], last: [200, 0, 20, 0]),
      Self.count([100, 0, 10, 0], last: [100, 0, 10, 0]),
      Self.count([350, 0, 40, 0], last: [50, 0, 10, 0]),
    ]
    Self.check([lateWithLast], TokenUsage(uncachedInput: 350, visibleOutput: 40), turns: 3)
    let totals = [
      Self.head("T"), Self.count([500, 0, 50, 0]), Self.count([80, 0, 8, 0]),
      Self.count([150, 0, 15, 0]), Self.count([160, 0, 15, 0]),
    ]
    Self.check([totals], TokenUsage(uncachedInput: 660, visibleOutput: 65), turns: 3)
  }

  @Test func `a line that names no limit is of the one that was used last`() {
    let lines = [
      Self.head("T"), Self.count([100, 0, 10, 0], limit: "codex"), Self.count([150, 0, 15, 0]),
      Self.count([170, 0, 16, 0], limit: "codex"),
    ]
    Self.check([lines], TokenUsage(uncachedInput: 170, visibleOutput: 16), turns: 3)
    let namedLater = [
      Self.head("T"), Self.count([100, 0, 10, 0]), Self.count([150, 0, 15, 0], limit: "codex"),
      Self.count([300, 0, 30, 0], limit: "preview"),
    ]
    Self.check([namedLater], TokenUsage(uncachedInput: 450, visibleOutput: 45), turns: 3)
  }

  static let parent = [
    head("T1"), count([100, 0, 10, 0], time: "2026-05-04T10:00:10.000Z"),
    count([300, 0, 30, 0], time: "2026-05-04T10:01:00.000Z"),
  ]

  @Test func `forks repeat nothing, at whatever times their copies stand`() {
    let burst = [
      Self.head("T2", extra: #","forked_from_id":"T1""#, time: "11:00:00.000"),
      Self.head("T1", time: "11:00:00.001"),
      Self.count([100, 0, 10, 0], time: "2026-05-04T11:00:00.010Z"),
      Self.count([300, 0, 30, 0], time: "2026-05-04T11:00:00.020Z"),
      Self.count([350, 0, 35, 0], time: "2026-05-04T11:00:30.000Z"),
    ]
    let original =
      [Self.head("T3", extra: #","forked_from_id":"T1""#, time: "12:00:00.000")] + Self.parent
      + [Self.count([370, 0, 30, 0], time: "2026-05-04T12:00:30.000Z")]
    let ofFork =
      [
        Self.head("T4", extra: #","forked_from_id":"T2""#, time: "13:00:00.000"),
        Self.head("T2", extra: #","forked_from_id":"T1""#, time: "13:00:00.001"),
        Self.head("T1", time: "13:00:00.002"),
        Self.count([100, 0, 10, 0], time: "2026-05-04T13:00:00.010Z"),
        Self.count([300, 0, 30, 0], time: "2026-05-04T13:00:00.020Z"),
        Self.count([350, 0, 35, 0], time: "2026-05-04T13:00:00.030Z"),
        Self.count([20, 0, 2, 0], time: "2026-05-04T13:00:30.000Z"),
      ]
    let files = [Self.parent, burst, original, ofFork]
    Self.check(
      files, TokenUsage(uncachedInput: 300 + 50 + 70 + 20, visibleOutput: 30 + 5 + 0 + 2), turns: 5)
    for order in permutations(files) {
      #expect(Ledger(order).sessions == ["T1": 330, "T2": 55, "T3": 70, "T4": 22])
    }
  }

  @Test func `a subagent's own requests begin at its ordinal or its task`() {
    let spawn = #","source":{"subagent":{"thread_spawn":{"parent_thread_id":"T1"}}}"#
    let byOrdinal = [
      Self.head("T5", extra: spawn + #","subagent_history_start_ordinal":3"#),
      Self.count([100, 0, 10, 0]).replacing("{\"timestamp\"", with: "{\"ordinal\":1,\"timestamp\""),
      Self.count([300, 0, 30, 0]).replacing("{\"timestamp\"", with: "{\"ordinal\":2,\"timestamp\""),
      Self.count([340, 0, 33, 0]).replacing("{\"timestamp\"", with: "{\"ordinal\":3,\"timestamp\""),
    ]
    Self.check(
      [Self.parent, byOrdinal], TokenUsage(uncachedInput: 340, visibleOutput: 33), turns: 3)
    let byTask = [
      Self.head("T6", extra: #","forked_from_id":"T1""#), Self.head("T1"),
      Self.count([100, 0, 10, 0]), Self.count([300, 0, 30, 0]),
      #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"inter_agent_communication","payload":{"trigger_turn":true}}"#,
      Self.count([20, 0, 2, 0]),
    ]
    Self.check(
      [Self.parent, byTask], TokenUsage(uncachedInput: 320, visibleOutput: 32), turns: 3)
  }

  @Test func `a session that was resumed or archived repeats nothing`() {
    let resumed = Self.parent + [Self.head("T1"), Self.count([320, 0, 31, 0])]
    Self.check([Self.parent, resumed], TokenUsage(uncachedInput: 320, visibleOutput: 31), turns: 3)
  }

  @Test func `what codex exec prints is a total, also over runs`() {
    func output(_ thread: String, _ total: Int) -> [String] {
      [
        #"{"type":"thread.started","thread_id":"\#(thread)"}"#,
        #"{"type":"turn.completed","usage":{"input_tokens":\#(total),"cached_input_tokens":0,"output_tokens":1}}"#,
      ]
    }
    let files = [output("T", 100) + output("T", 150), output("T", 200), output("U", 5)]
    Self.check(files, TokenUsage(uncachedInput: 205, visibleOutput: 2), turns: 2)
    let spaced = output("T", 200).map {
      $0.replacing("\":", with: "\": ").replacing(",", with: ", ")
    }
    Self.check(
      [output("T", 100), spaced], TokenUsage(uncachedInput: 200, visibleOutput: 1), turns: 1)
    let nameless = [output("T", 100)[1], output("T", 150)[1]]
    Self.check([nameless], TokenUsage(uncachedInput: 150, visibleOutput: 1), turns: 2)
  }

  @Test func `times are instants, whatever zone they are written in`() {
    let times = [
      "2026-03-02T23:30:00.000Z", "2026-03-03T07:30:00+08:00", "2026-03-02T15:30:00-0800",
    ]
    for time in times {
      let line = Self.claude("msg_1", Self.usage(1, 1), time: time)
      #expect(Ledger([[line]]).turns.map(\.time) == [1_772_494_200_000_000])
    }
  }

  @Test func `the recorded reset of a limit is kept`() {
    let line =
      #"{"type":"assistant","isApiErrorMessage":true,"sessionId":"s1","timestamp":"2026-03-02T09:00:00.000Z","message":{"id":"e1","model":"<synthetic>","content":[{"type":"text","text":"Claude AI usage limit reached|1772460000"}],"usage":{"input_tokens":0,"output_tokens":0}}}"#
    let ledger = Ledger([[line], [line.replacing("\"s1\"", with: "\"s2\"")]])
    #expect(ledger.turns.map(\.error) == ["Claude AI usage limit reached|1772460000"])
    #expect(ledger.turns.map(\.hasFailed) == [true] && ledger.turns.map(\.hasUsage) == [false])
    #expect(ledger.sessions == ["s1": 0])
    let silent = line.replacing(#""isApiErrorMessage":true,"#, with: "")
    #expect(Ledger([[silent]]).turns.isEmpty)
  }

  @Test func `the tokens of a model that nobody knows are kept`() {
    let line = Self.claude("msg_1", Self.usage(10, 2), model: "\"some-new-model\"")
    #expect(Ledger([[line]]).turns.map(\.model) == ["some-new-model"])
    #expect(Ledger([[Self.count([5, 0, 1, 0])]]).turns.map(\.model) == [nil])
  }

  @Test func `reasoning is a part of Codex's output`() {
    let lines = [Self.head("T"), Self.count([100, 40, 30, 20], last: [100, 40, 30, 20])]
    Self.check(
      [lines], TokenUsage(uncachedInput: 60, cacheRead: 40, visibleOutput: 10, reasoning: 20),
      turns: 1)
  }

  @Test func `a subagent's progress is the response that its own file holds`() {
    let own = Self.claude("msg_7", Self.usage(5, 50), request: "req_7", isSidechain: true)
    let progress =
      #"{"type":"progress","sessionId":"s1","data":{"type":"agent_progress","message":{"type":"assistant","timestamp":"2026-03-02T10:00:00.000Z","requestId":"req_7","message":{"id":"msg_7","model":"claude-sonnet-4-6","usage":{"input_tokens":5,"output_tokens":50}}}}}"#
    Self.check([[own], [progress]], TokenUsage(uncachedInput: 5, visibleOutput: 50), turns: 1)
    let sum =
      #"{"type":"user","sessionId":"s1","message":{"content":[]},"toolUseResult":{"totalTokens":55,"usage":{"input_tokens":5,"output_tokens":50}}}"#
    Self.check([[own], [sum]], TokenUsage(uncachedInput: 5, visibleOutput: 50), turns: 1)
  }

  @Test func `the calls of a response are those of all its lines`() {
    let blocks = [
      #"{"type":"text","text":"x"}"#, #"{"type":"tool_use","id":"a"}"#,
      #"{"type":"tool_use","id":"b"}"#,
    ]
    let lines = blocks.map { Self.claude("msg_1", Self.usage(10, 20), content: "[\($0)]") }
    for manner in Ledger.Manner.allCases {
      for order in permutations([lines, lines + lines.suffix(1)]) {
        #expect(Ledger(order, manner).turns.map(\.toolCalls) == [2])
      }
    }
  }

  @Test func `faster answers are told`() {
    let fast = Self.claude("msg_1", Self.usage(1, 1) + #","speed":"fast""#)
    let standard = Self.claude("msg_1", Self.usage(1, 1) + #","service_tier":"standard""#)
    #expect(Ledger([[fast]]).turns.map(\.serviceTier) == ["fast"])
    #expect(Ledger([[standard]]).turns.map(\.serviceTier) == [nil])
    let settings =
      #"{"timestamp":"2026-05-04T10:00:00.000Z","type":"event_msg","payload":{"type":"thread_settings_applied","thread_settings":{"model":"m","service_tier":"priority"}}}"#
    let turns = Ledger([[Self.head("T"), settings, Self.count([5, 0, 1, 0])]]).turns
    #expect(turns.map(\.serviceTier) == ["priority"] && turns.map(\.model) == ["m"])
  }
}
