import Glibc
import JSON

/// Tells records that may hold a trace from others, at the speed at which lines are read.
enum TraceHint {
  /// Whether the record is of more than one line.
  @inline(__always)
  static func hasLines(_ record: Span<UInt8>) -> Bool {
    unsafe record.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe memchr(base, 0x0A, buffer.count) != nil
    }
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
