/// The tokens of one request in classes that do not overlap: each token is in exactly one.
///
/// Extraction leaves each class between 0 and `most`, so that sums over any number of turns that a
/// store can hold stay inside 64 bits.
package struct TokenUsage: Sendable, Equatable {
  /// Input that no cache was involved in.
  package var uncachedInput: Int64
  /// Input that was read from the provider's cache.
  package var cacheRead: Int64
  /// Input that was written to the cache for five minutes, or for an unknown time.
  package var cacheWrite5m: Int64
  /// Input that was written to the cache for an hour.
  package var cacheWrite1h: Int64
  /// Output less reasoning.
  package var visibleOutput: Int64
  package var reasoning: Int64

  /// A larger count is taken for an error.
  package static let most: Int64 = 1_000_000_000_000

  package init(
    uncachedInput: Int64 = 0, cacheRead: Int64 = 0, cacheWrite5m: Int64 = 0,
    cacheWrite1h: Int64 = 0, visibleOutput: Int64 = 0, reasoning: Int64 = 0
  ) {
    self.uncachedInput = uncachedInput
    self.cacheRead = cacheRead
    self.cacheWrite5m = cacheWrite5m
    self.cacheWrite1h = cacheWrite1h
    self.visibleOutput = visibleOutput
    self.reasoning = reasoning
  }

  /// The whole prompt, what is shown as input.
  package var input: Int64 { uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h }
  /// What is shown as output.
  package var output: Int64 { visibleOutput + reasoning }
  package var total: Int64 { input + output }
}
