import LogModel
import Pricing
import TestSupport
import Testing

private let builtIn = try? PriceBook(PriceList.parse(PriceList.builtIn))

@Suite struct LookupTests {
  @Test(
    arguments: [
      ("gpt-4o", "gpt-4o", .exact), ("GPT-4o", "gpt-4o", .exact),
      ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13", .exact),
      ("gpt-4o-2024-11-20", "gpt-4o", .stripped), ("openai/gpt-4o", "gpt-4o", .stripped),
      ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", .stripped),
      ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5", .stripped),
      ("bedrock/us.anthropic.claude-opus-4-1-20250805-v1:0", "claude-opus-4-1", .stripped),
      ("vertex_ai/claude-opus-4-5@20251101", "claude-opus-4-5", .stripped),
      ("anthropic/claude-3-7-sonnet-latest:thinking", "claude-3-7-sonnet", .stripped),
      ("claude-3-5-sonnet-latest", "claude-3-5-sonnet", .stripped),
      ("models/gemini-2.5-pro", "gemini-2.5-pro", .stripped),
      ("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5", .alias),
      ("claude-4.5-sonnet", "claude-sonnet-4-5", .alias), ("gpt-35-turbo", "gpt-3.5-turbo", .alias),
      ("gpt-4o-mini-realtime", "gpt-4o-mini", .prefix),
      ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro", .prefix),
      ("claude-opus-4-8-fast", "claude-opus-4-8", .prefix),
      ("DeepSeek-R1", "deepseek-r1", .exact), ("MiniMax-M2", "minimax-m2", .exact),
      ("gemini-2.0-flash-001", "gemini-2.0-flash", .stripped),
      ("gemini-2.0-flash-lite-001", "gemini-2.0-flash-lite", .stripped),
      ("claude-opus-4-6-1m", "claude-opus-4-6", .stripped),
      ("claude-opus-4-6[1m]", "claude-opus-4-6", .stripped),
      ("azure_ai/grok-4-20-reasoning", "grok-4.20-reasoning", .alias),
      ("o3-deep-research-2025-06-26", "o3-deep-research", .stripped),
      ("mistral-large-2407", "mistral-large-2407", .exact),
      ("deepseek-r1-0528", "deepseek-r1", .prefix), ("gpt-4-0314", "gpt-4", .prefix),
      ("gemini-3-flash", "gemini-3-flash-preview", .alias),
      ("gemini-3.8-flash-cyber", "gemini-3.8-flash-cyber", .exact),
      ("gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash-preview-09-2025", .exact),
      ("deepseek.r1-v1:0", "deepseek.r1-v1:0", .exact),
      ("eu.amazon.nova-lite-v1:0", "nova-lite", .stripped),
      ("gpt-5.4", "gpt-5.4", .exact), ("gpt-5.2-codex", "gpt-5.2-codex", .exact),
    ] as [(String, String, Match)])
  func `a model is found by its name`(_ name: String, _ model: String, _ match: Match) throws {
    let entry = try #require(builtIn?.entry(for: name))
    #expect(entry.prices[0].model == model)
    #expect(entry.match == match)
  }

  @Test(arguments: [
    "", "-", "gpt", "gpt-", "Qwen3-rerank", "llama3:8b", "unknown", "<synthetic>", "gpt-4ob", "/",
    "claude-opus-4-9", "claude-opus-4-10", "claude-sonnet-4-7", "mistral-large-5", "gpt-4o-mini-2",
    "deepseek-r1-distill-llama-8b", "openai/", "@", ":thinking", "-latest", "-2024-01-01", "claude",
    "ö",
  ])
  func `what is not known has no price`(_ name: String) {
    #expect(builtIn?.entry(for: name) == nil)
  }

