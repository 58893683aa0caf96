/// What a model's tokens cost in another than the standard service, as a multiple of their price.
///
/// No price list states it. A batch and what waits for a free moment (`flex`) cost half at those who
/// sell it; the multiples of a faster answer are those that ccusage bills by, and a model that is not
/// among them costs what it costs.
package enum ServiceTier {
  /// In thousandths; 1000 for the standard service, which is nil.
  package static func factor(_ tier: String?, of model: String) -> Int64 {
    switch tier {
    case "batch"?, "flex"?: 500
    case "fast"?: factor(fast, model)
    case "priority"?: factor(priority, model)
    default: standard
    }
  }

  private static let standard: Int64 = 1000
  private static let fast: [String: Int64] = [
    "claude-opus-4-6": 6000, "claude-opus-4-7": 6000, "claude-opus-4-8": 2000,
  ]
  private static let priority: [String: Int64] = [
    "gpt-5.5": 2500, "gpt-5.4": 2000, "gpt-5.3-codex": 2000,
  ]

  private static func factor(_ factors: [String: Int64], _ model: String) -> Int64 {
    for (name, _) in ModelName.candidates(model) {
      if let factor = factors[name] { return factor }
    }
    return standard
  }
}

extension Rates {
  /// The rates times a factor in thousandths, each rounded half up to a pico-dollar.
  func scaled(by factor: Int64) -> Rates {
    guard factor != 1000 else { return self }
    func scaled(_ rate: Int64) -> Int64 {
      let (product, isTooLarge) = rate.multipliedReportingOverflow(by: factor)
      return isTooLarge ? rate : (product + 500) / 1000
    }
    return Rates(
      input: scaled(input), cached: cached.map(scaled), write5m: write5m.map(scaled),
      write1h: write1h.map(scaled), output: scaled(output), reasoning: reasoning.map(scaled))
  }
}
