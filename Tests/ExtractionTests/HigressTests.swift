import LogModel
import TestSupport
import Testing

@Suite struct HigressTests {
  static let hasData = Repository.data != nil
  static let why: Comment = "the shared test data is absent"

  @Test(.enabled(if: hasData, why), arguments: Ledger.Manner.allCases)
  func `a rotated log adds up after every rotation`(_ manner: Ledger.Manner) {
    let files = ["access.log.2", "access.log.1", "access.log"].compactMap {
      sharedLines("higress/rotation_test/" + $0)
    }
    let expected: [[Int64]] = [
      [10, 1055, 555, 355], [15, 1620, 870, 570], [18, 1971, 1071, 711],
    ]
    for (count, totals) in expected.enumerated() {
      let ledger = Ledger(Array(files.prefix(count + 1)), manner)
      let sum = ledger.sum
      #expect([Int64(ledger.turns.count), sum.input, sum.output, sum.cacheRead] == totals)
      #expect(ledger.turns.filter(\.hasInvalidTime).count == 1)
      #expect(ledger.turns.filter { $0.time == nil }.count == 1)
      #expect(ledger.sessions.keys.sorted() == ["session_001"])
    }
    #expect(Ledger(files + files, manner).turns.filter { $0.time != nil }.count == 17)
  }

