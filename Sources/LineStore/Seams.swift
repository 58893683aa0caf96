import LogModel

/// The constant text around a template's pieces, as far as it can be part of a parameter's words.
///
/// A word may reach from a parameter into the constant text beside it, or through it into the next
/// parameter. Whatever lies further away stands here as one blank.
package struct Seams: Sendable {
  private var text: [UInt8] = []
  /// Seam `k`, before piece `k`, ends at `ends[k]`.
  private var ends: [Int32] = []
  private let timePiece: Int
  /// No word of a parameter reaches beyond it, and none can touch the time.
  package private(set) var isPlain = true

  package init(_ template: StoredTemplate) {
    self.init(timePiece: template.timePiece)
    for (index, segment) in template.segments.enumerated() {
      add(segment.span, isLast: index + 1 == template.segments.count)
    }
  }

  /// Segments are to be added.
  init(timePiece: Int) { self.timePiece = timePiece }

  /// Adds the constant text between two pieces, or that at one end of the line.
  mutating func add(_ segment: Span<UInt8>, isLast: Bool) {
    let isFirst = ends.isEmpty
    // A line without parameters.
    if isFirst && isLast { return ends.append(0) }
    var head = 0
    while head < segment.count, Word.holds(segment[head]) { head += 1 }
    let start = text.count
    if head == segment.count {
      text.append(segment)
    } else {
      var tail = segment.count
      while Word.holds(segment[tail - 1]) { tail -= 1 }
      if !isFirst { text.append(segment.extracting(0..<head)) }
      text.append(0x20)
      if !isLast { text.append(segment.extracting(tail..<segment.count)) }
    }
    ends.append(Int32(text.count))
    let isEdge = isFirst || isLast
    let seam = text[start...]
    if seam != [0x20] && !(isEdge && seam.isEmpty) { isPlain = false }
  }

  /// Weaves a row's parameters, as JSON text, into the seams; the time stands as one NUL.
  func weave(_ parameters: Span<UInt8>, into line: inout [UInt8]) {
    line.removeAll(keepingCapacity: true)
    var position = 0
    for piece in 0..<ends.count {
      let start = piece == 0 ? 0 : Int(ends[piece - 1])
      line.append(text.span.extracting(start..<Int(ends[piece])))
      if piece == timePiece {
        line.append(0)
        continue
      }
      guard position < parameters.count else { continue }
      let end = ChunkRows.endOfValue(parameters, position + 1)
      let value = parameters.extracting(position + 1..<end)
      position = end
      guard value.count >= 2, value[0] == UInt8(ascii: "\"") else {
        line.append(value)
        continue
      }
      let inside = value.extracting(1..<value.count - 1)
      if inside.contains(UInt8(ascii: "\\")) {
        JSONText.appendUnescaped(inside, to: &line)
      } else {
        line.append(inside)
      }
    }
  }
}
