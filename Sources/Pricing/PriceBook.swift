/// Prices by model and time.
package struct PriceBook: Sendable {
  /// The prices of one model under the name that led to them, by ascending `validFrom`.
  package struct Entry: Sendable, Equatable {
    package var prices: [Price]
    package var match: Match

    /// The latest that holds at `time` (microseconds since 1970); before the first one, that one.
    package func price(at time: Int64) -> Price {
      prices.last { $0.validFrom <= time } ?? prices[0]
    }
  }

  /// What is longer is no model's name, and might take long to look up.
  private static let longestName = 256

  private var prices: [String: [Price]] = [:]
  private var models: [Int64: String] = [:]

  /// Of prices with the same model and date the last one holds.
  package init(_ list: [Price]) {
    for price in list {
      var known = prices[price.model] ?? []
      let place = known.firstIndex { $0.validFrom >= price.validFrom } ?? known.count
      if place < known.count, known[place].validFrom == price.validFrom {
        known[place] = price
      } else {
        known.insert(price, at: place)
      }
      prices[price.model] = known
      models[price.id] = price.model
    }
  }

  /// The prices of the model whose price that is, or was.
  package func entry(ofPrice id: Int64, _ match: Match) -> Entry? {
    guard let model = models[id], let known = prices[model] else { return nil }
    return Entry(prices: known, match: match)
  }

  /// Whether there is a price under this very name.
  package func contains(_ model: String) -> Bool { prices[model] != nil }

  /// The prices of a model as a log names it; nil where none is known.
  package func entry(for model: String) -> Entry? {
    guard model.utf8.count <= Self.longestName else { return nil }
    let candidates = ModelName.candidates(model)
    for (name, match) in candidates {
      if let found = prices[name] { return Entry(prices: found, match: match) }
    }
    for (name, _) in candidates.reversed() {
      for prefix in ModelName.prefixes(name) {
        if let found = prices[String(prefix)] { return Entry(prices: found, match: .prefix) }
      }
    }
    return nil
  }

  /// Those of `list` by which a turn would cost something else than by this book.
  package func changes(in list: [Price]) -> [Price] {
    list.filter { price in
      guard let known = prices[price.model] else { return true }
      return known.last { $0.validFrom <= price.validFrom }.map { !$0.isSame(as: price) } ?? true
    }
  }
}
