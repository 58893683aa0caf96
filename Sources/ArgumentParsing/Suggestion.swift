/// The candidate that `word` probably stands for: one that it begins, or the nearest one within a
/// third of its length in edits (insert, delete, replace, swap neighbours).
func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
  let typed = Array(word.lowercased())
  guard !typed.isEmpty else { return nil }
  var best: (distance: Int, candidate: String)?
  for candidate in candidates {
    let isPrefix = typed.count >= 3 && candidate.hasPrefix(word.lowercased())
    let distance = isPrefix ? 1 : editDistance(typed, Array(candidate))
    guard isPrefix || distance <= max(1, typed.count / 3), distance < candidate.count else {
      continue
    }
    if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
  }
  return best?.candidate
}

/// Optimal string alignment: Levenshtein's distance in which swapping two neighbours counts once.
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      var cost = min(
        last[column + 1] + 1, current[column] + 1,
        last[column] + (left[row] == right[column] ? 0 : 1))
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
