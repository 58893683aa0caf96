/// A row of the dictionary taken apart: constant text around the holes and the time.
package struct StoredTemplate: Sendable {
  package let id: Int64
  package let pattern: Int64
  /// The raw value of a `Severity`; 0 for none.
  package let level: UInt8
  /// The template of which it is a special case; 0 for none.
  package let base: Int64
  /// One more than there are pieces; piece `k` stands between segments `k` and `k + 1`.
  package let segments: [[UInt8]]
  /// Which piece is the time; -1 for none.
  package let timePiece: Int

  /// Reads the text that `format()` takes.
  package init(
    id: Int64, pattern: Int64, level: UInt8, base: Int64 = 0, timed: Bool, text: Span<UInt8>
  ) {
    self.id = id
    self.pattern = pattern
    self.level = level
    self.base = base
    var segments: [[UInt8]] = []
    var current: [UInt8] = []
    var timePiece = -1
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "%") && index + 1 < text.count {
        if text[index + 1] == UInt8(ascii: "s") {
          segments.append(current)
          current = []
        } else {
          current.append(text[index + 1])
        }
        index += 2
      } else if byte == 1 && timed && timePiece < 0 {
        timePiece = segments.count
        segments.append(current)
        current = []
        index += 1
      } else {
        current.append(byte)
        index += 1
      }
    }
    segments.append(current)
    self.segments = segments
    self.timePiece = timePiece
  }

  package var holes: Int { segments.count - 1 - (timePiece >= 0 ? 1 : 0) }
}
