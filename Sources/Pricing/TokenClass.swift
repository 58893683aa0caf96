package import LogModel

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

extension TokenUsage {
  package subscript(_ class: TokenClass) -> Int64 {
    switch `class` {
    case .input: uncachedInput
    case .cacheRead: cacheRead
    case .cacheWrite5m: cacheWrite5m
    case .cacheWrite1h: cacheWrite1h
    case .output: visibleOutput
    case .reasoning: reasoning
    }
  }

  package var isEmpty: Bool { self == TokenUsage() }
}
