/// Which of a source's routes are not kept apart.
///
/// Those that are, are the most frequent ones, and few of those that were never answered by 2xx: whoever
/// looks for holes in a server makes up thousands of paths.
package struct RouteRanking {
  package static let mostRoutes = 1000
  package static let mostUnserved = 100

  /// What is known of a route.
  package struct Sum: Sendable {
    package var count: Int64
    /// Answered by 2xx, if only once.
    package var isServed: Bool

    package init(count: Int64 = 0, isServed: Bool = false) {
      self.count = count
      self.isServed = isServed
    }
  }

  /// The routes of one source that are to be added up: none where there are not too many, else so many
  /// that `share` of as many as may be is left.
  package static func surplus(_ sums: [Route: Sum], leaving share: Double) -> Set<Route> {
    var surplus: Set<Route> = []
    for isServed in [true, false] {
      let most = isServed ? mostRoutes : mostUnserved
      let some = sums.filter { $0.value.isServed == isServed }
      guard some.count > most else { continue }
      let ranked = some.sorted(by: isBefore)
      surplus.formUnion(ranked.dropFirst(Int(Double(most) * share)).map(\.key))
    }
    return surplus
  }

  /// The most frequent first.
  package static func isBefore(
    _ left: (key: Route, value: Sum), _ right: (key: Route, value: Sum)
  ) -> Bool {
    if left.value.count != right.value.count { return left.value.count > right.value.count }
    if left.key.method != right.key.method { return left.key.method < right.key.method }
    return left.key.path.lexicographicallyPrecedes(right.key.path)
  }
}
