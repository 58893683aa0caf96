// The lines that need care: the first one, those across the end of the buffer, those that may hold
// a hole or must be cut, the unterminated rest, and all of UTF-16.

extension LineReader {
  mutating func nextWithCare() throws(SourceError) -> Bool {
    if overlongStop != nil, try !finishOverlongLine() { return false }
    try begin()
    var feed: Int?
    var searched = scanned
    while true {
      let limit = wholeUnits
      if feed == nil {
        feed = lineFeed(from: searched, to: limit)
        searched = limit
      }
      let stop = firstNUL(from: scanned, to: feed ?? limit) ?? feed ?? limit
      if stop - contentIndex > maxLine + encoding.unit { return try cutLine() }
      if stop == feed { return try finishLine(at: stop) }
      guard stop < limit else {
        scanned = stop
        let shift = lineIndex
        guard try refill() else { return try finishRest() }
        searched -= shift - lineIndex
        continue
      }
      // A run of NULs: text when it is short, a hole when it is long.
      let end = endOfNULs(from: stop)
      if end == wholeUnits && !isAtEnd && end - stop < Self.holeLength {
        scanned = stop
        let shift = lineIndex
        _ = try refill()
        searched -= shift - lineIndex
      } else if end - stop < Self.holeLength {
        scanned = end
      } else {
        guard try removeHole(from: stop, to: end) else { return try finishRest() }
        feed = nil
        scanned = stop
        searched = stop
        if stop == lineIndex { lineStart = buffer.offset(at: stop) }
      }
    }
  }

  /// Sets what `line` shows, up to the index `end`, where a line end stands or the file ends.
  private mutating func setContent(to end: Int, isTerminated: Bool) {
    let unit = encoding.unit
    contentCount = end - contentIndex
    self.isTerminated = isTerminated
    isCut = false
    if isTerminated && contentCount >= unit && isReturn(at: end - unit) { contentCount -= unit }
    // A hole may lie between a carriage return and the line feed.
    contentEnd =
      contentCount == 0
      ? lineStart + (contentIndex - lineIndex)
      : buffer.offset(behind: contentIndex + contentCount)
    originalLength = contentCount
    if unit == 2 { transcodeLine() }
  }

  private mutating func begin() throws(SourceError) {
    lineIndex = nextIndex
    lineStart = nextOffset
    lineEnd = nextOffset
    contentEnd = nextOffset
    if buffer.hasManyGaps { discard() }
    contentIndex = lineIndex
    if nextOffset == 0 {
      while buffer.count < markLength, try refill() {}
      contentIndex = min(markLength, buffer.count)
    }
    scanned = contentIndex
  }

  private mutating func finishLine(at feed: Int) throws(SourceError) -> Bool {
    let unit = encoding.unit
    var length = feed - contentIndex
    if length >= unit && isReturn(at: feed - unit) { length -= unit }
    if length > maxLine { return try cutLine() }
    lineEnd = buffer.offset(at: feed) + unit
    setContent(to: feed, isTerminated: true)
    advance(to: feed + unit)
    return true
  }

  /// At the end of the file: the unterminated rest, if there is one.
  private mutating func finishRest() throws(SourceError) -> Bool {
    let end = buffer.count
    guard end > contentIndex else {
      lineStart = nextOffset
      lineEnd = nextOffset
      contentEnd = nextOffset
      return false
    }
    // A carriage return may turn out to be half a line end.
    let unit = encoding.unit
    let isReturnLast = end - contentIndex == maxLine + unit && isReturn(at: end - unit)
    if end - contentIndex > maxLine && !isReturnLast { return try cutLine() }
    lineEnd = buffer.offset(behind: end)
    setContent(to: end, isTerminated: false)
    advance(to: end)
    return true
  }

  private mutating func advance(to index: Int) {
    nextIndex = index
    nextOffset = lineEnd
    if encoding.unit == 1 { shortLine = min(Self.holeLength - 1, maxLine) }
  }

  // MARK: Over-long lines

  private mutating func cutLine() throws(SourceError) -> Bool {
    let cut = characterBoundary(contentIndex + maxLine / encoding.unit * encoding.unit)
    let place = buffer.offset(behind: cut)
    let start = lineStart + (contentIndex - lineIndex)
    var (gap, from) = buffer.openGap(at: cut, offset: place)
    // Text between the cut and a hole behind it is in the gap already.
    let sink = encoding.unit == 1 ? overlong : nil
    sink?(buffer.span(contentIndex..<from))
    isTerminated = try skipToLineEnd(&gap, from: &from, at: cut, handingTo: sink)
    isCut = true
    contentCount = cut - contentIndex
    contentEnd = place
    originalLength = gap.end - start - (isTerminated && endsInReturn(gap) ? encoding.unit : 0)
    overlongStop = isTerminated ? nil : gap.end
    lineEnd = gap.end + (isTerminated ? encoding.unit : 0)
    buffer.close(gap, at: cut, next: from)
    advance(to: isTerminated ? cut + encoding.unit : cut)
    if encoding.unit == 2 { transcodeLine() }
    return true
  }

