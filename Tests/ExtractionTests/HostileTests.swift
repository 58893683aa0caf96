import Extraction
import LogModel
import TestSupport
import Testing

/// Damaged lines, and files in pieces.
@Suite struct HostileTests {
  static let seeds: [[UInt8]] =
    (GoldenSessions.claudeMain + GoldenSessions.claudeResumed + GoldenSessions.codexParent
    + GoldenSessions.codexChild + UsageTests.cases.map(\.line)
    + HigressTests.cases.map { #"{"ai_log":\#($0.log),"start_time":"2026-02-01T10:00:00Z"}"# })
    .map { Array($0.utf8) }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `no bytes crash extraction or give impossible counts`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var extractor = TurnExtractor()
    var state = TurnExtractor.State()
    for round in 0..<20_000 {
      let line = Self.line(&random)
      _ = extractor.read(line.span, state: &state)
      for turn in extractor.turns {
        let usage = turn.usage
        let counts = [
          usage.uncachedInput, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h,
          usage.visibleOutput, usage.reasoning,
        ]
        #expect(
          counts.allSatisfy { (0...2 * TokenUsage.most).contains($0) }, "seed \(seed): \(line)")
      }
      if round % 16 == 0 {
        let restored = TurnExtractor.State(encoded: state.encoded)
        #expect(restored == state, "seed \(seed) round \(round)")
      }
    }
  }

  @Test(arguments: [11, 12] as [UInt64])
  func `no bytes crash a state or what it is given to`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var extractor = TurnExtractor()
    var state = TurnExtractor.State()
    for line in GoldenSessions.codexParent + GoldenSessions.claudeMain {
      _ = extractor.read(Array(line.utf8).span, state: &state)
    }
    let whole = state.encoded
    for _ in 0..<5_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...9, using: &random)) }
      guard var damaged = TurnExtractor.State(encoded: bytes) else { continue }
      for line in GoldenSessions.codexChild + GoldenSessions.claudeResumed {
        _ = extractor.read(Array(line.utf8).span, state: &damaged)
      }
    }
    #expect(TurnExtractor.State(encoded: Array(whole.dropLast())) == nil)
    #expect(TurnExtractor.State(encoded: whole + [0]) == nil)
    #expect(TurnExtractor.State().encoded.isEmpty)
    #expect(whole.count < 512)
  }

  @Test(arguments: [21, 22, 23] as [UInt64])
  func `the order of files and the split into runs change nothing`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let files = [
      GoldenSessions.claudeMain, GoldenSessions.claudeSubagent, GoldenSessions.claudeResumed,
      GoldenSessions.codexParent, GoldenSessions.codexChild, MiscountTests.parent,
      Self.damaged(GoldenSessions.claudeMain, &random),
      Self.damaged(GoldenSessions.codexParent, &random),
      Self.damaged(UsageTests.cases.map(\.line), &random),
    ]
    let expected = Ledger(files)
    for round in 0..<50 {
      let order = files.shuffled(using: &random)
      let ledger = Ledger(order, Bool.random(using: &random) ? .inOneGo : .lineByLine)
      #expect(ledger.sum == expected.sum, "seed \(seed) round \(round)")
      #expect(ledger.sessions == expected.sessions, "seed \(seed) round \(round)")
      #expect(ledger.turns.count == expected.turns.count, "seed \(seed) round \(round)")
    }
  }

  private static func damaged(_ lines: [String], _ random: inout SeededRandom) -> [String] {
    lines.shuffled(using: &random).map { line in
      var bytes = Array(line.utf8)
      for index in bytes.indices
      where bytes[index] &- 0x31 <= 8 && Int.random(in: 0..<40, using: &random) == 0 {
        bytes[index] = UInt8.random(in: 0x31...0x39, using: &random)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  static func line(_ random: inout SeededRandom) -> [UInt8] {
    var line = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<Int.random(in: 1...4, using: &random) where !line.isEmpty {
      let place = Int.random(in: 0..<line.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: line[place] = UInt8.random(in: 0...255, using: &random)
      case 1: line.removeSubrange(place...)
      case 2: line.removeSubrange(..<place)
      case 3: line.insert(Array("\"\\{}[]:,-9e.".utf8)[place % 12], at: place)
      case 4:
        if line[place] &- 0x30 <= 9 {
          line.insert(contentsOf: Array("999999999999".utf8), at: place)
        }
      default:
        let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
        line.insert(contentsOf: other.prefix(place), at: place)
      }
    }
    return line
  }
}
