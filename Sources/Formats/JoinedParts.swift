import JSON
package import LogModel

/// A text that the runtime of a container has cut into lines of a record.
package struct JoinedText: Sendable {
  package let stream: LineHead.Stream
  package fileprivate(set) var bytes: [UInt8] = []
  /// Its last line is one of the record's.
  package fileprivate(set) var isComplete = false
}

extension LineParser {
  /// What the texts say that the lines of a record are parts of; nil of a record whose first line, which
  /// has this head, is no part, and of one that is all in one line.
  ///
  /// A record has texts of both streams, and several of one, where its file went before their ends were
  /// told apart. Those of them that go on behind it are left out.
  package func joinedParts(of record: Span<UInt8>, _ head: LineHead) -> [[UInt8]]? {
    guard head.part != nil, record.firstIndex(of: 0x0A, in: 0..<record.count) != nil else {
      return nil
    }
    let texts = joinedTexts(of: record)
    return texts.compactMap { $0.isComplete || texts.count == 1 ? $0.bytes : nil }
  }

  /// In the order of their first lines.
  package func joinedTexts(of record: Span<UInt8>) -> [JoinedText] {
    var parser = self
    var head = LineHead()
    var texts: [JoinedText] = []
    var scratch: [UInt8] = []
    var start = 0
    while start < record.count {
      let end = record.firstIndex(of: 0x0A, in: start..<record.count) ?? record.count
      let line = record.extracting(start..<end)
      _ = parser.parse(line, into: &head)
      if let part = head.part {
        let open = texts.lastIndex { $0.stream == part.stream && !$0.isComplete }
        let index = open ?? texts.endIndex
        if open == nil { texts.append(JoinedText(stream: part.stream)) }
        if line[0] == UInt8(ascii: "{") {
          let count = JSONText.unescape(line, head.body, into: &scratch)
          texts[index].bytes += scratch[..<count]
        } else {
          for place in head.body.lowerBound..<line.count { texts[index].bytes.append(line[place]) }
        }
        texts[index].isComplete = part.isLast
      }
      start = end + 1
    }
    return texts
  }

  /// The last text of one stream in a record's lines, and whether it ends there.
  package func parts(
    of record: Span<UInt8>, _ stream: LineHead.Stream
  ) -> (text: [UInt8], isComplete: Bool) {
    guard let text = joinedTexts(of: record).last(where: { $0.stream == stream }) else {
      return ([], false)
    }
    return (text.bytes, text.isComplete)
  }
}