  /// Goes on inside the line at which an earlier run stopped; false when it has not ended yet.
  private mutating func finishOverlongLine() throws(SourceError) -> Bool {
    lineIndex = nextIndex
    lineStart = nextOffset
    var (gap, from) = buffer.openGap(at: nextIndex, offset: nextOffset)
    let isFound = try skipToLineEnd(&gap, from: &from, at: nextIndex, handingTo: nil)
    if isFound {
      buffer.extend(&gap, over: from..<(from + encoding.unit))
      from += encoding.unit
    }
    buffer.close(gap, at: nextIndex, next: from)
    overlongStop = isFound ? nil : gap.end
    overlongRest = gap.length
    hasPassedOverlong = isFound
    nextOffset = gap.end
    lineStart = gap.end
    lineEnd = gap.end
    contentEnd = gap.end
    return isFound
  }

  /// Extends the gap up to the next line end, whose index then is `from`, or to the end of the
  /// file, but for a hole there.
  ///
  /// What is passed lands at `index`, over and over.
  private mutating func skipToLineEnd(
    _ gap: inout Gap, from: inout Int, at index: Int, handingTo sink: ((Span<UInt8>) -> Void)?
  ) throws(SourceError) -> Bool {
    let unit = encoding.unit
    var zeros = 0
    while true {
      let limit = from + (buffer.count - from) / unit * unit
      let feed = lineFeed(from: from, to: limit)
      let text =
        feed ?? from + (buffer.endOfText(from: from, to: limit) - from + unit - 1) / unit * unit
      if text > from || feed != nil {
        gap.extend(zeros: zeros)
        zeros = 0
        buffer.extend(&gap, over: from..<text)
        sink?(buffer.span(from..<text))
      }
      if let feed {
        from = feed
        return true
      }
      zeros += limit - text
      buffer.move(from: limit, to: index)
      from = index
      if zeros >= Self.holeLength && buffer.count == index {
        if let jumped = source.skipHole() { zeros += jumped } else { isAtEnd = true }
      }
      if try !append() {
        if zeros < Self.holeLength {
          gap.extend(zeros: zeros)
          buffer.extend(&gap, over: from..<buffer.count)
          sink?(buffer.span(from..<buffer.count))
        }
        from = buffer.count
        return false
      }
    }
  }

  /// `index`, or a little less, so that no character is cut in two.
  private func characterBoundary(_ index: Int) -> Int {
    if encoding.unit == 2 {
      let high = buffer[encoding == .utf16be ? index - 2 : index - 1]
      return (0xD8..<0xDC).contains(high) ? index - 2 : index
    }
    guard index < buffer.count, isContinuation(index) else { return index }
    var lead = index - 1
    while lead > max(contentIndex, index - 3) && isContinuation(lead) { lead -= 1 }
    let length =
      switch buffer[lead] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    return lead + length > index ? lead : index
  }

  private func isContinuation(_ index: Int) -> Bool { buffer[index] & 0xC0 == 0x80 }

  private func endsInReturn(_ gap: Gap) -> Bool {
    guard gap.length >= encoding.unit else { return false }
    return switch encoding {
    case .utf16le: Array(gap.tail.suffix(2)) == [0x0D, 0]
    case .utf16be: Array(gap.tail.suffix(2)) == [0, 0x0D]
    default: gap.tail.last == 0x0D
    }
  }

  // MARK: Holes

  /// Leaves the NULs from `start` on out, of which those before `end` are in the buffer.
  ///
  /// False when the file holds nothing else: then they stay for a later run.
  private mutating func removeHole(from start: Int, to end: Int) throws(SourceError) -> Bool {
    let place = start == lineIndex ? lineStart : buffer.offset(behind: start)
    var (gap, _) = buffer.openGap(at: start, offset: place)
    gap.extend(zeros: end - start)
    var rest = end
    while rest == wholeUnits {
      buffer.move(from: rest, to: start)
      if buffer.count == start {
        guard let jumped = source.skipHole() else { return stayBefore(start) }
        gap.extend(zeros: jumped)
      }
      guard try append() else { return stayBefore(start) }
      rest = endOfNULs(from: start)
      gap.extend(zeros: rest - start)
    }
    buffer.close(gap, at: start, next: rest)
    return true
  }

  private mutating func stayBefore(_ index: Int) -> Bool {
    buffer.truncate(to: index)
    isAtEnd = true
    return false
  }

  // MARK: Reading

  /// Reads behind what the buffer holds, after letting go of what nobody needs.
  private mutating func refill() throws(SourceError) -> Bool {
    if buffer.hasManyGaps || buffer.capacity - buffer.count < readSize() { discard() }
    return try append()
  }

  /// Keeps the line at hand, what `keep` asks for, and an anchor's length before them.
  private mutating func discard() {
    let kept = min(keptFrom ?? lineStart, lineStart)
    let surplus = min(buffer.index(of: kept), lineIndex) - Checkpoint.anchorCapacity
    guard surplus > 0 else { return }
    buffer.discard(before: surplus)
    lineIndex -= surplus
    contentIndex -= surplus
    nextIndex -= surplus
    scanned -= surplus
  }

  private mutating func append() throws(SourceError) -> Bool {
    if isAtEnd { return false }
    isAtEnd = try buffer.append(max(1, readSize()), from: &source) == 0
    return !isAtEnd
  }
}
