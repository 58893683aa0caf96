package import LogModel

/// Counts the requests of access logs by route and hour, until `take` fetches them.
///
/// A line costs a pass over its path and one look-up; nothing is allocated but for what is new.
package struct RouteReader {
  /// More routes than these, in memory, are too many to keep all of them apart.
  private static let manySlots = 1 << 14

  private struct KnownRoute {
    let hash: UInt64
    let source: Int64
    /// Where it stands among the keys.
    let key: Int
    let length: Int
    /// By method and class of status: 1 + the slot, 0 for none.
    var slots = [64 of Int32](repeating: 0)
  }

  /// What is being added to: the answers of one class to one route of one source, in one hour.
  private struct Slot {
    let route: Int
    let answer: UInt8
    var hour: Int64
    var tally = RouteTally()
  }

  private var mask = RouteMask()
  private var slots: [Slot] = []
  private var routes: [KnownRoute] = []
  /// The routes, each up to a multiple of eight bytes.
  private var keys: [UInt8] = []
  /// By hash: 1 + the route, 0 for none; at least twice as many as there are routes.
  private var places = [Int32](repeating: 0, count: 1 << 8)
  private var known = PathTable()
  private var classes = DurationClasses()
  private var hour: Int64 = 0
  private var finished: [RouteHour: RouteTally] = [:]

  package init() {}

  package mutating func read(
    _ line: Span<UInt8>, _ request: LoggedRequest, source: Int64, time: Int64
  ) {
    let (method, target) = RequestMethod.find(line, request)
    if time < hour || time >= hour &+ StandardMetric.hour {
      hour = StandardMetric.routeRequests.bucket(time)
    }
    let answer = method.rawValue << 3 | UInt8(min(request.status / 100, 7))
    let slot = slot(line, Self.path(line, target), source, answer)
    if slots[slot].hour != hour {
      finish(slot)
      slots[slot].hour = hour
    }
    slots[slot].tally.add(size: request.size)
    if request.duration >= 0, let number = classes.number(of: request.duration) {
      slots[slot].tally.add(duration: request.duration, class: number)
    }
  }

  /// The path in the target; empty where there is none, as in `*` and in what is no request.
  @inline(__always)
  private static func path(_ line: Span<UInt8>, _ target: Range<Int>) -> Range<Int> {
    guard let first = target.first, target.upperBound <= line.count else { return 0..<0 }
    return line[first] == 0x2F ? target : pathOfURL(line, target)
  }

  @inline(never)
  private static func pathOfURL(_ line: Span<UInt8>, _ target: Range<Int>) -> Range<Int> {
    var index = target.lowerBound
    while index < target.upperBound, (line[index] | 0x20) &- 0x61 <= 25 { index += 1 }
    guard index > target.lowerBound, index + 3 < target.upperBound, line[index] == 0x3A,
      line[index + 1] == 0x2F, line[index + 2] == 0x2F
    else { return 0..<0 }
    index += 3
    while index < target.upperBound, line[index] != 0x2F, line[index] > 0x20 { index += 1 }
    return index..<target.upperBound
  }

  /// The slot for the route of a path; one that was read before is not masked again.
  @inline(__always)
  private mutating func slot(
    _ line: Span<UInt8>, _ path: Range<Int>, _ source: Int64, _ answer: UInt8
  ) -> Int {
    let key = PathKey(line, path, of: UInt64(bitPattern: source))
    let route: Int
    if let key, let number = known.route(key) {
      route = number
    } else {
      route = self.route(line, path, key, source)
    }
    let slot = routes[route].slots[Int(answer)]
    return slot > 0 ? Int(slot) &- 1 : insert(route, source, answer)
  }

  @inline(never)
  private mutating func route(
    _ line: Span<UInt8>, _ path: Range<Int>, _ key: PathKey?, _ source: Int64
  ) -> Int {
    mask.read(line, from: path.lowerBound, to: path.upperBound)
    let route = route(source)
    if let key { known.remember(key, route: route) }
    return route
  }

  /// The number of the route that the mask holds.
  private mutating func route(_ source: Int64) -> Int {
    let hash = hash(source)
    let filter = places.count &- 1
    var place = Int(truncatingIfNeeded: hash) & filter
    while places[place] != 0 {
      let known = Int(places[place]) &- 1
      if routes[known].hash == hash, routes[known].source == source, isKey(of: known) {
        return known
      }
      place = (place &+ 1) & filter
    }
    routes.append(
      KnownRoute(hash: hash, source: source, key: keys.count, length: mask.count))
    keys.append(contentsOf: mask.bytes[..<((mask.count + 7) & ~7)])
    if routes.count * 2 > places.count {
      places = [Int32](repeating: 0, count: places.count * 2)
      for route in routes.indices { enter(route) }
    } else {
      enter(routes.count - 1)
    }
    return routes.count - 1
  }

  private func hash(_ source: Int64) -> UInt64 {
    var hash = UInt64(bitPattern: source) &* 0x9E37_79B9_7F4A_7C15
    let bytes = mask.bytes.span
    var index = 0
    while index < mask.count {
      let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let (high, low) = (hash ^ word).multipliedFullWidth(by: 0x8BB8_4B93_962E_ACC9)
      hash = high ^ low
      index &+= 8
    }
    return hash ^ UInt64(mask.count)
  }

  private func isKey(of route: Int) -> Bool {
    guard routes[route].length == mask.count else { return false }
    let key = routes[route].key
    let (known, asked) = (keys.span, mask.bytes.span)
    var index = 0
    while index < mask.count {
      let left = unsafe known.bytes.unsafeLoadUnaligned(
        fromByteOffset: key &+ index, as: UInt64.self)
      let right = unsafe asked.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      if left != right { return false }
      index &+= 8
    }
    return true
  }

  private mutating func enter(_ route: Int) {
    var place = Int(truncatingIfNeeded: routes[route].hash) & (places.count - 1)
    while places[place] != 0 { place = (place + 1) & (places.count - 1) }
    places[place] = Int32(route + 1)
  }

  @inline(never)
  private mutating func insert(_ route: Int, _ source: Int64, _ answer: UInt8) -> Int {
    var route = route
    if slots.count >= Self.manySlots {
      let known = routes[route]
      let key = Array(keys[known.key..<known.key + (known.length + 7) & ~7])
      compact()
      routes.append(KnownRoute(hash: known.hash, source: source, key: 0, length: known.length))
      keys += key
      enter(0)
      route = 0
    }
    slots.append(Slot(route: route, answer: answer, hour: hour))
    routes[route].slots[Int(answer)] = Int32(slots.count)
    return slots.count - 1
  }

  private mutating func finish(_ slot: Int) {
    guard slots[slot].tally.count > 0 else { return }
    let entry = slots[slot]
    let known = routes[entry.route]
    let path = Array(keys[known.key..<known.key + known.length])
    let place = RouteHour(
      route: Route(source: known.source, method: entry.answer >> 3, path: path),
      status: entry.answer & 7, hour: entry.hour)
    finished[place, default: RouteTally()].merge(entry.tally)
    slots[slot].tally = RouteTally()
  }

  /// Adds up the least frequent routes.
  private mutating func compact() {
    for slot in slots.indices { finish(slot) }
    slots.removeAll(keepingCapacity: true)
    routes.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    known.removeAll()
    for place in places.indices { places[place] = 0 }
    finished.limitRoutes()
  }

  /// Each is a bucket of three metrics, one of them a histogram.
  package var hasManyBuckets: Bool { finished.count >= MetricReader.manyBuckets / 4 }

  /// What was counted since the last time.
  package mutating func take() -> [MetricIncrement] {
    guard !slots.isEmpty || !finished.isEmpty else { return [] }
    compact()
    defer { finished.removeAll(keepingCapacity: true) }
    var totals: [RouteHour: RouteTally] = [:]
    var increments: [MetricIncrement] = []
    for (place, tally) in finished {
      increments.append(
        MetricIncrement(
          .routeRequests, source: place.route.source, labels: place.route.labels(place.status),
          time: place.hour, summary: MetricSummary(count: tally.count, sum: nil, min: nil, max: nil)
        ))
      var whole = place
      whole.status = 0
      totals[whole, default: RouteTally()].merge(tally)
    }
    for (place, tally) in totals {
      let labels = place.route.labels(nil)
      if let sizes = tally.sizes {
        increments.append(
          MetricIncrement(
            .routeBytes, source: place.route.source, labels: labels, time: place.hour,
            summary: sizes))
      }
      guard let durations = tally.durations else { continue }
      increments.append(
        MetricIncrement(
          .routeDuration, source: place.route.source, labels: labels, time: place.hour,
          summary: durations, classes: tally.classes))
    }
    return increments
  }
}
