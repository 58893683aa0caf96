import LogModel
import Testing

/// Requests of Codex threads that belong together, and those that only look alike.
@Suite struct ThreadTests {
  static let spawn = #","source":{"subagent":{"thread_spawn":{"parent_thread_id":"T1"}}}"#

  static func count(_ total: [Int], last: [Int]? = nil, _ time: String) -> String {
    MiscountTests.count(total, last: last, time: "2026-05-04T\(time)Z")
  }

  static let parent = [MiscountTests.head("T1"), count([1000, 0, 100, 0], "10:00:10.000")]

  @Test
  func `siblings with equal totals are different requests, as are a child's and its parent's`() {
    let siblings = [("T2", "10:05"), ("T3", "10:06")].map { id, minute in
      [
        MiscountTests.head(id, extra: Self.spawn, time: minute + ":00.000"),
        Self.count([500, 0, 20, 0], minute + ":30.000"),
      ]
    }
    MiscountTests.check(
      [Self.parent] + siblings, TokenUsage(uncachedInput: 2000, visibleOutput: 140), turns: 3)
    let child = [
      MiscountTests.head("T2", extra: Self.spawn, time: "10:05:00.000"),
      Self.count([1000, 0, 100, 0], "10:05:30.000"),
    ]
    MiscountTests.check(
      [Self.parent, child], TokenUsage(uncachedInput: 2000, visibleOutput: 200), turns: 2)
  }

  @Test func `a child's counter may begin anew behind copies at their own times`() {
    let child =
      [MiscountTests.head("T2", extra: Self.spawn, time: "11:00:00.000")] + Self.parent + [
        Self.count([200, 0, 20, 0], "11:00:30.000"), Self.count([250, 0, 25, 0], "11:00:40.000"),
      ]
    MiscountTests.check(
      [Self.parent, child], TokenUsage(uncachedInput: 1250, visibleOutput: 125), turns: 3)
  }

  @Test func `a subagent's copies are told where nothing but its spawning says so`() {
    let child = [
      MiscountTests.head("T2", extra: Self.spawn, time: "10:05:00.000"),
      Self.count([1000, 0, 100, 0], "10:05:00.010"), Self.count([1200, 0, 120, 0], "10:05:00.020"),
      Self.count([1500, 0, 150, 0], "10:05:20.000"),
    ]
    let parent = Self.parent + [Self.count([1200, 0, 120, 0], "10:00:20.000")]
    MiscountTests.check(
      [parent, child], TokenUsage(uncachedInput: 1500, visibleOutput: 150), turns: 3)
  }

  @Test func `a subagent's requests count where no line has a time`() {
    let lines = [
      MiscountTests.head("T2", extra: Self.spawn, time: "10:05:00.000"),
      Self.count([100, 0, 10, 0], "10:05:30.000"),
    ].map { $0.replacing("timestamp", with: "moment") }
    MiscountTests.check([lines], TokenUsage(uncachedInput: 100, visibleOutput: 10), turns: 1)
  }

