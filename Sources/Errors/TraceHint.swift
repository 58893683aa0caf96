import JSON

/// Tells records that may hold a trace from others, at the speed at which lines are read.
enum TraceHint {
  /// Whether the record is of more than one line.
  @inline(__always)
  static func hasLines(_ record: Span<UInt8>) -> Bool {
    var index = 0
    while index &+ 8 <= record.count {
      let word = unsafe UInt64(
        littleEndian: record.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      let lines = word ^ 0x0A0A_0A0A_0A0A_0A0A
      if (lines &- 0x0101_0101_0101_0101) & ~lines & 0x8080_8080_8080_8080 != 0 { return true }
      index &+= 8
    }
    while index < record.count {
      if record[index] == 0x0A { return true }
      index &+= 1
    }
    return false
  }

  /// Whether a line behind the first begins as lines of traces do.
  static func mayHold(_ record: Span<UInt8>) -> Bool {
    var start = 0
    while start < record.count {
      if record[start] == 0x0A {
        var first = start + 1
        while first < record.count, record[first] == 0x20 || record[first] == 0x09 { first += 1 }
        if marks.contains(where: { record.hasPrefix($0, at: first) }) { return true }
      }
      start += 1
    }
    return false
  }

  private static let marks = [
    "at ", "File \"", "#0 ", "from ", "goroutine ", "Traceback (", "thread '", "*** ", "panic: ",
    "0:", "0 ", "Fatal error: ", "+ Exception Group Traceback",
  ]
}
