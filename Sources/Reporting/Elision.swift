/// `text` with its middle replaced by `…` so that it takes at most `width` columns (at least 1).
func elided(_ text: String, to width: Int) -> String {
  if text.utf8.count <= width || displayWidth(text) <= width { return text }
  let room = max(0, width - 1)
  let head = prefix(of: text, room - room / 2)
  let tail = prefix(of: text.reversed(), room / 2)
  return String(head) + "…" + String(tail.reversed())
}

private func prefix(of characters: some Sequence<Character>, _ width: Int) -> [Character] {
  var taken: [Character] = []
  var used = 0
  for character in characters {
    used += displayWidth(character)
    if used > width { break }
    taken.append(character)
  }
  return taken
}

/// The columns' widths such that they fit into `room` together: only the widest elastic ones give
/// way, evenly, and none below `minimum`.
func fitted(_ widths: [Int], elastic: [Bool], into room: Int, minimum: Int) -> [Int] {
  func capped(_ cap: Int) -> [Int] {
    zip(widths, elastic).map { width, isElastic in isElastic ? min(width, cap) : width }
  }
  func total(_ cap: Int) -> Int { capped(cap).reduce(0, +) }
  guard let widest = widths.max(), total(widest) > room else { return widths }
  guard total(minimum) <= room else { return capped(minimum) }
  var low = minimum
  var high = widest
  while high - low > 1 {
    let middle = (low + high) / 2
    if total(middle) <= room { low = middle } else { high = middle }
  }
  var result = capped(low)
  var left = room - result.reduce(0, +)
  for index in result.indices where left > 0 && result[index] < widths[index] {
    result[index] += 1
    left -= 1
  }
  return result
}
