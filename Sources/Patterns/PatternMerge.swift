/// Finds which skeletons are one pattern: those that differ only in words that are values.
///
/// After "Brain: Log Parsing with Bidirectional Parallel Tree" (Yu et al., IEEE TSC 2023), with three
/// changes. What words of a skeleton belong together is told by the *set* of skeletons that they
/// stand in, not by how many lines these have; so the result depends on which skeletons there are and
/// on nothing else: neither on the order of the lines nor on how often each was written. It is applied
/// again to its own result. And a word with a hole in it stays as it is.
package enum PatternMerge {
  /// The text of the pattern of each of `skeletons`, which are distinct.
  package static func patterns(of skeletons: [String]) -> [String] {
    let first = merged(skeletons.map { Array($0.utf8) })
    var places: [[UInt8]: Int] = [:]
    var texts: [[UInt8]] = []
    let indices = first.map { text in
      let place = places[text, default: texts.count]
      if place == texts.count {
        places[text] = place
        texts.append(text)
      }
      return place
    }
    let second = merged(texts).map { String(decoding: $0, as: UTF8.self) }
    return indices.map { second[$0] }
  }

  private static func merged(_ texts: [[UInt8]]) -> [[UInt8]] {
    let words = SkeletonWords(texts)
    var groups: [SkeletonWords.Root: [Int]] = [:]
    for index in texts.indices { groups[words.root(of: index), default: []].append(index) }
    var results = texts
    for (root, members) in groups where members.count > 1 {
      let columns = words.variableColumns(members, root)
      guard !columns.isEmpty else { continue }
      for member in members { results[member] = words.text(of: member, masking: columns) }
    }
    return results
  }
}
