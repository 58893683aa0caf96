/// What a token of each class costs, in pico-dollars: a millionth of a dollar a million tokens.
package struct Rates: Sendable, Equatable {
  package var input: Int64
  package var cached: Int64?
  package var write5m: Int64?
  package var write1h: Int64?
  package var output: Int64
  package var reasoning: Int64?

  package init(
    input: Int64, cached: Int64? = nil, write5m: Int64? = nil, write1h: Int64? = nil,
    output: Int64, reasoning: Int64? = nil
  ) {
    self.input = input
    self.cached = cached
    self.write5m = write5m
    self.write1h = write1h
    self.output = output
    self.reasoning = reasoning
  }

  /// A price that is not given is that of the tokens which it is a kind of, and never 0.
  package subscript(_ class: TokenClass) -> Int64 {
    switch `class` {
    case .input: input
    case .cacheRead: cached ?? input
    case .cacheWrite5m: write5m ?? input
    case .cacheWrite1h: write1h ?? write5m ?? input
    case .output: output
    case .reasoning: reasoning ?? output
    }
  }
}

/// The price of a model from a day on.
package struct Price: Sendable, Equatable {
  /// The rates of all tokens of a turn whose prompt is longer than `bound` tokens.
  package struct Tier: Sendable, Equatable {
    package var bound: Int64
    package var rates: Rates

    package init(bound: Int64, rates: Rates) {
      self.bound = bound
      self.rates = rates
    }
  }

  /// Of the row of `price`; 0 where it is not stored.
  package var id: Int64
  /// In lower case.
  package var model: String
  package var provider: String?
  /// Microseconds since 1970; 0 is since ever.
  package var validFrom: Int64
  package var rates: Rates
  package var tier: Tier?

  package init(
    id: Int64 = 0, model: String, provider: String? = nil, validFrom: Int64 = 0, rates: Rates,
    tier: Tier? = nil
  ) {
    self.id = id
    self.model = model
    self.provider = provider
    self.validFrom = validFrom
    self.rates = rates
    self.tier = tier
  }

  /// Whether turns cost the same by both.
  package func isSame(as other: Price) -> Bool {
    rates == other.rates && tier == other.tier
  }
}
