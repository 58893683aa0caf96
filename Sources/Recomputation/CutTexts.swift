package import Formats
import JSON
package import LogModel
package import Redaction

/// The texts in a record that the runtime of a container has cut into lines.
///
/// Whether such a text goes on is a matter of its stream alone: neither what else stands between two
/// parts nor where a record, a run or a file ends says that it is over.
package struct CutTexts {
  package private(set) var texts: [Redactor.CutText] = []
  /// The streams whose last text may be an object that goes on behind the record.
  package private(set) var insideObject: LineHead.Streams
  /// Where the text is that each stream is in the midst of.
  private var current: [LineHead.Stream: Int] = [:]

  /// - Parameters:
  ///   - isOpen: The last line may be cut.
  ///   - cut: What is known of that line by its end.
  ///   - inside: The streams whose text is an object that went on behind the record before.
  package init(
    of record: Span<UInt8>, _ parser: LineParser, isOpen: Bool, cut: LineHead.Part? = nil,
    after inside: LineHead.Streams
  ) {
    insideObject = inside
    var parser = parser.tellingParts
    var head = LineHead()
    var start = 0
    while start <= record.count {
      let end = record.lineEnd(from: start)
      let line = record.extracting(start..<end)
      let isCut = isOpen && end == record.count
      _ = parser.parse(line, into: &head)
      if let part = head.part {
        let body = start + head.body.lowerBound..<start + min(head.body.upperBound, line.count)
        let isEscaped = !line.isEmpty && line[0] == 0x7B
        add(
          Redactor.Part(range: body, isEscaped: isEscaped), of: record, to: part.stream,
          isLast: part.isLast, isCut: isCut)
      } else if isCut, let body = Self.cutPart(line) {
        let range = start + body.lowerBound..<start + body.upperBound
        // Whose part it is, stands behind it.
        for stream in cut.map({ [$0.stream] }) ?? LineHead.Stream.allCases {
          add(
            Redactor.Part(range: range, isEscaped: true), of: record, to: stream,
            isLast: cut?.isLast ?? false, isCut: true)
        }
      }
      start = end + 1
    }
  }

  private mutating func add(
    _ part: Redactor.Part, of record: Span<UInt8>, to stream: LineHead.Stream, isLast: Bool,
    isCut: Bool
  ) {
    let streams = LineHead.Streams(stream)
    let index = current[stream] ?? texts.count
    if index == texts.count {
      texts.append(Redactor.CutText(isInside: insideObject.contains(streams)))
    }
    texts[index].parts.append(part)
    texts[index].isOpen = !isLast || isCut
    current[stream] = isLast ? nil : index
    if isLast {
      insideObject.remove(streams)
    } else if isCut || record.extracting(part.range).firstIndex(of: 0x7B, from: 0) != nil {
      insideObject.insert(streams)
    }
  }

  /// The text of a line of Docker's that is not all there.
  private static func cutPart(_ line: Span<UInt8>) -> Range<Int>? {
    guard var cursor = JSONCursor(line) else { return nil }
    while case .member = cursor.next(line) {
      guard line.hasPrefix("log\"", at: cursor.key.lowerBound) else { continue }
      return cursor.isString ? cursor.value : nil
    }
    var start = cursor.position
    for token in [",", "\"log\"", ":", "\""] {
      start = JSONCursor.skippingSpace(line, start)
      guard line.hasPrefix(token, at: start) else {
        // Of the first member none stands before it.
        if token == "," { continue }
        return nil
      }
      start += token.utf8.count
    }
    return start..<line.count
  }
}
