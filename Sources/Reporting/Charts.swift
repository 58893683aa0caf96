/// A bar of eighths of a character, `width` characters long for `maximum`; anything above nothing is
/// visible.
package func bar(_ value: Double, of maximum: Double, width: Int) -> String {
  guard value > 0, maximum > 0, width > 0, value.isFinite, maximum.isFinite else { return "" }
  let eighths = max(1, Int((min(1, value / maximum) * Double(width * 8)).rounded()))
  let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
}

/// One character for each value, as high as its part of the largest; nothing is a space.
package func sparkline(_ values: [Double]) -> String {
  let steps = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  let maximum = values.lazy.filter(\.isFinite).max() ?? 0
  return values.map { value in
    guard value > 0, value.isFinite, maximum > 0 else { return " " }
    return steps[min(7, Int(value / maximum * 8))]
  }.joined()
}
