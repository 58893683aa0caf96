/// Which pattern each skeleton of a store is of.
package enum PatternAssignment {
  /// The texts of the patterns of `skeletons`, which are distinct.
  ///
  /// What somebody pinned comes first and takes no part in the merge. A skeleton that is not counted
  /// yet changes nothing for others: it is of the pattern that says most of it.
  package static func patterns(
    of skeletons: [(text: String, isCounted: Bool)], pins: [PatternText]
  ) -> [String] {
    var patterns = skeletons.map { PatternText.best(for: $0.text, among: pins)?.text }
    let free = skeletons.indices.filter { skeletons[$0].isCounted && patterns[$0] == nil }
    let merged = PatternMerge.patterns(of: free.map { skeletons[$0].text })
    for (index, pattern) in zip(free, merged) { patterns[index] = pattern }
    let left = skeletons.indices.filter { patterns[$0] == nil }
    let found = left.isEmpty ? [] : Set(merged).map { PatternText($0) }
    for index in left {
      let text = skeletons[index].text
      patterns[index] = PatternText.best(for: text, among: found)?.text ?? text
    }
    return zip(skeletons, patterns).map { $1 ?? $0.text }
  }
}
