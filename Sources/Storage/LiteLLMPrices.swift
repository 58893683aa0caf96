package import Pricing
package import SQLite

/// Prices from the JSON file `model_prices_and_context_window.json` of LiteLLM: an object with a member
/// for each model, in dollars a token.
///
/// Only models that are billed by the token of text count. A price that the file does not state for
/// a long prompt grows as that of its input does, and a Claude model has Anthropic's multiples of its
/// input price for the cache: 0.1 to read, 1.25 to write for five minutes and 2 for an hour.
package enum LiteLLMPrices {
  /// Nil where `json` is no JSON object; `skipped` are the models without a name, those
  /// of which a price is negative, no number or a mistake, and what is no object.
  ///
  /// `validFrom` is in microseconds since 1970.
  package static func read(
    _ json: String, validFrom: Int64, using db: borrowing Connection
  ) throws(SQLiteError) -> (prices: [Price], skipped: Int64)? {
    guard try db.text("SELECT iif(json_valid(?1), json_type(?1), NULL)", json) == "object" else {
      return nil
    }
    var statement = try db.prepare(sql)
    try statement.bind(1, json)
    var prices: [Price] = []
    while try statement.step() {
      var rates = rates(statement, 2)
      let isAnthropic = statement.text(0).lowercased().contains("claude")
      if isAnthropic { rates.fillAnthropic() }
      var tier: Price.Tier?
      if let bound = statement.optionalInteger(8) {
        var above = Self.rates(statement, 9)
        above.fill(from: rates)
        if isAnthropic { above.fillAnthropic() }
        tier = Price.Tier(bound: bound, rates: above)
      }
      prices.append(
        Price(
          model: statement.text(0).lowercased(), provider: statement.optionalText(1),
          validFrom: validFrom, rates: rates, tier: tier))
    }
    return (prices, try db.integer(skipped, json) ?? 0)
  }

  private static func rates(_ row: borrowing Statement, _ first: Int32) -> Rates {
    let output = row.integer(first + 4)
    let reasoning = row.optionalInteger(first + 5)
    return Rates(
      input: row.integer(first), cached: row.optionalInteger(first + 1),
      write5m: row.optionalInteger(first + 2), write1h: row.optionalInteger(first + 3),
      output: output, reasoning: reasoning == output ? nil : reasoning)
  }

  private static let keys = [
    "input_cost_per_token", "cache_read_input_token_cost", "cache_creation_input_token_cost",
    "cache_creation_input_token_cost_above_1hr", "output_cost_per_token",
    "output_cost_per_reasoning_token",
  ]
  /// Dollars a token: more is a mistake.
  private static let most = 100
  private static let bounds = [128, 200, 256, 272]

  private static func above(_ key: String, _ bound: Int) -> String {
    "\(key)_above_\(bound)k_tokens"
  }

  private static let sql: String = {
    func pico(_ value: String) -> String { "CAST(round(\(value) * 1e12) AS INTEGER)" }
    let bound =
      "CASE "
      + bounds.map { "WHEN value->>'$.\(above(keys[0], $0))' > 0 THEN \($0)000" }
      .joined(separator: " ") + " END"
    let plain = keys.map { pico("value->>'$.\($0)'") }
    let tier = keys.map { key in
      pico(
        "coalesce(" + bounds.map { "value->>'$.\(above(key, $0))'" }.joined(separator: ", ") + ")")
    }
    return """
      SELECT key, value->>'$.litellm_provider', \(plain.joined(separator: ", ")), \(bound),
        \(tier.joined(separator: ", "))
      FROM json_each(?1) WHERE \(isModel) AND \(isPriced) AND \(isSound) ORDER BY key
      """
  }()

  private static let isModel = """
    type = 'object' AND key NOT IN ('sample_spec', '') AND coalesce(value->>'$.mode', 'chat') IN ('chat', 'responses', 'completion')
    """

  private static let isPriced = """
    (value->>'$.input_cost_per_token') IS NOT NULL AND (value->>'$.output_cost_per_token') IS NOT NULL
    """

  /// Whether all its prices are numbers that can be; what costs nothing has a price, too.
  private static let isSound =
    keys.flatMap { key in [key] + bounds.map { above(key, $0) } }
    .map { key in
      """
      (coalesce(json_type(value, '$.\(key)'), 'null') IN ('null', 'integer', 'real') \
      AND coalesce(value->>'$.\(key)', 0) BETWEEN 0 AND \(most))
      """
    }
    .joined(separator: " AND ")

  private static let skipped = """
    SELECT count(*) FROM json_each(?1)
    WHERE \(isModel) AND \(isPriced) AND NOT (\(isSound)) OR type <> 'object' OR key = ''
    """
}

extension Rates {
  fileprivate mutating func fillAnthropic() {
    cached = cached ?? input / 10
    write5m = write5m ?? input + input / 4
    write1h = write1h ?? input * 2
  }

  /// What is missing, in proportion to the input of `base`.
  fileprivate mutating func fill(from base: Rates) {
    guard base.input > 0 else { return }
    let input = input
    func scaled(_ rate: Int64) -> Int64 {
      let (product, overflow) = rate.multipliedReportingOverflow(by: input)
      return overflow ? rate : (product + base.input / 2) / base.input
    }
    cached = cached ?? base.cached.map(scaled)
    write5m = write5m ?? base.write5m.map(scaled)
    write1h = write1h ?? base.write1h.map(scaled)
    if output == 0 { output = base.output }
  }
}