  @Test func `no name takes long, and none is a trap`() {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    let parts = ["-", "/", ".", "@", ":", "v1", "20250929", "gpt", "claude", "latest", "é", ""]
    for _ in 0..<5000 {
      let name = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        parts.randomElement(using: &random) ?? ""
      }.joined()
      #expect((builtIn?.entry(for: name)?.prices.isEmpty ?? false) == false, "seed \(seed)")
    }
    #expect(builtIn?.entry(for: String(repeating: "gpt-4-", count: 1_000_000)) == nil)
    #expect(builtIn?.entry(for: "gpt-4-" + String(repeating: "-", count: 250)) != nil)
  }

  @Test func `the price of a turn is that of its day`() throws {
    let second: Int64 = 1_000_000
    let entry = try #require(builtIn?.entry(for: "gpt-4o"))
    // 2024-01-01 lies before the first one, 2024-06-01 in it, 2024-10-02 begins the next.
    for (time, input) in [
      (1_704_067_200, 5_000_000), (1_717_200_000, 5_000_000), (1_727_827_199, 5_000_000),
      (1_727_827_200, 2_500_000), (1_790_000_000, 2_500_000),
    ] as [(Int64, Int64)] {
      #expect(entry.price(at: time * second).rates.input == input, "\(time)")
    }
  }

  /// Pico-dollars a token of input and output, of a prompt below and beyond the bound for long ones.
  @Test(
    arguments: [
      ("deepseek-chat", "2025-02-08", [140_000, 280_000]),
      ("deepseek-chat", "2025-09-05", [270_000, 1_100_000]),
      ("deepseek-reasoner", "2025-09-06", [560_000, 1_680_000]),
      ("deepseek-reasoner", "2025-09-29", [280_000, 420_000]),
      ("claude-3-5-haiku-20241022", "2024-11-30", [1_000_000, 5_000_000]),
      ("claude-3-5-haiku-20241022", "2025-01-01", [800_000, 4_000_000]),
      ("gemini-1.5-pro-002", "2024-09-30", [3_500_000, 10_500_000, 7_000_000, 21_000_000]),
      ("claude-opus-4-6", "2026-03-12", [5_000_000, 25_000_000, 10_000_000, 37_500_000]),
      ("claude-opus-4-6", "2026-03-13", [5_000_000, 25_000_000]),
      ("mistral-large-latest", "2025-06-01", [2_000_000, 6_000_000]),
      ("gpt-3.5-turbo", "2024-02-15", [1_000_000, 2_000_000]),
    ] as [(String, String, [Int64])])
  func `models that became cheaper are billed by what they cost then`(
    model: String, day: String, expected: [Int64]
  ) throws {
    let time = try #require(Instant.parse(day + "T23:59:59.999999Z"))
    let price = try #require(builtIn?.entry(for: model)).price(at: time)
    let rates = [price.rates] + (price.tier.map { [$0.rates] } ?? [])
    #expect(rates.flatMap { [$0.input, $0.output] } == expected)
  }

  @Test func `of two prices for one day the later one in the list holds`() throws {
    let book = PriceBook([
      Price(id: 1, model: "m", rates: Rates(input: 1, output: 1)),
      Price(id: 2, model: "m", validFrom: 10, rates: Rates(input: 2, output: 2)),
      Price(id: 3, model: "m", rates: Rates(input: 3, output: 3)),
    ])
    let entry = try #require(book.entry(for: "m"))
    #expect([0, 9, 10, 11].map { entry.price(at: $0).id } == [3, 3, 2, 2])
  }

  @Test func `a list brings only what it changes`() throws {
    let list = try PriceList.parse(PriceList.builtIn)
    let book = PriceBook(list)
    #expect(book.changes(in: list) == [])
    #expect(PriceBook([]).changes(in: list) == list)
    let dearer = Price(
      model: "gpt-4o", validFrom: 1_800_000_000_000_000, rates: Rates(input: 9, output: 9))
    let same = Price(
      model: "gpt-4", validFrom: 1_800_000_000_000_000,
      rates: Rates(input: 30_000_000, output: 60_000_000))
    let new = Price(model: "gpt-99", rates: Rates(input: 1, output: 1))
    #expect(book.changes(in: [dearer, same, new]) == [dearer, new])
  }
}

