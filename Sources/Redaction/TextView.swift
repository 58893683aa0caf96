import JSON
import LogModel

/// A text that stands in a record in escapes, or in several parts, and where each byte of it stands.
struct TextView {
  private(set) var bytes: [UInt8]
  /// Where the character of each byte begins and ends in the record; empty where they are the record's.
  private var starts: [Int32] = []
  private var ends: [Int32] = []
  /// How many strings of JSON it stands in.
  private(set) var level = 0
  /// Whether it goes on behind what there is of the record.
  private(set) var isOpen: Bool

  /// The record itself.
  init(_ text: Span<UInt8>, isOpen: Bool) {
    bytes = []
    bytes.reserveCapacity(text.count)
    for index in text.indices { bytes.append(text[index]) }
    self.isOpen = isOpen
  }

  private init(level: Int, isOpen: Bool) {
    bytes = []
    self.level = level
    self.isOpen = isOpen
  }

  var count: Int { bytes.count }

  private var isRecord: Bool { starts.isEmpty }

  func start(_ index: Int) -> Int { isRecord ? index : Int(starts[index]) }

  func end(_ index: Int) -> Int { isRecord ? index + 1 : Int(ends[index]) }

  /// Where the bytes stand in the record, in one piece or in several.
  func places(_ range: Range<Int>) -> [Range<Int>] {
    guard !range.isEmpty else { return [] }
    if isRecord { return [range] }
    var result: [Range<Int>] = []
    var run = start(range.lowerBound)..<end(range.lowerBound)
    for index in range.dropFirst() {
      if start(index) > run.upperBound {
        result.append(run)
        run = start(index)..<end(index)
      } else {
        run = run.lowerBound..<max(run.upperBound, end(index))
      }
    }
    result.append(run)
    return result
  }

  /// The part of `range` that is whole characters, of a text that ends within one.
  ///
  /// Such an end was made valid: it is U+FFFD.
  func whole(_ range: Range<Int>) -> Range<Int> {
    let mark = UTF8.encodedReplacementCharacter
    var end = range.upperBound
    while end - range.lowerBound >= mark.count, bytes[end - mark.count..<end].elementsEqual(mark) {
      end -= mark.count
    }
    return range.lowerBound..<end
  }

  /// The range of the record that reaches from the first of its bytes to the last.
  func hull(_ range: Range<Int>) -> Range<Int> {
    guard let last = range.last else {
      let place =
        range.lowerBound < count ? start(range.lowerBound) : count == 0 ? 0 : end(count - 1)
      return place..<place
    }
    return start(range.lowerBound)..<end(last)
  }

  /// The smallest range of whole characters around `part`, which lies in the hull of all bytes.
  func snapped(_ part: Range<Int>) -> Range<Int> {
    guard !isRecord, !part.isEmpty else { return part }
    let first = (starts.partitioningIndex { Int($0) > part.lowerBound }) - 1
    let last = (starts.partitioningIndex { Int($0) >= part.upperBound }) - 1
    guard first >= 0, last >= first else { return part }
    return min(part.lowerBound, start(first))..<max(part.upperBound, end(last))
  }

  /// The text of the string whose inside is `range`.
  func decoded(_ range: Range<Int>, isOpen: Bool) -> TextView {
    var view = TextView(level: level + 1, isOpen: isOpen)
    view.append(self, range, isEscaped: true)
    return view
  }

  /// The text that the runtime of a container has cut into `parts`.
  func joined(_ parts: [Redactor.Part], isOpen: Bool) -> TextView {
    let isEscaped = parts.first?.isEscaped ?? false
    var view = TextView(level: level + (isEscaped ? 1 : 0), isOpen: isOpen)
    for part in parts { view.append(self, part.range, isEscaped: part.isEscaped) }
    return view
  }

  private mutating func append(_ source: TextView, _ range: Range<Int>, isEscaped: Bool) {
    bytes.reserveCapacity(count + range.count)
    starts.reserveCapacity(count + range.count)
    ends.reserveCapacity(count + range.count)
    var index = range.lowerBound
    // Where the rest of an escape begins that two parts share: it goes with what follows.
    var rest: Int?
    while index < range.upperBound {
      guard isEscaped, source.bytes[index] == UInt8(ascii: "\\") else {
        append(source.bytes[index], (rest ?? source.start(index))..<source.end(index))
        rest = nil
        index += 1
        continue
      }
      let escape = Escape(source.bytes, at: index, before: range.upperBound)
      if isOpen, escape.isBroken, escape.end == range.upperBound {
        // It is not all there yet: it goes with the character before it.
        if !ends.isEmpty {
          ends[ends.count - 1] = Int32(truncatingIfNeeded: source.end(escape.end - 1))
        }
        return
      }
      let last = source.lastOfRun(from: index, before: escape.end)
      let place = (rest ?? source.start(index))..<source.end(last)
      for byte in UTF8.encode(escape.scalar) ?? UTF8.encodedReplacementCharacter {
        append(byte, place)
      }
      rest = last + 1 < escape.end ? source.start(last + 1) : nil
      index = escape.end
    }
  }

  /// The last byte from `start` on, before `end`, up to which they follow each other in the record.
  private func lastOfRun(from start: Int, before end: Int) -> Int {
    var last = start
    while last + 1 < end, self.start(last + 1) <= self.end(last) { last += 1 }
    return last
  }

  private mutating func append(_ byte: UInt8, _ place: Range<Int>) {
    bytes.append(byte)
    starts.append(Int32(truncatingIfNeeded: place.lowerBound))
    ends.append(Int32(truncatingIfNeeded: place.upperBound))
  }
}

/// One escape of a JSON string; a broken one is U+FFFD.
private struct Escape {
  var scalar: Unicode.Scalar = "\u{FFFD}"
  var end: Int
  var isBroken = false

  init(_ text: [UInt8], at start: Int, before limit: Int) {
    end = min(start + 2, limit)
    guard start + 1 < limit else {
      isBroken = true
      return
    }
    switch text[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      scalar = Unicode.Scalar(text[start + 1])
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"):
      guard let first = Self.unit(text, start, limit) else {
        isBroken = true
        if start + 6 > limit { end = limit }
        return
      }
      end = start + 6
      if let found = Unicode.Scalar(first) {
        scalar = found
      } else if first < 0xDC00, Self.mayBecomeLowSurrogate(text[end..<limit]) {
        (isBroken, end) = (true, limit)
      } else if first < 0xDC00, let second = Self.unit(text, end, limit),
        (0xDC00...0xDFFF).contains(second),
        let found = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        scalar = found
        end += 6
      }
    default: break
    }
  }

  /// Whether a text ends before it has said which character a high surrogate is half of.
  private static func mayBecomeLowSurrogate(_ rest: ArraySlice<UInt8>) -> Bool {
    guard rest.count < 6 else { return false }
    return zip(rest, ["\\", "u", "Dd", "CDEFcdef", "0123456789ABCDEFabcdef"]).allSatisfy {
      $1.utf8.contains($0)
    }
  }

  /// The value of `\uXXXX` at `start`.
  private static func unit(_ text: [UInt8], _ start: Int, _ limit: Int) -> UInt32? {
    guard start + 6 <= limit, text[start] == UInt8(ascii: "\\"),
      text[start + 1] == UInt8(ascii: "u")
    else { return nil }
    return UInt32(String(decoding: text[start + 2..<start + 6], as: UTF8.self), radix: 16)
  }
}
