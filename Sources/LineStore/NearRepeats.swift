/// How much of the parameters of a chunk stood shortly before in another place.
///
/// Deflate looks back 32 KiB. What the values of one place have in common it finds better in columns. But a
/// conversation's lines repeat what others said: the id of the line before, of a request, of a tool's call, and its whole answer
/// twice. In columns of long values these are too far apart. docs/decisions/0046 has the measurement.
struct NearRepeats {
  /// Where a value stands in the text, and of which template and which of its places it is.
  private struct Value {
    var start = 0
    var end = 0
    var template: Int32 = -1
    var place: Int32 = 0
  }

  /// The mean length of a row from which on columns are longer than deflate looks back.
  private static let longRow = 256
  /// A value that is shorter costs about as much as to say where it stood.
  private static let shortestValue = 18
  private static let reach = 32 << 10
  /// So much of a chunk tells enough of it.
  private static let sample = 128 << 10
  /// Of a gateway's log they are a fifteenth, of a coding agent's a third; between them both ways are equal.
  private static let share = 5

  private var last = [Value](repeating: Value(), count: 1024)

  /// Whether they are so many that rows take less room than columns.
  static func areMany(in rows: [ColumnWriter.Row], _ text: Span<UInt8>) -> Bool {
    guard rows.count > 1, text.count > rows.count * longRow else { return false }
    var repeats = NearRepeats()
    var (all, repeated) = (0, 0)
    for row in rows where row.template >= 0 {
      repeated += repeats.add(row, text)
      all += Int(row.end - row.start)
      if all > sample { break }
    }
    return repeated * share > all
  }

  /// The bytes of the row's values that are such.
  private mutating func add(_ row: ColumnWriter.Row, _ text: Span<UInt8>) -> Int {
    var repeated = 0
    var place: Int32 = 0
    var start = Int(row.start)
    while start < Int(row.end) {
      let end = ChunkRows.endOfValue(text, start + 1)
      if end - start > Self.shortestValue {
        let value = Value(start: start + 1, end: end, template: row.template, place: place)
        if isRepeated(value, text) { repeated += end - start - 1 }
      }
      place += 1
      start = end
    }
    return repeated
  }

  /// Whether the last value of the same bytes stood near, and in another place; then it is this one.
  private mutating func isRepeated(_ value: Value, _ text: Span<UInt8>) -> Bool {
    let bytes = text.extracting(value.start..<value.end)
    let slot = Self.slot(of: bytes)
    let found = last[slot]
    last[slot] = value
    return (found.template, found.place) != (value.template, value.place) && found.template >= 0
      && value.start - found.start < Self.reach
      && text.extracting(found.start..<found.end).isIdentical(to: bytes)
  }

  /// By what stands at both ends and the length.
  private static func slot(of value: Span<UInt8>) -> Int {
    var hash = UInt64(truncatingIfNeeded: value.count)
    for index in 1...8 {
      hash = (hash ^ UInt64(value[index])) &* 0x9E37_79B9_7F4A_7C15
      hash = (hash ^ UInt64(value[value.count - 1 - index])) &* 0x9E37_79B9_7F4A_7C15
    }
    return Int(truncatingIfNeeded: hash >> 54)
  }
}