@Suite struct PriceListTests {
  @Test(arguments: [
    ("gpt-5.4", 272_000, 5_000_000, 22_500_000), ("gpt-5.5", 272_000, 10_000_000, 45_000_000),
    ("gpt-5.6", 272_000, 8_000_000, 30_000_000),
    ("claude-sonnet-4-5-20250929", 200_000, 6_000_000, 22_500_000),
  ])
  func `a prompt beyond the bound costs twice as much, and its answer half as much again`(
    _ model: String, _ bound: Int64, _ input: Int64, _ output: Int64
  ) throws {
    let price = try #require(builtIn?.entry(for: model)).price(at: 0)
    for (prompt, isLong) in [(bound, false), (bound + 1, true)] {
      let tokens = TokenUsage(cacheRead: prompt - 1, cacheWrite5m: 1, visibleOutput: 1)
      let cost = try #require(Cost(of: tokens, at: price))
      #expect(cost.usesTier == isLong)
    }
    #expect(price.tier?.rates.input == input && price.tier?.rates.output == output)
    #expect(price.rates.input * 2 == input && price.rates.output * 3 == output * 2)
  }

  @Test func `the built-in list can be read, and is sound`() throws {
    let list = try PriceList.parse(PriceList.builtIn)
    #expect(list.count > 150)
    for price in list {
      let rates = price.rates
      #expect(rates.input > 0 && rates.output > 0, "\(price.model)")
      #expect(rates.cached.map { $0 <= rates.input } ?? true, "\(price.model)")
      #expect(price.model == price.model.lowercased())
      if let tier = price.tier {
        #expect(tier.bound >= 128_000 && tier.rates.input >= rates.input, "\(price.model)")
        #expect((tier.rates.cached == nil) == (rates.cached == nil), "\(price.model)")
      }
      if price.provider == "anthropic" {
        #expect(rates.write5m.map { $0 > rates.input } == true, "\(price.model)")
        #expect(rates.write1h == 2 * rates.input, "\(price.model)")
      }
    }
    let names = list.map { "\($0.model) \($0.validFrom)" }
    #expect(Set(names).count == names.count)
  }

  @Test(
    arguments: [
      ("m,p,,1,,,,2,,,,,,,,", true), ("m,p,2025-06-10,1.000001,,,,2,,,,,,,,", true),
      ("m,p,,1,,,,,,,,,,,,", false), ("m,p,,,,,,1,,,,,,,,", false), ("m,p,,1,,,,2,,,,,,,", false),
      ("m,p,,1.0000001,,,,2,,,,,,,,", false), ("m,p,,-1,,,,2,,,,,,,,", false),
      ("m,p,,1,,,,2,,200000,,,,,,", false), ("m,p,,1e-6,,,,2,,,,,,,,", false),
      ("m,p,yesterday,1,,,,2,,,,,,,,", false), ("m,p,,1.,,,,2,,,,,,,,", false),
    ])
  func `a line is read, or refused by its number`(_ line: String, _ isValid: Bool) {
    if isValid {
      #expect(throws: Never.self) { try PriceList.parse("heading\n" + line) }
    } else {
      #expect(throws: PriceList.InvalidLine(number: 2)) { try PriceList.parse("heading\n" + line) }
    }
  }

  @Test func `prices are read to the pico-dollar`() throws {
    let price = try #require(
      try PriceList.parse("heading\nm,p,,1.5,0.075,0.000001,0,2,,200000,3,,,,4,5").first)
    #expect(
      price.rates
        == Rates(
          input: 1_500_000, cached: 75_000, write5m: 1, write1h: 0, output: 2_000_000))
    #expect(
      price.tier
        == Price.Tier(
          bound: 200_000,
          rates: Rates(input: 3_000_000, output: 4_000_000, reasoning: 5_000_000)))
  }
}
