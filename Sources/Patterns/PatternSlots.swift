/// The values that lines have in the places of their pattern.
///
/// A pattern leaves out what its masks cover, such as a logger's name: a line in which its words do not
/// stand in this order tells nothing.
package struct PatternSlots: Sendable {
  package let pattern: PatternText
  /// Of each wildcard, how often each value was seen.
  package private(set) var values: [[String: Int]]
  /// Lines that told something.
  package private(set) var lines = 0

  package init(_ pattern: PatternText) {
    self.pattern = pattern
    values = Array(repeating: [:], count: pattern.wildcards)
  }

  package mutating func add(_ message: String) {
    var bytes = Array(message.utf8)
    Masks.squeeze(&bytes)
    guard let found = pattern.values(inMessage: bytes) else { return }
    lines += 1
    for (slot, value) in found.enumerated() {
      values[slot][String(decoding: value, as: UTF8.self), default: 0] += 1
    }
  }

  /// The values of a slot, the most frequent first.
  package func top(_ slot: Int, _ count: Int) -> [(value: String, count: Int)] {
    let sorted = values[slot].sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return sorted.prefix(count).map { ($0.key, $0.value) }
  }

  package func kind(_ slot: Int) -> SlotKind? { SlotKind(all: values[slot].keys) }

  /// The pattern with the kinds of its values in place of the wildcards: `from <IP> port <NUM>`.
  package var typed: String {
    pattern.filled { kind($0).map { "<\($0.rawValue)>" } ?? Skeleton.wildcard }
  }
}
