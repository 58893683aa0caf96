import LogModel

/// Adds up values by series and bucket until `take` fetches them.
struct SeriesBuckets {
  private struct Series {
    let hash: UInt64
    let rule: Int64
    let source: Int64
    let labels: [UInt8]
  }

  /// A bucket that is being added to.
  private struct Slot {
    let isHistogram: Bool
    var time: Int64 = 0
    var summary = MetricSummary()
    var classes: [Int: Int64] = [:]
  }

  private struct Place: Hashable {
    var slot: Int
    var time: Int64
  }

  /// By slot.
  private var series: [Series] = []
  private var slots: [Slot] = []
  /// By hash: 1 + the slot, 0 for none; twice as many as there are slots, at least.
  private var slotsByHash = [Int32](repeating: 0, count: 1 << 8)
  /// Buckets of slots that went on to another one, and where each is.
  private var finished: [MetricIncrement] = []
  private var places: [Place: Int] = [:]
  /// Of histograms, in slots and finished buckets.
  private var heldClasses = 0

  /// A bucket takes as much as some eight classes.
  var count: Int { finished.count + slots.count + heldClasses / 8 }

  /// Adds a value, or a match, to the bucket that begins at `time`.
  mutating func add(
    _ number: MetricNumber?, rule: Int64, source: Int64, labels: [UInt8], time: Int64,
    isHistogram: Bool
  ) {
    let hash = ActiveMetricRule.hash(ofLabels: labels.span)
    let known = slot(rule, source, labels, hash)
    let slot = known ?? insert(rule, source, labels, hash, isHistogram: isHistogram)
    add(number, to: slot, time: time)
  }

  /// The same of a series for which there is a slot already.
  @inline(__always)
  mutating func add(_ number: MetricNumber?, to slot: Int, time: Int64) {
    if slots[slot].time != time {
      finish(slot)
      slots[slot].time = time
    }
    guard let number else {
      slots[slot].summary.count &+= 1
      return
    }
    slots[slot].summary.add(number)
    if slots[slot].isHistogram {
      heldClasses -= slots[slot].classes.count
      slots[slot].classes[MetricClass.of(number), default: 0] += 1
      heldClasses += slots[slot].classes.count
    }
  }

  /// Where the series with these labels, and their hash, is being added up; nil where it is not yet.
  @inline(__always)
  func slot(_ rule: Int64, _ source: Int64, _ labels: [UInt8], _ hash: Int64) -> Int? {
    let hash = Self.hash(rule, source, hash)
    var place = Int(truncatingIfNeeded: hash) & (slotsByHash.count &- 1)
    while slotsByHash[place] != 0 {
      let known = Int(slotsByHash[place]) &- 1
      if series[known].hash == hash, series[known].rule == rule, series[known].source == source,
        series[known].labels == labels
      {
        return known
      }
      place = (place &+ 1) & (slotsByHash.count &- 1)
    }
    return nil
  }

  @inline(__always)
  private static func hash(_ rule: Int64, _ source: Int64, _ labels: Int64) -> UInt64 {
    let own = UInt64(bitPattern: rule) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: source)
    let (high, low) = (UInt64(bitPattern: labels) ^ own)
      .multipliedFullWidth(by: 0x8BB8_4B93_962E_ACC9)
    return high ^ low
  }

  mutating func insert(
    _ rule: Int64, _ source: Int64, _ labels: [UInt8], _ hash: Int64, isHistogram: Bool
  ) -> Int {
    series.append(
      Series(
        hash: Self.hash(rule, source, hash), rule: rule, source: source, labels: labels))
    slots.append(Slot(isHistogram: isHistogram))
    if slots.count * 2 > slotsByHash.count {
      slotsByHash = [Int32](repeating: 0, count: slotsByHash.count * 2)
      for slot in slots.indices { enter(slot) }
    } else {
      enter(slots.count - 1)
    }
    return slots.count - 1
  }

  private mutating func enter(_ slot: Int) {
    var place = Int(truncatingIfNeeded: series[slot].hash) & (slotsByHash.count - 1)
    while slotsByHash[place] != 0 { place = (place + 1) & (slotsByHash.count - 1) }
    slotsByHash[place] = Int32(slot + 1)
  }

  private mutating func finish(_ slot: Int) {
    guard slots[slot].summary.count > 0 else { return }
    let entry = slots[slot]
    let place = Place(slot: slot, time: entry.time)
    // Times go back and forth where several programs write one log.
    if let known = places[place] {
      finished[known].summary.merge(entry.summary)
      finished[known].classes.merge(entry.classes, uniquingKeysWith: +)
    } else {
      places[place] = finished.count
      finished.append(
        MetricIncrement(
          rule: series[slot].rule, source: series[slot].source, labels: series[slot].labels,
          time: entry.time, summary: entry.summary, classes: entry.classes))
    }
    slots[slot].summary = MetricSummary()
    slots[slot].classes = [:]
  }

  /// What was added up since the last time; a bucket may come more than once.
  mutating func take() -> [MetricIncrement] {
    for slot in slots.indices { finish(slot) }
    defer {
      finished = []
      places.removeAll(keepingCapacity: true)
      series.removeAll(keepingCapacity: true)
      slots.removeAll(keepingCapacity: true)
      for place in slotsByHash.indices { slotsByHash[place] = 0 }
      heldClasses = 0
    }
    return finished
  }
}
