import LogModel

/// A list of prices as text: a heading, then a model in each line, in dollars a million tokens.
///
/// The columns are those of `prices.csv`. An empty price is not given, an empty date is since ever.
package enum PriceList {
  /// The list that the binary carries.
  package static let builtIn = String(decoding: PackageResources.prices_csv, as: UTF8.self)

  /// What tells two lists apart.
  package static func hash(of text: String) -> Int64 {
    var hash = StableHash()
    hash.add(Array(text.utf8).span)
    return hash.value
  }

  package struct InvalidLine: Error, Equatable {
    /// From 1.
    package var number: Int

    package init(number: Int) { self.number = number }
  }

  package static func parse(_ text: String) throws(InvalidLine) -> [Price] {
    var prices: [Price] = []
    // By bytes: to look for whole characters takes ten times as long, each time a store is made.
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (number, line) in zip(1..., lines).dropFirst() where !line.isEmpty {
      guard let price = price(Substring(line)) else { throw InvalidLine(number: number) }
      prices.append(price)
    }
    return prices
  }

  private static func price(_ line: Substring) -> Price? {
    let fields = line.utf8.split(separator: 0x2C, omittingEmptySubsequences: false)
      .map { Substring($0) }
    guard fields.count == 16, let date = date(fields[2]) else { return nil }
    var numbers: [Int64?] = []
    for field in fields[3..<9] + fields[10...] {
      let number = field.isEmpty ? nil : pico(field)
      guard field.isEmpty || number != nil else { return nil }
      numbers.append(number)
    }
    guard let rates = rates(numbers[..<6]) else { return nil }
    var tier: Price.Tier?
    if !fields[9].isEmpty {
      guard let bound = Int64(fields[9]), let above = Self.rates(numbers[6...]) else { return nil }
      tier = Price.Tier(bound: bound, rates: above)
    }
    return Price(
      model: String(fields[0]), provider: fields[1].isEmpty ? nil : String(fields[1]),
      validFrom: date, rates: rates, tier: tier)
  }

  private static func rates(_ numbers: ArraySlice<Int64?>) -> Rates? {
    let numbers = Array(numbers)
    guard let input = numbers[0], let output = numbers[4] else { return nil }
    return Rates(
      input: input, cached: numbers[1], write5m: numbers[2], write1h: numbers[3], output: output,
      reasoning: numbers[5])
  }

  private static func date(_ text: Substring) -> Int64? {
    text.isEmpty ? 0 : Instant.parse(text + "T00:00:00.000000Z")
  }

  /// Dollars a million tokens, with at most six decimals, in pico-dollars a token.
  static func pico(_ text: Substring) -> Int64? {
    var pico: Int64 = 0
    var digits = 0
    var decimals: Int?
    for byte in text.utf8 {
      if byte == 0x2E, decimals == nil, digits > 0 {
        decimals = 0
        continue
      }
      guard (0x30...0x39).contains(byte), digits < 18 else { return nil }
      pico = pico * 10 + Int64(byte - 0x30)
      digits += 1
      decimals = decimals.map { $0 + 1 }
    }
    guard digits > 0, decimals != 0, decimals ?? 0 <= 6 else { return nil }
    for _ in (decimals ?? 0)..<6 {
      let (product, isTooLarge) = pico.multipliedReportingOverflow(by: 10)
      if isTooLarge { return nil }
      pico = product
    }
    return pico
  }
}
