/// Which parameter of a shape's rows says the same often enough that it should be constant text.
struct FrequentValues {
  /// Fewer rows in a chunk teach nothing.
  static let minRows = 256
  private static let maxSample = 512
  /// A frequent value is that of at least one in so many rows.
  private static let rarity = 64
  private static let minLength = 12
  /// A parameter stays one unless its frequent values are so much of all bytes of the rows: deflate
  /// makes little of a repeated value, and a template costs more than that where it is rare.
  private static let minShare = 0.25

  /// Which parameter of a row, and where each of its frequent values stands in the text.
  private(set) var parameter = -1
  private(set) var values: [Range<Int>] = []

  private struct Tally {
    var count = 0
    var range = 0..<0
  }

  /// Looks at `rows`, ranges of `text`, whose parameters are written as in a chunk; at parameter
  /// `chosen` only, if that is not nil.
  init(_ text: Span<UInt8>, rows: [Range<Int>], chosen: Int?) {
    var tallies: [[[UInt8]: Tally]] = []
    let step = max(1, rows.count / Self.maxSample)
    var sampled = 0
    var bytes = 0
    for index in stride(from: 0, to: rows.count, by: step) {
      sampled += 1
      bytes += rows[index].count
      Self.walk(text, rows[index]) { place, range in
        if place >= tallies.count { tallies.append([:]) }
        guard chosen ?? place == place, range.count >= Self.minLength else { return }
        var value: [UInt8] = []
        value.reserveCapacity(range.count)
        for position in range {
          guard text[position] != UInt8(ascii: "\\") else { return }
          value.append(text[position])
        }
        tallies[place][value, default: Tally(range: range)].count += 1
      }
    }
    var best = Int(Double(bytes) * Self.minShare)
    for place in tallies.indices {
      let frequent = tallies[place].values.filter { $0.count * Self.rarity >= sampled }
      let saved = frequent.reduce(0) { $0 + $1.count * $1.range.count }
      guard saved > (chosen == nil ? best : 0) else { continue }
      best = saved
      parameter = place
      values = frequent.map(\.range)
    }
    // Hashed in any order; ids are given in that of the lines.
    values.sort { $0.lowerBound < $1.lowerBound }
  }

  /// Calls `body` with each parameter that is a string, less its quotes.
  private static func walk(
    _ text: Span<UInt8>, _ row: Range<Int>, _ body: (_ place: Int, _ range: Range<Int>) -> Void
  ) {
    var position = row.lowerBound
    var place = 0
    while position < row.upperBound {
      let start = position + 1
      position = ChunkRows.endOfValue(text, start)
      if text[start] == UInt8(ascii: "\"") {
        body(place, start + 1..<position - 1)
      } else {
        body(place, start..<start)
      }
      place += 1
    }
  }
}
