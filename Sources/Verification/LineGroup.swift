import LogModel
import Tailing

/// Lines of a file whose records interleave: a container writes the parts of two streams to one.
///
/// A record's lines stand among those of the records that begin before its end. Lines that no record
/// has taken yet are held.
struct LineGroup {
  private var lines: [(start: Int, text: [UInt8])] = []
  private var bytes = 0

  var isEmpty: Bool { lines.isEmpty }
  /// Where the first line begins that no record has taken.
  var start: Int? { lines.first?.start }

  /// Adds the lines of a text that begins at `start`.
  mutating func add(_ text: Span<UInt8>, start: Int) {
    var begin = 0
    for index in 0...text.count where index == text.count || text[index] == 0x0A {
      append(text.extracting(begin..<index), start: start + begin)
      begin = index + 1
    }
  }

  private mutating func append(_ line: Span<UInt8>, start: Int) {
    var count = line.count
    if count > 0, line[count - 1] == 0x0D { count -= 1 }
    lines.append((start, TextSanitizer.clean(line.extracting(first: count))))
    bytes += count
  }

  /// Takes a line out that is gone.
  mutating func removeFirst() { bytes -= lines.removeFirst().text.count }

  /// Takes the lines of a stored record out, the first of which must come first; reads on where it
  /// has to, and false where a line of the record is not found.
  ///
  /// With `marks` something may have been replaced in the record.
  mutating func take(
    _ stored: Span<UInt8>, _ reader: inout LineReader, marks: Bool
  ) throws -> Bool {
    var index = 0
    var begin = 0
    for end in 0...stored.count where end == stored.count || stored[end] == 0x0A {
      let isReturn = end > begin && stored[end - 1] == 0x0D
      let line = stored.extracting(begin..<(isReturn ? end - 1 : end))
      while true {
        if index == lines.count {
          guard bytes <= 2 * reader.maxLine, try reader.next() else { return false }
          let start = reader.lineStart
          append(reader.line, start: start)
        }
        let text = lines[index].text
        if line.isEqual(to: text) { break }
        if marks, MarkedText(line)?.mayBe(line, from: text.span, .whole) ?? false { break }
        if begin == 0 { return false }
        index += 1
      }
      bytes -= lines.remove(at: index).text.count
      begin = end + 1
    }
    return true
  }
}

extension Span<UInt8> {
  fileprivate func isEqual(to other: [UInt8]) -> Bool {
    count == other.count && indices.allSatisfy { self[$0] == other[$0] }
  }

  func isEqual(to other: Span<UInt8>) -> Bool {
    count == other.count && starts(with: other)
  }

  func starts(with other: Span<UInt8>) -> Bool {
    other.count <= count && other.indices.allSatisfy { self[$0] == other[$0] }
  }
}
