import LogModel
import Pricing
import TestSupport
import Testing

/// A turn, its price in dollars a million tokens as a line of a list, and its cost.
struct CostCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var price: String
  var tokens: TokenUsage
  var nanoUSD: Int64
  var savedNanoUSD: Int64

  init(
    _ description: String, _ price: String, _ tokens: TokenUsage, nanoUSD: Int64,
    saved: Int64 = 0
  ) {
    testDescription = description
    self.price = price
    self.tokens = tokens
    self.nanoUSD = nanoUSD
    savedNanoUSD = saved
  }
}

private let sonnet = "m,,,3,0.3,3.75,6,15,,,,,,,,"
private let tiered = "m,,,1.25,0.125,,,10,,200000,2.5,0.25,,,15,"

let costCases = [
  CostCase("nothing costs nothing", sonnet, TokenUsage(), nanoUSD: 0),
  CostCase(
    "cached tokens are cheap and counted once: gpt-4o, 650 in of which 400 cached, 450 out",
    "m,,,2.5,1.25,,,10,,,,,,,,", TokenUsage(uncachedInput: 250, cacheRead: 400, visibleOutput: 450),
    nanoUSD: 5_625_000, saved: 500_000),
  CostCase(
    "a write for an hour has a price of its own: claude-sonnet-4-5", sonnet,
    TokenUsage(uncachedInput: 1000, cacheRead: 10_000, cacheWrite1h: 2000, visibleOutput: 500),
    nanoUSD: 25_500_000, saved: 21_000_000),
  CostCase(
    "a write that is never read costs more than no cache", sonnet,
    TokenUsage(cacheWrite5m: 1000), nanoUSD: 3_750_000, saved: -750_000),
  CostCase(
    "a cached token without a price of its own is an input token", "m,,,2,,,,8,,,,,,,,",
    TokenUsage(cacheRead: 10, cacheWrite5m: 10, cacheWrite1h: 10), nanoUSD: 60_000),
  CostCase(
    "a write for an hour without a price of its own is one for five minutes",
    "m,,,2,,2.5,,8,,,,,,,,", TokenUsage(cacheWrite1h: 1000), nanoUSD: 2_500_000, saved: -500_000),
  CostCase(
    "reasoning is output", sonnet, TokenUsage(visibleOutput: 10, reasoning: 90), nanoUSD: 1_500_000),
  CostCase(
    "reasoning may have a price of its own", "m,,,0.4,,,,1.2,4,,,,,,,",
    TokenUsage(visibleOutput: 1000, reasoning: 1000), nanoUSD: 5_200_000),
  CostCase(
    "a prompt of the bound is short", tiered, TokenUsage(uncachedInput: 200_000),
    nanoUSD: 250_000_000),
  CostCase(
    "a longer one has all tokens of the turn at the long rates", tiered,
    TokenUsage(uncachedInput: 100_001, cacheRead: 100_000, visibleOutput: 10), nanoUSD: 275_152_500,
    saved: 225_000_000),
  CostCase(
    "a long answer makes no long prompt", tiered,
    TokenUsage(uncachedInput: 1, visibleOutput: 300_000),
    nanoUSD: 3_000_001_250),
  CostCase(
    "rounded once, not for each class", "m,,,0.0004,,0.0004,,0.0004,,,,,,,,",
    TokenUsage(uncachedInput: 1, cacheWrite5m: 1, visibleOutput: 1), nanoUSD: 1),
  CostCase(
    "a half is rounded up", "m,,,0.0005,,,,1,,,,,,,,", TokenUsage(uncachedInput: 1), nanoUSD: 1),
  CostCase("less is not", "m,,,0.000499,,,,1,,,,,,,,", TokenUsage(uncachedInput: 1), nanoUSD: 0),
]

@Suite struct CostTests {
  @Test(arguments: costCases)
  func `a turn costs`(_ test: CostCase) throws {
    let price = try #require(try PriceList.parse("heading\n" + test.price).first)
    let cost = try #require(Cost(of: test.tokens, at: price))
    #expect(cost.nanoUSD == test.nanoUSD)
    #expect(cost.savedNanoUSD == test.savedNanoUSD)
    #expect(cost.terms.map(\.tokens).allSatisfy { $0 > 0 })
    for term in cost.terms { #expect(term.picoUSD == term.tokens * term.rate) }
  }

  @Test func `the terms add up to the cost for any turn`() throws {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    for _ in 0..<2000 {
      func number(_ limit: Int64) -> Int64 {
        Bool.random(using: &random) ? 0 : Int64.random(in: 0...limit, using: &random)
      }
      let tokens = TokenUsage(
        uncachedInput: number(1 << 20), cacheRead: number(1 << 20), cacheWrite5m: number(1 << 16),
        cacheWrite1h: number(1 << 16), visibleOutput: number(1 << 16), reasoning: number(1 << 16))
      let rates = Rates(
        input: number(1 << 24), cached: Bool.random(using: &random) ? nil : number(1 << 22),
        write5m: Bool.random(using: &random) ? nil : number(1 << 24), output: number(1 << 26))
      let cost = try #require(Cost(of: tokens, at: Price(model: "m", rates: rates)))
      let pico = cost.terms.map(\.picoUSD).reduce(0, +)
      #expect(cost.nanoUSD == (pico + 500) / 1000, "seed \(seed)")
      let counted = cost.terms.map(\.tokens).reduce(0, +)
      let all = TokenClass.allCases.map { tokens[$0] }.reduce(0, +)
      #expect(counted == all, "seed \(seed)")
    }
  }

  @Test(
    arguments: [
      (nil, "gpt-5.5", 1000), ("batch", "gpt-4o", 500), ("flex", "o3", 500),
      ("fast", "claude-opus-4-6", 6000), ("fast", "anthropic/claude-opus-4-7-20260101", 6000),
      ("fast", "claude-opus-4-8", 2000), ("fast", "claude-sonnet-4-6", 1000),
      ("priority", "gpt-5.5", 2500), ("priority", "openai/gpt-5.4", 2000),
      ("priority", "gpt-5.4-mini", 1000), ("priority", "gpt-5.3-codex", 2000),
      ("scale", "gpt-4o", 1000),
    ] as [(String?, String, Int64)])
  func `a service multiplies all prices of a turn`(
    _ tier: String?, _ model: String, _ factor: Int64
  ) throws {
    let price = Price(model: model, rates: Rates(input: 2_000, cached: 500, output: 10_000))
    let tokens = TokenUsage(uncachedInput: 1000, cacheRead: 1000, visibleOutput: 1000)
    let cost = try #require(Cost(of: tokens, at: price, tier: tier))
    #expect(cost.nanoUSD == 12_500 * factor / 1000)
    #expect(cost.terms.map(\.rate) == [2_000, 500, 10_000].map { $0 * factor / 1000 })
  }

  @Test(arguments: [
    TokenUsage(uncachedInput: .max), TokenUsage(uncachedInput: .max, cacheRead: .max),
    TokenUsage(visibleOutput: -1),
    TokenUsage(cacheRead: -5), TokenUsage(visibleOutput: .max / 10, reasoning: .max / 10),
  ])
  func `what cannot be counted has no cost`(_ tokens: TokenUsage) {
    let price = Price(model: "m", rates: Rates(input: 3_000_000, output: 7))
    #expect(Cost(of: tokens, at: price) == nil)
  }
}
