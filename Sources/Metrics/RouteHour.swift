import LogModel

/// The answers of one class to a route, in one hour.
struct RouteHour: Hashable {
  var route: Route
  /// The first digit of the status; 0 where there was no answer.
  var status: UInt8
  var hour: Int64
}

extension [RouteHour: RouteTally] {
  /// Adds up the least frequent routes of sources that have more than a store keeps apart.
  ///
  /// Of fewer, the store knows better which they are: whether they were served before.
  mutating func limitRoutes() {
    let most = RouteRanking.mostRoutes + RouteRanking.mostUnserved
    guard count > most else { return }
    var sums: [Int64: [Route: RouteRanking.Sum]] = [:]
    for (place, tally) in self where place.route.path != LabelText.other {
      var sum = sums[place.route.source]?[place.route] ?? RouteRanking.Sum()
      sum.count += tally.count
      sum.isServed = sum.isServed || place.status == 2
      sums[place.route.source, default: [:]][place.route] = sum
    }
    for routes in sums.values where routes.count > most {
      let surplus = RouteRanking.surplus(routes, leaving: 1)
      guard !surplus.isEmpty else { continue }
      for (place, tally) in self where surplus.contains(place.route) {
        self[place] = nil
        var other = place
        other.route.path = LabelText.other
        self[other, default: RouteTally()].merge(tally)
      }
    }
  }
}
