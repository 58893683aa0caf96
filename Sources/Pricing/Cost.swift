package import LogModel
/// What a turn costs, and how that comes about.
package struct Cost: Sendable, Equatable {
  /// A line of the account.
  package struct Term: Sendable, Equatable {
    package var tokenClass: TokenClass
    package var tokens: Int64
    /// Pico-dollars a token.
    package var rate: Int64
    package var picoUSD: Int64
  }

  private let tokens: TokenUsage
  /// Those that the turn is billed by.
  private let rates: Rates
  /// Whether the prompt was so long that the price's tier holds.
  package let usesTier: Bool
  /// The sum of the terms, rounded once, half up.
  package let nanoUSD: Int64
  /// What the same tokens had cost at the price of uncached input, less what they cost: negative
  /// where more was written to the cache than was read from it.
  package let savedNanoUSD: Int64

  /// Nil where a count is negative, or where the sum does not fit into 64 bits (9 million dollars).
  package init?(of tokens: TokenUsage, at price: Price, tier service: String? = nil) {
    var sum = CheckedSum()
    for tokenClass in TokenClass.prompt { sum.add(tokens[tokenClass], times: 1) }
    guard let prompt = sum.value else { return nil }
    let tier = price.tier.flatMap { prompt > $0.bound ? $0 : nil }
    let rates = (tier?.rates ?? price.rates)
      .scaled(by: ServiceTier.factor(service, of: price.model))
    var total = CheckedSum()
    var uncached = CheckedSum()
    for tokenClass in TokenClass.allCases {
      let count = tokens[tokenClass]
      let rate = rates[tokenClass]
      total.add(count, times: rate)
      uncached.add(count, times: TokenClass.prompt.contains(tokenClass) ? rates.input : rate)
    }
    guard let billed = total.value, let plain = uncached.value else { return nil }
    self.tokens = tokens
    self.rates = rates
    usesTier = tier != nil
    nanoUSD = Self.rounded(billed)
    savedNanoUSD = Self.rounded(plain - billed)
  }

  /// One for each class that has tokens.
  package var terms: [Term] {
    TokenClass.allCases.filter { tokens[$0] != 0 }.map { tokenClass in
      let rate = rates[tokenClass]
      return Term(
        tokenClass: tokenClass, tokens: tokens[tokenClass], rate: rate,
        picoUSD: tokens[tokenClass] * rate)
    }
  }

  /// Thousandths to whole units; a half goes away from zero.
  private static func rounded(_ pico: Int64) -> Int64 {
    let (quotient, remainder) = pico.quotientAndRemainder(dividingBy: 1000)
    return quotient + (remainder >= 500 ? 1 : remainder <= -500 ? -1 : 0)
  }
}

/// A sum of products of numbers that are not negative; nil once one is, or it does not fit.
private struct CheckedSum {
  private(set) var value: Int64? = 0

  mutating func add(_ count: Int64, times rate: Int64) {
    let (product, isTooLarge) = count.multipliedReportingOverflow(by: rate)
    guard let old = value, count >= 0, rate >= 0, !isTooLarge else {
      value = nil
      return
    }
    let (sum, overflow) = old.addingReportingOverflow(product)
    value = overflow ? nil : sum
  }
}
