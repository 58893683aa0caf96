/// What a text loses when it is too long for its place.
enum Elision {
  /// A source: its last component says most.
  case start
  /// A path or an identifier: both ends tell it from others.
  case middle
  /// Prose.
  case end
}

/// `text` with a part replaced by `…` so that it takes at most `width` columns (at least 1).
func elided(_ text: String, to width: Int, at place: Elision = .middle) -> String {
  if text.utf8.count <= width || displayWidth(text) <= width { return text }
  let room = max(0, width - 1)
  switch place {
  case .start:
    let tail = prefix(of: text.reversed(), room).reversed()
    // Whole components where the last one fits.
    let component = tail.firstIndex(of: "/").map { tail[$0...] } ?? tail[...]
    return "…" + String(component.count > 1 ? component : tail[...])
  case .middle:
    let head = prefix(of: text, room - room / 2)
    let tail = prefix(of: text.reversed(), room / 2)
    return String(head) + "…" + String(tail.reversed())
  case .end: return String(prefix(of: text, room)) + "…"
  }
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

/// The columns' widths such that they fit into `room` together, or nil when they cannot.
///
/// Only the widest ones give way, evenly, and each only down to its minimum.
func fitted(_ widths: [Int], minimums: [Int], into room: Int) -> [Int]? {
  func capped(_ cap: Int) -> [Int] {
    zip(widths, minimums).map { width, minimum in min(width, max(cap, minimum)) }
  }
  func total(_ cap: Int) -> Int { capped(cap).reduce(0, +) }
  guard let widest = widths.max(), total(widest) > room else { return widths }
  guard total(0) <= room else { return nil }
  var low = 0
  var high = widest
  while high - low > 1 {
    let middle = (low + high) / 2
    if total(middle) <= room { low = middle } else { high = middle }
  }
  var result = capped(low)
  var left = room - result.reduce(0, +)
  for index in result.indices
  where left > 0 && result[index] < widths[index] && result[index] >= low {
    result[index] += 1
    left -= 1
  }
  return result
}
