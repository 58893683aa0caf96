import Extraction
import Formats
import LineStore
import LogModel
import Recomputation
import SQLite
import Storage
import Tailing

/// How far a file says what a generation has stored, record by record.
struct CommonBeginning {
  enum End {
    /// The file ends there, or inside the record that was stored next.
    case file
    /// The file ends there too, and lacks only the line end of the generation's last record.
    case lineEnd
    /// Something else follows.
    case otherText
  }

  /// Behind the last record that is the same, line end included.
  var place: Checkpoint
  var end: End
  /// Of the records before `place`, the first time and the last one.
  var firstTime: Int64?
  var lastTime: Int64?
  /// What these records say of turns, where that was asked for.
  var turns: TurnExtractor.State
  /// Lines behind the end of a part, with the byte where each begins.
  var splits: [(line: Int64, offset: Int64)]
  /// A stored record stands there, and not only what may have been in the place of those that are gone.
  var hasRecord: Bool

  /// No banner that is written twice shows two times and is the same both times.
  var hasTwoTimes: Bool { firstTime != nil && firstTime != lastTime }
}

/// A file and the stored lines of a generation, side by side; one record at a time is in memory.
struct GenerationComparison: ~Copyable {
  private var reader: LineReader
  /// Parts of the stored lines may have been replaced.
  private let marks: Bool
  private var lines: StoredLines
  private var times: Times
  /// Where the record begins that is being compared.
  private var recordStart = 0
  private var hasRecord = false
  /// Where lines without a time begin that stand in the place of lines that are gone, and behind which
  /// nothing has proved that they are these.
  private var unproved: Checkpoint?
  private var extractor = TurnExtractor()
  private var turns = TurnExtractor.State()
  private var splits: [(line: Int64, offset: Int64)] = []
  /// Whether the records are asked for turns.
  private let isFollowing: Bool
  private let longLine = LongLine()

  /// What the records show that are the same.
  private struct Times {
    var parser: LineParser
    var head = LineHead()
    var first: Int64?
    var last: Int64?
    /// Records that are gone are older.
    let goneBefore: Int64

    init(parser: LineParser, goneBefore: Int64?) {
      self.parser = parser
      self.goneBefore = goneBefore ?? .min
    }

    /// What a line in the place of one that is gone is.
    enum Passed {
      case old
      case withoutTime
      case younger
    }

    mutating func pass(_ line: Span<UInt8>) -> Passed {
      look(at: line)
      guard let time = head.time else { return .withoutTime }
      guard time < goneBefore else { return .younger }
      take()
      return .old
    }

    mutating func look(at line: Span<UInt8>) { _ = parser.parse(line, into: &head) }

    mutating func take() {
      guard let time = head.time else { return }
      first = first ?? time
      last = time
    }
  }

  init(
    reader: consuming LineReader, marks: Bool, lines: consuming StoredLines, parser: LineParser,
    goneBefore: Int64?, isFollowing: Bool
  ) {
    self.isFollowing = isFollowing
    self.reader = reader
    self.marks = marks
    self.lines = lines
    times = Times(parser: parser, goneBefore: goneBefore)
    if isFollowing { longLine.follow(&self.reader) }
  }

  mutating func run(_ parts: [ExtentTable.Part], _ store: borrowing Store) throws -> CommonBeginning
  {
    let last = parts.last?.extents.last.map { $0.firstID + $0.count - 1 }
    for part in parts {
      for extent in part.extents {
        let end = extent.firstID + extent.count
        var id = extent.firstID
        while id < end {
          // The rest of the extent was cut off before, and other bytes came in its place.
          guard Int64(reader.lineEnd) < part.end else {
            splits.append((id, Int64(reader.lineEnd)))
            break
          }
          recordStart = reader.lineEnd
          guard try store.wrap({ db throws(SQLiteError) in try lines.seek(id, db) }) else {
            let gap = try store.wrap { db throws(SQLiteError) in
              try RecordGap(at: id, before: end, lines, db)
            }
            guard let gap else { return result(.otherText) }
            let ending = try Self.pass(
              gap.lines, before: part.end, &reader, &times, start: &recordStart, &unproved,
              isFollowing: isFollowing)
            if let ending { return result(ending) }
            id = gap.end
            continue
          }
          switch try Self.step(&reader, lines, &times, start: &recordStart, marks) {
          case .same:
            times.take()
            hasRecord = true
            unproved = nil
            guard isFollowing else { break }
            if reader.isCut {
              longLine.show(to: &extractor, times.parser, time: lines.time, &turns)
            } else {
              Self.follow(lines, times.head, times.parser, &extractor, &turns)
            }
          case .different: return result(.otherText)
          case .fileEnds(let hasWholeText):
            hasRecord = hasRecord || hasWholeText
            if hasWholeText { unproved = nil }
            return result(hasWholeText && id == last ? .lineEnd : .file)
          }
          id += 1
        }
      }
    }
    recordStart = reader.lineEnd
    return result(try reader.next() ? .otherText : .file)
  }

