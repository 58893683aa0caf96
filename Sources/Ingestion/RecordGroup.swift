import LogModel

/// The records of two streams whose lines interleave, in the order of their first lines.
struct RecordGroup {
  /// One or none where nothing interleaves.
  private(set) var members: [Member] = []

  /// One stream's record.
  struct Member {
    let head: LineHead
    /// Nil of a line that is of no stream: the end of the file cuts it.
    fileprivate let stream: LineHead.Stream?
    let start: Int
    let skippedBefore: Int
    /// Its lines with their ends, but for the last line's end.
    fileprivate(set) var pieces: [Range<Int>]
    fileprivate var end: Int
  }

  var isEmpty: Bool { members.isEmpty }

  mutating func removeAll() { members = [] }

  mutating func add(_ head: LineHead, _ line: OpenFile.Line) {
    let text = line.start..<line.contentEnd
    guard let part = head.part, part.continues,
      let index = members.lastIndex(where: { $0.stream == part.stream })
    else {
      members.append(
        Member(
          head: head, stream: head.part?.stream, start: line.start,
          skippedBefore: line.skippedBefore, pieces: [text], end: line.end))
      return
    }
    let last = members[index].pieces.count - 1
    let whole = members[index].pieces[last].lowerBound..<members[index].end
    if whole.upperBound == text.lowerBound {
      members[index].pieces[last] = whole.lowerBound..<text.upperBound
    } else {
      members[index].pieces[last] = whole
      members[index].pieces.append(text)
    }
    members[index].end = line.end
  }
}
