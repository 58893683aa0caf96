import Patterns

extension FuzzTarget {
  /// Any lines as messages, in which `?` is a hole: the skeletons are texts of bounded length, each is an
  /// instance of its pattern, and their order changes no pattern.
  static let patterns = FuzzTarget("patterns") { input in
    var skeletons: [String] = []
    var seen: Set<String> = []
    for line in input.split(separator: 0x0A) {
      let message = line.map { $0 == UInt8(ascii: "?") ? Skeleton.hole : $0 }
      let text = Skeleton.text(of: Array(String(decoding: message, as: UTF8.self).utf8))
      try require(
        text.utf8.count <= Skeleton.maxCount + Skeleton.cut.utf8.count,
        "a skeleton of \(text.utf8.count) bytes")
      if seen.insert(text).inserted { skeletons.append(text) }
    }
    let patterns = PatternMerge.patterns(of: skeletons)
    for (skeleton, pattern) in zip(skeletons, patterns) {
      try require(
        PatternText(pattern).matches(skeleton), "'\(skeleton)' is no instance of '\(pattern)'")
    }
    let reversed = PatternMerge.patterns(of: skeletons.reversed())
    try require(Array(reversed.reversed()) == patterns, "the order changes patterns")
    guard let last = patterns.last else { return }
    var slots = PatternSlots(PatternText(last))
    for skeleton in skeletons { slots.add(skeleton) }
    _ = (slots.typed, slots.values.indices.map { slots.top($0, 3) })
  }
}
