import LogModel
import Pricing

/// What a turn costs by the price of its day.
struct Bill: Equatable {
  var price: Int64?
  var match: Match?
  var nanoUSD: Int64?
  var savedNanoUSD: Int64?

  init(price: Int64?, match: Match?, nanoUSD: Int64?, savedNanoUSD: Int64?) {
    (self.price, self.match) = (price, match)
    (self.nanoUSD, self.savedNanoUSD) = (nanoUSD, savedNanoUSD)
  }

  /// A turn without a token costs nothing, whatever its model.
  init(_ tokens: TokenUsage, _ entry: PriceBook.Entry?, at time: Int64, tier: String?) {
    if let entry {
      let price = entry.price(at: time)
      self.price = price.id
      match = entry.match
      let cost = Cost(of: tokens, at: price, tier: tier)
      nanoUSD = cost?.nanoUSD
      savedNanoUSD = cost?.savedNanoUSD
    } else if tokens.isEmpty {
      nanoUSD = 0
      savedNanoUSD = 0
    }
  }
}
