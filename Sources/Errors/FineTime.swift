/// A time of day to the microsecond, or finer.
enum FineTime {
  /// How far it is looked for.
  private static let reach = 4096

  /// Whether `:12.345678`, or seconds since 1970 with as many digits, stands in the record.
  static func stands(in record: Span<UInt8>) -> Bool {
    let end = min(record.count, reach)
    var index = 3
    while index &+ 6 < end {
      let byte = record[index]
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ","),
        digits(record, index &+ 1, end) >= 6,
        record[index &- 1].isDigit, record[index &- 2].isDigit,
        record[index &- 3] == UInt8(ascii: ":") || isEpoch(record, index)
      {
        return true
      }
      index &+= 1
    }
    return false
  }

  private static func digits(_ record: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, record[index].isDigit { index += 1 }
    return index - start
  }

  /// Whether ten digits end before `point`.
  private static func isEpoch(_ record: Span<UInt8>, _ point: Int) -> Bool {
    guard point >= 10, point == 10 || !record[point - 11].isDigit else { return false }
    for index in point - 10..<point where !record[index].isDigit { return false }
    return true
  }
}