  /// Passes over the lines of records that are gone; how the common beginning ends where it ends among them.
  ///
  /// A younger line is none of theirs, nor is what is left of one that was cut. Lines without a time are theirs
  /// if something behind them is.
  private static func pass(
    _ lines: Int64, before end: Int64, _ reader: inout LineReader, _ times: inout Times,
    start: inout Int, _ unproved: inout Checkpoint?, isFollowing: Bool
  ) throws -> CommonBeginning.End? {
    for _ in 0..<lines where Int64(reader.lineEnd) < end {
      start = reader.lineEnd
      guard try reader.next() else { return .file }
      switch times.pass(reader.line) {
      case .old: unproved = nil
      case .younger where !isFollowing: return .otherText
      case .withoutTime where !isFollowing && unproved == nil:
        unproved = reader.commitPoint(at: reader.lineStart)
      case .younger, .withoutTime: break
      }
      guard reader.isTerminated || isFollowing else { return .file }
    }
    return nil
  }

  private static func follow(
    _ lines: borrowing StoredLines, _ head: LineHead, _ parser: LineParser,
    _ extractor: inout TurnExtractor, _ turns: inout TurnExtractor.State
  ) {
    let text = lines.text
    _ = extractor.read(
      text, head, joined: parser.joinedParts(of: text, head), time: lines.time, state: &turns)
    guard parser.cutsTexts else { return }
    let texts = CutTexts(of: text, parser, isOpen: false, after: turns.insideObject)
    turns.insideObject = texts.insideObject
  }

  private mutating func result(_ end: CommonBeginning.End) -> CommonBeginning {
    CommonBeginning(
      place: unproved ?? reader.commitPoint(at: recordStart), end: end, firstTime: times.first,
      lastTime: times.last, turns: turns, splits: splits, hasRecord: hasRecord)
  }

  /// What the next record of the file is to the next stored one.
  private enum Step {
    case same
    case fileEnds(hasWholeText: Bool)
    case different
  }

  /// Reads as many lines as the stored record has.
  private static func step(
    _ reader: inout LineReader, _ lines: borrowing StoredLines, _ times: inout Times,
    start: inout Int, _ marks: Bool
  ) throws -> Step {
    guard try reader.next() else { return .fileEnds(hasWholeText: false) }
    times.look(at: reader.line)
    start = reader.lineStart
    reader.keep(from: start)
    defer { reader.keep(from: nil) }
    for _ in 0..<feeds(in: lines.text) {
      let end = reader.lineEnd
      guard reader.isTerminated, try reader.next() else {
        return isBeginning(reader.bytes(from: start, to: end), of: lines.text, marks)
          ? .fileEnds(hasWholeText: false) : .different
      }
    }
    // Of a line that is too long, only its beginning is stored.
    if reader.isCut { return isSame(reader.line, lines.text, marks) ? .same : .different }
    let isTerminated = reader.isTerminated
    let text = reader.bytes(from: start, to: reader.contentEnd)
    if isTerminated { return isSame(text, lines.text, marks) ? .same : .different }
    guard isBeginning(text, of: lines.text, marks) else { return .different }
    return .fileEnds(hasWholeText: isSame(text, lines.text, marks))
  }

  private static func feeds(in text: Span<UInt8>) -> Int {
    text.indices.reduce(0) { text[$1] == 0x0A ? $0 + 1 : $0 }
  }

  /// Whether a text of the file is stored as `stored`.
  private static func isSame(
    _ text: Span<UInt8>, _ stored: Span<UInt8>, _ marks: Bool
  ) -> Bool {
    guard TextSanitizer.isClean(text) else {
      let clean = TextSanitizer.clean(text)
      return clean.span.isEqual(to: stored) || marks && clean.span.mayHaveBecome(stored, .whole)
    }
    return text.isEqual(to: stored) || marks && text.mayHaveBecome(stored, .whole)
  }

  /// The same of a text that may be cut anywhere, inside a character or a line end too.
  private static func isBeginning(
    _ text: Span<UInt8>, of stored: Span<UInt8>, _ marks: Bool
  ) -> Bool {
    var count = text.count
    if count > 0, text[count - 1] == 0x0D { count -= 1 }
    while count > 0, text[count - 1] >= 0x80 { count -= 1 }
    let clean = TextSanitizer.clean(text.extracting(first: count))
    return clean.count <= stored.count
      && clean.span.isEqual(to: stored.extracting(first: clean.count))
      || marks && clean.span.mayHaveBecome(stored, .cutShort)
  }
}