  @Test func `an answer that takes half a second is no copy, even close behind a burst`() {
    func event(_ time: String) -> String {
      #"{"timestamp":"2026-05-04T\#(time)Z","type":"event_msg","payload":{"type":"agent_message"}}"#
    }
    let child = [
      MiscountTests.head("T2", extra: #","forked_from_id":"T1""#, time: "10:05:00.000"),
      MiscountTests.head("T1", time: "10:05:00.001"),
      Self.count([1000, 0, 100, 0], "10:05:00.010"), event("10:05:00.400"), event("10:05:01.200"),
      Self.count([1500, 0, 150, 0], "10:05:01.900"), event("10:05:02.000"),
      Self.count([1600, 0, 160, 0], "10:05:02.600"),
    ]
    MiscountTests.check(
      [Self.parent, child], TokenUsage(uncachedInput: 1600, visibleOutput: 160), turns: 3)
    let anew =
      child.prefix(5) + [
        Self.count([50, 0, 5, 0], last: [50, 0, 5, 0], "10:05:01.900"),
        Self.count([70, 0, 7, 0], last: [20, 0, 2, 0], "10:05:02.600"),
      ]
    MiscountTests.check(
      [Self.parent, Array(anew)], TokenUsage(uncachedInput: 1070, visibleOutput: 107), turns: 3)
  }

  @Test func `copies of a subagent that waits for its task may pause, and its answers need not`() {
    let head = MiscountTests.head(
      "T2", extra: Self.spawn + #","multi_agent_version":"v2""#, time: "10:05:00.000")
    let task =
      #"{"timestamp":"2026-05-04T10:05:01.500Z","type":"inter_agent_communication_metadata","payload":{"trigger_turn":true}}"#
    let child = [
      head, MiscountTests.head("T1", time: "10:05:00.001"),
      Self.count([1000, 0, 100, 0], "10:05:00.700"), Self.count([1200, 0, 120, 0], "10:05:01.400"),
      task, Self.count([1300, 0, 130, 0], "10:05:01.600"),
    ]
    let parent = Self.parent + [Self.count([1200, 0, 120, 0], "10:00:20.000")]
    MiscountTests.check(
      [parent, child], TokenUsage(uncachedInput: 1300, visibleOutput: 130), turns: 3)
    // Whatever it is told, a pause of more than a second is none of a copy.
    let untold = [head, Self.count([100, 0, 10, 0], "10:05:02.000")]
    MiscountTests.check([untold], TokenUsage(uncachedInput: 100, visibleOutput: 10), turns: 1)
  }

  @Test(arguments: [
    #","subagent_history_start_ordinal":4"#, #","history_base":{"end_ordinal_exclusive":4}"#,
  ])
  func `copies are told by their ordinals, whenever they were written`(_ start: String) {
    let child = [
      MiscountTests.head("T2", extra: #","parent_thread_id":"T1""# + start, time: "10:05:00.000"),
      MiscountTests.head("T1", time: "10:05:00.001"),
      Self.count([1000, 0, 100, 0], "10:05:05.000"), Self.count([1200, 0, 120, 0], "10:05:15.000"),
      Self.count([1300, 0, 130, 0], "10:05:15.100"),
    ].enumerated().map { $1.replacing(#"{"timestamp""#, with: #"{"ordinal":\#($0),"timestamp""#) }
    let parent = Self.parent + [Self.count([1200, 0, 120, 0], "10:00:20.000")]
    MiscountTests.check(
      [parent, child], TokenUsage(uncachedInput: 1300, visibleOutput: 130), turns: 3)
  }

  @Test(arguments: [
    (#","forked_from_id":"T1""#, nil, [true, false]), ("", nil, [false, false]),
    (#","forked_from_id":"T1""#, [500, 0, 50, 0], [false, false]),
  ])
  func
    `the first total of a fork without history is suspect, since it may hold what its parent used`(
      _ extra: String, _ last: [Int]?, _ expected: [Bool]
    )
  {
    let lines = [
      MiscountTests.head("T2", extra: extra, time: "10:05:00.000"),
      Self.count([4000, 0, 400, 0], last: last, "10:05:20.000"),
      Self.count([4200, 0, 420, 0], "10:05:30.000"),
    ]
    #expect(Ledger([lines]).turns.map(\.isSuspect) == expected)
  }

  @Test func `requests without a running total count, in any usual spelling`() {
    func line(_ input: Int, _ time: String) -> String {
      """
      {"timestamp":"2026-05-04T\(time)Z","type":"event_msg","payload":{"type":"token_count","info":\
      {"last_token_usage":{"input":\(input),"cached_tokens":10,"output":5,"reasoning_tokens":2}}}}
      """
    }
    let lines = [
      MiscountTests.head("T1"), line(100, "10:00:10.000"), line(100, "10:00:11.000"),
      line(200, "10:00:20.000"),
    ]
    MiscountTests.check(
      [lines], TokenUsage(uncachedInput: 280, cacheRead: 20, visibleOutput: 6, reasoning: 4),
      turns: 2)
  }

  @Test func `a thread's rounds are its tasks`() {
    let task =
      #"{"timestamp":"2026-05-04T10:00:01.000Z","type":"event_msg","payload":{"type":"task_started"}}"#
    let lines = [
      MiscountTests.head("T1"), task, Self.count([10, 0, 1, 0], "10:00:10.000"), task,
      Self.count([20, 0, 2, 0], "10:00:20.000"),
    ]
    for manner in Ledger.Manner.allCases {
      #expect(Ledger([lines], manner).turns.map(\.chatRound) == [1, 2])
    }
  }

  @Test func `a session's rounds are what its user has said`() {
    func user(_ content: String, _ extra: String = "") -> String {
      #"{"parentUuid":null,"isSidechain":false,"type":"user","sessionId":"s1"\#(extra),"message":{"role":"user","content":\#(content)}}"#
    }
    func answer(_ id: Int) -> String {
      MiscountTests.claude(
        "msg_\(id)", MiscountTests.usage(id, 1), time: "2026-03-02T10:00:0\(id).000Z")
    }
    let lines = [
      answer(1), user(#""fix the test""#), answer(2),
      user(#"[{"type":"tool_result","content":"k"}]"#),
      answer(3), user(#""Caveat: tokens""#, #","isMeta":true"#),
      user(#""so far""#, #","isCompactSummary":true"#), user(#""""#), answer(4),
      user(#"[{"type":"tool_result","content":"k"},{"type":"text","text":"and this"}]"#), answer(5),
      #"{"type":"user","sessionId":"s1","isSidechain":true,"message":{"content":"a task"}}"#,
      #"{"type":"user","sessionId":"s1","message":{"content":"thanks"}}"#, answer(6),
      #"{"cwd":"/","message":{"content":"in any order","role":"user"},"sessionId":"s1","type":"user"}"#,
      #"{ "message": {"content": "of keys"}, "type": "user", "sessionId": "s1" }"#, answer(7),
      #"{"user":"u","sessionId":"s1","message":"not said to an agent"}"#, answer(8),
    ]
    for manner in Ledger.Manner.allCases {
      #expect(Ledger([lines], manner).turns.map(\.chatRound) == [nil, 1, 1, 1, 2, 3, 5, 5])
    }
  }
}
