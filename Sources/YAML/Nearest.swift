/// The candidate with the fewest edits from `word`, if these are at most a third of its letters (and at
/// least one is allowed); the first of equals.
package func nearest(to word: String, in candidates: [String]) -> String? {
  guard word.unicodeScalars.count <= 40 else { return nil }
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(word, candidate)
    let allowed = max(1, max(word.count, candidate.count) / 3)
    guard distance <= allowed, distance < best?.distance ?? Int.max else { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
private func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left.lowercased().unicodeScalars)
  let right = Array(right.lowercased().unicodeScalars)
  var before: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let isSame = left[row] == right[column]
      var cost = min(
        previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, before[column - 1] + 1)
      }
      current.append(cost)
    }
    before = previous
    previous = current
  }
  return previous[right.count]
}
