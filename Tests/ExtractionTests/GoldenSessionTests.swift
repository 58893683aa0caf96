import LogModel
import Testing

/// The whole of a golden session, however its files are read.
@Suite struct GoldenSessionTests {
  static let claude = [
    GoldenSessions.claudeMain, GoldenSessions.claudeSubagent, GoldenSessions.claudeResumed,
  ]
  static let codex = [GoldenSessions.codexParent, GoldenSessions.codexChild]

  @Test(arguments: Ledger.Manner.allCases)
  func `Claude Code's responses count once, in the session that made them`(_ manner: Ledger.Manner)
  {
    for files in permutations(Self.claude) {
      let ledger = Ledger(files, manner)
      #expect(
        ledger.sum
          == TokenUsage(
            uncachedInput: 1037, cacheRead: 14700, cacheWrite5m: 900, cacheWrite1h: 800,
            visibleOutput: 340))
      #expect(ledger.sum.total == 17_777)
      #expect(ledger.turns.count == 5)
      #expect(ledger.sessions == ["s1": 6130 + 450 + 1055, "s2": 9042 + 1100])
      #expect(ledger.rejects.isEmpty)
    }
    let main = Ledger(Self.claude, manner).turns.first { $0.usage.cacheWrite1h == 800 }
    #expect(main?.usage.output == 120 && main?.model == "claude-sonnet-4-6")
    let advisor = Ledger(Self.claude, manner).turns.first { $0.model == "claude-opus-4-8" }
    #expect(advisor?.usage.input == 1000 && advisor?.session == "s2")
  }

  @Test(arguments: Ledger.Manner.allCases)
  func `Codex's requests are the steps of its counter`(_ manner: Ledger.Manner) {
    for files in permutations(Self.codex) {
      let ledger = Ledger(files, manner)
      let requests = ledger.turns.map {
        [$0.usage.input, $0.usage.cacheRead, $0.usage.output, $0.usage.reasoning]
      }
      #expect(
        requests == [
          [1000, 200, 100, 40], [1500, 1000, 80, 20], [400, 100, 40, 10], [800, 300, 80, 30],
        ])
      #expect(
        ledger.turns.map(\.model) == ["gpt-5.2-codex", "gpt-5.2-codex", "gpt-5.4", "gpt-5.4"])
      #expect(ledger.sum.uncachedInput == 2100 && ledger.sum.total == 4000)
      #expect(ledger.sessions == ["T1": 3560, "T2": 440])
      #expect(ledger.turns.allSatisfy { $0.project == "/home/ada/shop" && !$0.isSuspect })
    }
  }

  @Test func `a fork whose parent is gone gives only what is its own`() {
    #expect(Ledger([GoldenSessions.codexChild]).sessions == ["T2": 440])
  }

  @Test(arguments: Ledger.Manner.allCases)
  func `records of requests beside the counter change nothing`(_ manner: Ledger.Manner) {
    let parent = Self.withRecords(GoldenSessions.codexParent, thread: "T1")
    let child = Self.withRecords(GoldenSessions.codexChild, thread: "T2")
    for files in permutations([parent, child]) {
      let ledger = Ledger(files, manner)
      #expect(ledger.sum.total == 4000 && ledger.turns.count == 4)
      #expect(ledger.sessions == ["T1": 3560, "T2": 440])
    }
    let compacted =
      parent + [
        Self.record(
          "2026-05-04T11:00:00.000Z", thread: "T1", response: "resp_9", [2000, 0, 300, 0], 5860),
        #"""
        {"timestamp":"2026-05-04T11:00:01.000Z","type":"compacted","payload":{"latest_token_usage_record":{"thread_id":"T1","response_id":"resp_9","usage":{"input_tokens":2000,"output_tokens":300,"total_tokens":2300}}}}
        """#,
      ]
    for files in permutations([compacted, child]) {
      let ledger = Ledger(files, manner)
      #expect(ledger.sum.total == 6300)
      #expect(ledger.turns.last?.model == "gpt-5.4" && ledger.turns.last?.usage.total == 2300)
    }
  }

  /// Puts a record before each line that moves the counter, as recent versions write them.
  private static func withRecords(_ lines: [String], thread: String) -> [String] {
    let requests: [(total: String, usage: [Int])] = [
      ("1100", [1000, 200, 100, 40]), ("2680", [1500, 1000, 80, 20]), ("3560", [800, 300, 80, 30]),
      ("3120", [400, 100, 40, 10]),
    ]
    var seen: Set<String> = []
    return lines.flatMap { line in
      guard line.contains("total_token_usage"),
        let request = requests.first(where: {
          line.contains("\"total_tokens\":\($0.total)}") && seen.insert($0.total).inserted
        })
      else { return [line] }
      let isOwn = thread == "T1" || request.total == "3120"
      let time = String(line.dropFirst(14).prefix(24))
      return [
        record(
          time, thread: isOwn ? thread : "T1", response: "resp_" + request.total, request.usage,
          Int(request.total) ?? 0), line,
      ]
    }
  }

  static func record(
    _ time: String, thread: String, response: String, _ usage: [Int], _ threadTotal: Int
  ) -> String {
    """
    {"timestamp":"\(time)","type":"token_usage_record","payload":{"thread_id":"\(thread)",\
    "response_id":"\(response)","usage":{"input_tokens":\(usage[0]),"cached_input_tokens":\(usage[1]),\
    "output_tokens":\(usage[2]),"reasoning_output_tokens":\(usage[3]),\
    "total_tokens":\(usage[0] + usage[2])},"thread_token_usage":{"total_tokens":\(threadTotal)}}}
    """
  }
}
