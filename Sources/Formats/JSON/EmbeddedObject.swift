import JSON
import LogModel

/// A JSON object in a line of text: the text itself, or what a logger appends to its message.
struct EmbeddedObject {
  /// The place of its opening brace.
  var start: Int

  /// How far its beginning is looked for where speed counts.
  static let reach = 160

  /// The first object that begins in `range`.
  ///
  /// Nil when that object stands behind other text and does not end with the line: then it is a
  /// part of a sentence. One that begins the range may be cut.
  init?(_ line: Span<UInt8>, in range: Range<Int>) {
    var index = range.lowerBound
    while let brace = line.firstIndex(of: 0x7B, in: index..<range.upperBound) {
      index = brace &+ 1
      guard Self.begins(line, at: brace) else { continue }
      guard brace == range.lowerBound || Self.endsLine(line, from: brace) else { return nil }
      start = brace
      return
    }
    return nil
  }

  /// Whether a brace and a quote stand at `start`, blanks between them aside.
  @inline(__always)
  static func begins(_ line: Span<UInt8>, at start: Int) -> Bool {
    line.byte(start) == 0x7B && line.byte(line.skippingBlanks(start &+ 1)) == 0x22
  }

  private static func endsLine(_ line: Span<UInt8>, from start: Int) -> Bool {
    guard let end = JSONCursor.valueEnd(line, start) else { return false }
    return JSONCursor.skippingSpace(line, end) == line.count
  }

  /// The level that its members show.
  func severity(_ line: Span<UInt8>, _ context: inout TimeContext) -> Severity? {
    guard var cursor = JSONCursor(line, at: start) else { return nil }
    var record = JSONRecord()
    while case .member = cursor.next(line) {
      record.take(line, cursor, JSONKeys.table, &context)
    }
    return record.severity
  }
}
