import Glibc
import LogModel

/// Adds up values by series and bucket until `take` fetches them.
struct SeriesBuckets {
  /// Holds no reference: to hold each anew takes longer than to compare.
  private struct Series {
    let hash: UInt64
    let rule: Int64
    let source: Int64
    /// Among the bytes of all labels.
    let labels: Range<Int>
  }

  private struct Bucket {
    let slot: Int32
    let isHistogram: Bool
    var time: Int64 = 0
    var summary = MetricSummary()
    var classes: [Int: Int64] = [:]
  }

  private static let fewestToSort = MetricReader.manyBuckets / 2

  /// By slot.
  private var series: [Series] = []
  private var labels: [UInt8] = []
  /// By slot: the bucket that is being added to.
  private var slots: [Bucket] = []
  /// By hash: 1 + the slot, 0 for none; twice as many as there are slots, at least.
  private var slotsByHash = [Int32](repeating: 0, count: 1 << 8)
  /// Buckets of slots that went on to another one; the same one may be there several times.
  private var finished: [Bucket] = []
  /// How many of them are enough to look for those.
  private var enoughToSort = fewestToSort
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
        has(labels, series[known].labels)
      {
        return known
      }
      place = (place &+ 1) & (slotsByHash.count &- 1)
    }
    return nil
  }

  @inline(__always)
  private func has(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    guard text.count == range.count else { return false }
    return unsafe text.withUnsafeBytes { text in
      unsafe labels.withUnsafeBytes { bytes in
        guard let text = text.baseAddress, let bytes = bytes.baseAddress else { return true }
        return unsafe memcmp(text, bytes + range.lowerBound, range.count) == 0
      }
    }
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
    let start = self.labels.count
    self.labels += labels
    series.append(
      Series(
        hash: Self.hash(rule, source, hash), rule: rule, source: source,
        labels: start..<self.labels.count))
    slots.append(Bucket(slot: Int32(slots.count), isHistogram: isHistogram))
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
    finished.append(slots[slot])
    slots[slot].summary = MetricSummary()
    if !slots[slot].classes.isEmpty { slots[slot].classes = [:] }
    if finished.count >= enoughToSort {
      sort()
      enoughToSort = max(Self.fewestToSort, 2 * finished.count)
    }
  }

  /// Puts the finished buckets in the order of series and times, each once.
  ///
  /// Times go back and forth where several programs write one log. And to write what is sorted takes
  /// half as long.
  private mutating func sort() {
    // By slot: behind its last one.
    var ends = [Int](repeating: 0, count: slots.count)
    for bucket in finished { ends[Int(bucket.slot)] += 1 }
    var sum = 0
    for slot in ends.indices {
      (ends[slot], sum) = (sum, sum + ends[slot])
    }
    var order = [Int](repeating: 0, count: finished.count)
    for place in finished.indices {
      let slot = Int(finished[place].slot)
      order[ends[slot]] = place
      ends[slot] += 1
    }
    heldClasses = slots.reduce(0) { $0 + $1.classes.count }
    var sorted: [Bucket] = []
    sorted.reserveCapacity(finished.count)
    var start = 0
    for end in ends {
      append(order[start..<end], to: &sorted)
      start = end
    }
    finished = sorted
  }

  /// Of one slot.
  private mutating func append(_ places: ArraySlice<Int>, to sorted: inout [Bucket]) {
    let first = sorted.count
    for place in places.sorted(by: { finished[$0].time < finished[$1].time }) {
      if sorted.count > first, sorted[sorted.count - 1].time == finished[place].time {
        heldClasses -= sorted[sorted.count - 1].classes.count
        sorted[sorted.count - 1].summary.merge(finished[place].summary)
        sorted[sorted.count - 1].classes.merge(finished[place].classes, uniquingKeysWith: +)
      } else {
        sorted.append(finished[place])
      }
      heldClasses += sorted[sorted.count - 1].classes.count
    }
  }

  /// What was added up since the last time, in the order of series and times; each bucket comes once.
  mutating func take() -> [MetricIncrement] {
    guard !slots.isEmpty || !finished.isEmpty else { return [] }
    for slot in slots.indices { finish(slot) }
    sort()
    defer {
      finished = []
      enoughToSort = Self.fewestToSort
      series.removeAll(keepingCapacity: true)
      labels.removeAll(keepingCapacity: true)
      slots.removeAll(keepingCapacity: true)
      for place in slotsByHash.indices { slotsByHash[place] = 0 }
      heldClasses = 0
    }
    let texts = series.map { Array(labels[$0.labels]) }
    return finished.map { bucket in
      let slot = Int(bucket.slot)
      return MetricIncrement(
        rule: series[slot].rule, source: series[slot].source, labels: texts[slot],
        time: bucket.time, summary: bucket.summary, classes: bucket.classes)
    }
  }
}
