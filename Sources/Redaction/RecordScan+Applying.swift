import LogModel

// What was found, put into the record.

extension RecordScan {
  /// The record with all marks in it; nil where there are none.
  mutating func apply(to record: TextView) -> [UInt8]? {
    if gaveUp { matches = [0..<record.count] }
    guard !matches.isEmpty || !edits.isEmpty else { return nil }
    leaves.sort { $0.range.lowerBound < $1.range.lowerBound }
    for match in Self.merged(matches) { redact(match) }
    let marks = Self.merged(edits.flatMap { Self.byLine($0, record.bytes) })
    guard !marks.isEmpty else { return nil }
    var text: [UInt8] = []
    text.reserveCapacity(record.count)
    var position = 0
    for edit in marks {
      text += record.bytes[position..<edit.range.lowerBound]
      let quote = edit.quoteLevel.map(Self.quote) ?? []
      text += quote
      text += Array(edit.mark.text.utf8)
      text += quote
      position = edit.range.upperBound
    }
    text += record.bytes[position...]
    return text
  }

  /// A quotation mark as it stands in so many strings.
  private static func quote(level: Int) -> [UInt8] {
    Array(repeating: UInt8(ascii: "\\"), count: 1 << level - 1) + [UInt8(ascii: "\"")]
  }

  /// A mark never stands for a line end.
  private static func byLine(_ edit: Edit, _ text: [UInt8]) -> [Edit] {
    text[edit.range].split(separator: 0x0A).map {
      var part = edit
      part.range = $0.startIndex..<$0.endIndex
      return part
    }
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, range.lowerBound <= last.upperBound {
        result[result.count - 1] =
          last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  /// Of edits that overlap, what was said hides what a pattern matched in it.
  private static func merged(_ edits: [Edit]) -> [Edit] {
    var result: [Edit] = []
    let sorted = edits.sorted {
      ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound)
    }
    for edit in sorted {
      guard let last = result.last, edit.range.lowerBound < last.range.upperBound else {
        result.append(edit)
        continue
      }
      var whole = last.mark == .redacted ? edit : last
      whole.range =
        last.range.lowerBound..<max(last.range.upperBound, edit.range.upperBound)
      result[result.count - 1] = whole
    }
    return result
  }

  /// Marks a match; within a document, only the values that it reaches into.
  private mutating func redact(_ match: Range<Int>) {
    var position = match.lowerBound
    for document in documents
    where document.upperBound > match.lowerBound && document.lowerBound < match.upperBound {
      if position < document.lowerBound { mark(position..<document.lowerBound) }
      redactLeaves(match.clamped(to: document))
      position = document.upperBound
    }
    if position < match.upperBound { mark(position..<match.upperBound) }
  }

  private mutating func mark(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    edits.append(Edit(range: range, mark: .redacted))
  }

  private mutating func redactLeaves(_ match: Range<Int>) {
    var low = leaves.partitioningIndex { $0.range.upperBound > match.lowerBound }
    while low < leaves.count, leaves[low].range.lowerBound < match.upperBound {
      let leaf = leaves[low]
      low += 1
      let part = match.clamped(to: leaf.range)
      guard !part.isEmpty else { continue }
      if let level = leaf.bareLevel {
        edits.append(Edit(range: leaf.range, mark: .redacted, quoteLevel: level))
      } else {
        mark(leaf.view?.snapped(part) ?? part)
      }
    }
  }
}
