/// How a token is billed; each token of a turn is of exactly one class.
package enum TokenClass: String, Sendable, CaseIterable {
  /// Of the prompt, what went through no cache.
  case input
  case cacheRead = "cache_read"
  /// Kept for five minutes, or as long as the provider likes.
  case cacheWrite5m = "cache_write_5m"
  case cacheWrite1h = "cache_write_1h"
  /// The answer, less reasoning.
  case output
  case reasoning

  /// Those of the prompt.
  static let prompt: [TokenClass] = [.input, .cacheRead, .cacheWrite5m, .cacheWrite1h]
}

/// The tokens of one turn, in disjoint classes.
package struct TokenCounts: Sendable, Equatable {
  package var input: Int64
  package var cacheRead: Int64
  package var cacheWrite5m: Int64
  package var cacheWrite1h: Int64
  package var output: Int64
  package var reasoning: Int64

  package init(
    input: Int64 = 0, cacheRead: Int64 = 0, cacheWrite5m: Int64 = 0, cacheWrite1h: Int64 = 0,
    output: Int64 = 0, reasoning: Int64 = 0
  ) {
    self.input = input
    self.cacheRead = cacheRead
    self.cacheWrite5m = cacheWrite5m
    self.cacheWrite1h = cacheWrite1h
    self.output = output
    self.reasoning = reasoning
  }

  package subscript(_ class: TokenClass) -> Int64 {
    switch `class` {
    case .input: input
    case .cacheRead: cacheRead
    case .cacheWrite5m: cacheWrite5m
    case .cacheWrite1h: cacheWrite1h
    case .output: output
    case .reasoning: reasoning
    }
  }

  package var isEmpty: Bool { self == TokenCounts() }
}