  @Test(.enabled(if: hasData, why))
  func `the demonstration logs give their totals`() throws {
    let first = Ledger([try #require(sharedLines("higress/test_access.log"))])
    #expect(first.sessions.count == 2)
    #expect(first.sum.input == 1000 && first.sum.output == 590)
    let turn = try #require(first.turns.first)
    #expect(turn.model == "Qwen3-rerank" && turn.consumer == "clawdbot" && turn.chatRound == 1)
    #expect(turn.toolCalls == 1 && turn.isStream == false && turn.route == "Qwen3-rerank@higress")
    #expect(turn.time == 1_769_938_215_000_000)

    let second = Ledger([try #require(sharedLines("higress/test_access_v2.log"))])
    #expect(second.sessions.count == 2)
    #expect(second.sum.input == 750 && second.sum.output == 530 && second.sum.cacheRead == 400)
    #expect(second.turns.map(\.reportedReasoning).reduce(0, +) == 500)
    let chat = second.turns.filter { $0.model == "gpt-4o" }
    let usage = Ledger.sum(chat)
    #expect(usage.input == 650 && usage.cacheRead == 400 && usage.output == 450)
    #expect(chat.allSatisfy { !$0.isSuspect })
    // 500 reasoning tokens in 80 tokens of output, and a total of 580.
    let impossible = second.turns.filter { $0.model == "o1" }
    #expect(impossible.map(\.isSuspect) == [true] && impossible.map(\.usage.output) == [80])
  }

  @Test(.enabled(if: hasData, why))
  func `each line of the gateway's template gives the right turn or none`() throws {
    let lines = try #require(sharedLines("higress/higress_template_SYNTHETIC.jsonl"))
    let ledgers = lines.map { Ledger([[$0]]) }
    #expect(ledgers.map(\.turns.count) == [1, 0, 1, 1, 1, 1, 1])
    #expect(ledgers.allSatisfy { $0.rejects.isEmpty })
    let turns = ledgers.map(\.turns.first)
    let whole = try #require(turns[0])
    #expect(
      whole.usage
        == TokenUsage(uncachedInput: 20, cacheRead: 80, visibleOutput: 25, reasoning: 25))
    #expect(whole.session == "agent:main:discord:1465367993012981988")
    #expect(whole.latency == 985 && whole.firstToken == 425 && whole.isStream == true)
    #expect(whole.status == 200 && whole.responseFlags == nil && !whole.hasFailed)
    #expect(whole.requestID == "b6d7d73c-3f47-919f-9836-e8cd5d8df2da" && whole.chatRound == 3)
    #expect(whole.route == "ai-route-openai.internal" && whole.path == "/v1/chat/completions")
    #expect(whole.time == 1_769_940_000_123_000 && !whole.isSuspect)
    // Counts as strings, which contradict the cached tokens.
    let strings = try #require(turns[2])
    #expect(strings.usage.input == 10 && strings.usage.output == 69 && strings.latency == 1955)
    #expect(strings.isSuspect)
    // Details as objects, a list cut by Go, a question in parts.
    for index in [3, 4] {
      #expect(turns[index]?.usage.input == 100 && turns[index]?.usage.output == 50)
      #expect(turns[index]?.usage.cacheRead == 80 && turns[index]?.isSuspect == false)
    }
    // Broken by quotes in the user agent.
    #expect(turns[5]?.usage == whole.usage && turns[5]?.requestID == "r-6")
    #expect(turns[5]?.time == whole.time && turns[5]?.status == 200)
    let failed = try #require(turns[6])
    #expect(failed.hasFailed && !failed.hasUsage && failed.usage == TokenUsage())
    #expect(failed.status == 503 && failed.responseFlags == "UH" && failed.chatRound == 3)
  }

  struct Case: CustomTestStringConvertible {
    var testDescription: String
    var log: String
    var total: Int64?
    var reject: TurnReject?
    var session: String?

    init(
      _ name: String, _ log: String, total: Int64? = nil, reject: TurnReject? = nil,
      session: String? = nil
    ) {
      (testDescription, self.log, self.total, self.reject) = (name, log, total, reject)
      self.session = session
    }
  }

  static let cases = [
    Case("nothing", #""-""#),
    Case("null", "null"),
    Case("an empty text", #""""#),
    Case("what another plugin wrote", #""{\"cache_status\":\"miss\"}""#),
    Case("a list", "[1]", reject: .brokenAILog),
    Case("a number", "5", reject: .brokenAILog),
    Case("a text", #""token""#, reject: .brokenAILog),
    Case("an object that breaks off", #""{\"model\":\"m\",\"input_to""#, reject: .brokenAILog),
    Case("an object, not in a string", #"{"input_token":3,"output_token":4}"#, total: 7),
    Case(
      "a session with slashes", #""{\"session_id\":\"a/b?c&d:e\",\"input_token\":3}""#, total: 3,
      session: "a/b?c&d:e"),
    Case(
      "an escaped session", #""{\"session_id\":\"\\u4f60\\\"\",\"input_token\":3}""#,
      total: 3, session: "你\""),
    Case(
      "a session that is a number", #""{\"session_id\":7,\"input_token\":3}""#, total: 3,
      session: "7"),
    Case("counts that are null", #""{\"model\":\"m\",\"input_token\":null}""#, total: 0),
    Case("zeros behind the point", #""{\"input_token\":3.0,\"output_token\":\"4\"}""#, total: 7),
    Case("a fraction", #""{\"input_token\":1.5}""#, reject: .invalidCount),
    Case("a negative count", #""{\"input_token\":-1}""#, reject: .invalidCount),
    Case("a huge count", #""{\"input_token\":99999999999999999999999}""#, reject: .invalidCount),
    Case("a large count", #""{\"input_token\":9223372036854775807}""#, reject: .invalidCount),
    Case("an exponent", #""{\"input_token\":1e3}""#, total: 1000),
    Case("a list for a count", #""{\"input_token\":[1]}""#, reject: .invalidCount),
    Case("a word for a count", #""{\"input_token\":\"many\"}""#, reject: .invalidCount),
    Case(
      "a broken count in the details",
      #""{\"input_token\":1,\"input_token_details\":\"{\\\"cached_tokens\\\":-4}\"}""#,
      reject: .invalidCount),
    Case("a text for details", #""{\"input_token\":2,\"input_token_details\":\"x\"}""#, total: 2),
  ]

  @Test(arguments: cases)
  func `ai_log may be`(_ example: Case) {
    for line in [
      #"{"start_time":"2026-02-01T10:00:00.123Z","ai_log":\#(example.log),"duration":"9"}"#,
      #"{"ai_log":\#(example.log),"timestamp":"2026-02-01T10:00:00Z"}"#,
    ] {
      let ledger = Ledger([[line]])
      #expect(ledger.turns.map(\.usage.total) == (example.total.map { [$0] } ?? []))
      #expect(ledger.rejects == (example.reject.map { [$0] } ?? []))
      if example.total != nil { #expect(ledger.turns.first?.session == example.session) }
    }
  }

  @Test func `equal lines in one file are requests, in two files copies`() {
    let line = #"{"ai_log":"{\"input_token\":1}","start_time":"2026-02-01T10:00:00Z"}"#
    let other = #"{"ai_log":"{\"input_token\":1}","start_time":"2026-02-01T10:00:01Z"}"#
    let untimed = #"{"ai_log":"{\"input_token\":1}"}"#
    for manner in Ledger.Manner.allCases {
      #expect(
        Ledger([[line, line, other], [line, other], [line, line]], manner).turns.count == 3)
      #expect(Ledger([[untimed], [untimed]], manner).turns.count == 2)
    }
  }

  @Test func `one request id may stand for two requests`() {
    let lines = ["5", "6"].map {
      #"{"ai_log":"{\"input_token\":\#($0)}","request_id":"r","start_time":"2026-02-01T10:00:00Z"}"#
    }
    #expect(Ledger([lines]).sum.input == 11)
  }

  @Test(arguments: [":", ": ", " : "])
  func `a line that a user agent breaks gives its turn, whatever stands around its colons`(
    _ colon: String
  ) throws {
    let members = [
      (#""user_agent""#, #""a " b""#),
      (#""ai_log""#, #""{\"input_token\":3,\"session_id\":\"s\"}""#),
      (#""start_time""#, #""2026-02-01T10:00:00Z""#), (#""request_id""#, #""r""#),
    ]
    let line = "{" + members.map { $0 + colon + $1 }.joined(separator: ",") + "}"
    let turn = try #require(Ledger([[line]]).turns.first)
    #expect(turn.usage.input == 3 && turn.session == "s" && turn.requestID == "r")
    #expect(turn.time == 1_769_940_000_000_000)
  }

  @Test func `a line cut within ai_log is rejected`() {
    let line = #"{"ai_log":"{\"input_token\":1,\"messages\":[{\"content\":\"and then"#
    #expect(Ledger([[line]]).rejects == [.brokenAILog])
  }
}
