import Glibc
package import LogModel
import Patterns

/// Turns the records of one run into chunks, templates and pattern counts.
///
/// One source at a time: `begin`, then `append` and, whenever `isFull`, `finishChunk`. What belongs
/// into the transaction of a batch is taken by `takeDictionary`. Nothing here touches the database.
package struct LineEncoder: ~Copyable {
  /// A chunk closes at this many rows, or at this many bytes of row text.
  package static let maxRows = 4096
  package static let maxBytes = 1 << 20
  /// Most shapes become templates when the chunk closes, so their constant text counts for less.
  static let maxCandidateBytes = 4 << 20
  /// Skeletons beyond this number are counted as `SkeletonText.other`.
  static let maxSkeletons = 10_000
  static let maxTemplates = 50_000
  /// A familiar skeleton lends its weight to this many shapes; more have to earn it in a chunk.
  static let maxFamiliarTemplates = 16
  /// Of so many shapes of a skeleton the nested texts are taken apart.
  static let maxNestedShapes = 256
  /// After so many lines in a row whose nested texts could not be taken apart, no other one of the chunk is.
  private static let maxUnlikeTexts = 64

  private var scanner = LineScanner()
  var shapes = ShapeTable()
  var skeletons: [SkeletonState] = []
  private var skeletonIndex: [Int64: Int] = [:]
  /// Shapes that are local, see `follow`.
  private var expected = [Expected](repeating: Expected(), count: expectedCount)
  private static let expectedCount = 4096

  private struct Expected {
    /// -1 for none.
    var shape: Int32 = -1
    /// Whose miss it was learned at.
    var miss = Miss.none
    /// Whether it has all before that piece in common with the shape that missed.
    var isShared = false
  }

  /// The shape that was tried before, and the piece at which it missed.
  private struct Miss: Equatable {
    var shape: Int32
    var piece: Int32
    static let none = Miss(shape: -1, piece: 0)
  }

  private static let maxAttempts = 4
  private var unlikeTexts = 0
  /// Where in `expected` the shape of the line at hand belongs, and behind which miss.
  private var place = 0
  private var miss = Miss.none
  var catchAlls: [CatchAll: Int64] = [:]
  /// Its lines have nothing in common: that it is met often says nothing of a shape.
  let otherSkeleton = PatternText.id(of: SkeletonText.other)
  var nextTemplate: Int64
  var newTemplates: [TemplateDraft] = []
  var counts = SkeletonCounts()

  // The chunk at hand, a row at each index.
  var source: Int64 = 0
  private var layout = TimeLayout.none
  var times: [Int64] = []
  var rowShapes: [Int32] = []
  var rowEnds: [Int32] = []
  var parameters = ByteBuffer(capacity: 1 << 20)
  /// Constant text of the rows whose shape is no template: it is stored with them.
  private var candidateBytes = 0

  struct SkeletonState {
    var id: Int64
    var text: String
    /// Lines stored before this batch.
    var stored: Int
    var templates = 0
    /// Those that were made in this run, the forgotten ones too, with their nested texts taken apart.
    var nestedShapes = 0
    var added = 0
    /// Whether the store has its row.
    var isKnown: Bool
  }

  package init(_ dictionary: StoredDictionary) {
    nextTemplate = (dictionary.templates.last?.template.id ?? 0) + 1
    for skeleton in dictionary.skeletons {
      skeletonIndex[skeleton.id] = skeletons.count
      skeletons.append(
        SkeletonState(id: skeleton.id, text: "", stored: skeleton.count, isKnown: true))
    }
    for stored in dictionary.templates {
      guard let skeleton = skeletonIndex[stored.skeleton] else { continue }
      if let hash = stored.hash {
        shapes.add(stored.template, hash: hash, skeleton: skeleton)
        if stored.template.base == 0 { skeletons[skeleton].templates += 1 }
      } else {
        let form: CatchAll.Form =
          stored.template.timePiece < 0
          ? .whole : stored.template.timePiece == 0 ? .timeFirst : .timeInside
        catchAlls[
          CatchAll(skeleton: stored.skeleton, level: stored.template.level, form: form)] =
          stored.template.id
      }
    }
    shapes.linkVariants()
    times.reserveCapacity(Self.maxRows)
    rowShapes.reserveCapacity(Self.maxRows)
    rowEnds.reserveCapacity(Self.maxRows)
  }

  package mutating func begin(source: Int64) {
    precondition(times.isEmpty)
    self.source = source
  }

  /// Rows of the chunk at hand.
  package private(set) var rowCount = 0
  package private(set) var isFull = false

  /// Appends one record; `head` counts bytes of `record` and has been checked against it.
  ///
  /// `record` is valid UTF-8 without NUL; `time` lies between 1970 and 9999.
  package mutating func append(
    _ record: Span<UInt8>, timeRange: Range<Int>, layout recordLayout: TimeLayout,
    body: Range<Int>, time instant: Int64, severity: Severity?
  ) {
    append(
      record, timeRange: timeRange, layout: recordLayout, body: body, time: instant,
      level: severity?.rawValue ?? 0)
  }

  mutating func append(
    _ record: Span<UInt8>, timeRange: Range<Int>, layout recordLayout: TimeLayout,
    body: Range<Int>, time instant: Int64, level: UInt8
  ) {
    let time = recordLayout.kind != .none ? timeRange : 0..<0
    let scanned =
      follow(record, time, recordLayout, body, level)
      ?? scan(record, time, recordLayout, body, level)
    let shape = shapes.variant(of: scanned, scanner, record)
    appendParameters(record, except: shapes[shape].constantPieces)
    times.append(instant)
    rowShapes.append(Int32(truncatingIfNeeded: shape))
    rowEnds.append(Int32(truncatingIfNeeded: parameters.count))
    candidateBytes += shapes.countRow(of: shape)
    rowCount += 1
    isFull =
      rowCount >= Self.maxRows || parameters.count >= Self.maxBytes
      || candidateBytes >= Self.maxCandidateBytes
  }

  /// The line's shape, where it is one that is expected here; nil where the line must be scanned.
  ///
  /// `expected` is a decision tree, spread over a table: a shape is tried, and where the line departs
  /// from its constant text, the bytes found there say which one to try next.
  private mutating func follow(
    _ record: Span<UInt8>, _ time: Range<Int>, _ recordLayout: TimeLayout, _ body: Range<Int>,
    _ level: UInt8
  ) -> Int? {
    place = Self.place(record, body.lowerBound, UInt64(level))
    miss = .none
    let isTimed = layout == recordLayout
    for _ in 0..<Self.maxAttempts {
      let shape = Int(expected[place].shape)
      guard shape >= 0, shapes.mayFollow(shape, level, isTimed: isTimed) else {
        return nil
      }
      let isShared = expected[place].isShared && expected[place].miss == miss
      if scanner.follow(
        shape, from: isShared ? Int(miss.piece) : 0, of: shapes, record, time: time, body: body)
      {
        unlikeTexts = 0
        return holdsMark(record) ? nil : shape
      }
      guard scanner.missPiece >= 0 else { return nil }
      miss = Miss(
        shape: Int32(truncatingIfNeeded: shape), piece: Int32(truncatingIfNeeded: scanner.missPiece)
      )
      place = Self.place(
        record, scanner.missPosition, UInt64(shape) << 16 | UInt64(scanner.missPiece) << 8 | 1)
    }
    return nil
  }

  /// The constant text of a timed shape holds no mark, so only parameters are in question.
  private func holdsMark(_ record: Span<UInt8>) -> Bool {
    guard scanner.timePiece >= 0 else { return false }
    for piece in 0..<scanner.pieces where scanner.piece(piece).flags & ByteClass.escaped != 0 {
      return containsMark(record)
    }
    return false
  }

  private mutating func scan(
    _ record: Span<UInt8>, _ time: Range<Int>, _ recordLayout: TimeLayout, _ body: Range<Int>,
    _ level: UInt8
  ) -> Int {
    split(record, time, recordLayout, body, nested: unlikeTexts < Self.maxUnlikeTexts)
    let shape =
      shapes.find(scanner, record, level: level)
      ?? addShape(record, time, recordLayout, body, level)
    shapes.learn(shape, from: scanner)
    if scanner.isLocal {
      expected[place] = Expected(
        shape: Int32(truncatingIfNeeded: shape), miss: miss,
        isShared: miss != .none && shapes.shares(shape, Int(miss.shape), upTo: Int(miss.piece)))
    }
    return shape
  }

  private mutating func split(
    _ record: Span<UInt8>, _ time: Range<Int>, _ recordLayout: TimeLayout, _ body: Range<Int>,
    nested: Bool
  ) {
    scanner.scan(record, time: time, body: body, nested: nested)
    guard scanner.timePiece >= 0 else { return }
    if layout.kind == .none { layout = recordLayout }
    if layout != recordLayout || containsMark(record) { scanner.storeTimeAsParameter() }
  }

  /// A new shape of the record that has been split; another one, that may be known, where nested texts
  /// have too little in common to be taken apart.
  private mutating func addShape(
    _ record: Span<UInt8>, _ time: Range<Int>, _ recordLayout: TimeLayout, _ body: Range<Int>,
    _ level: UInt8
  ) -> Int {
    let skeleton = skeleton(SkeletonText.text(scanner, record))
    if !scanner.nested.isEmpty {
      if skeletons[skeleton].nestedShapes == Self.maxNestedShapes {
        unlikeTexts += 1
        split(record, time, recordLayout, body, nested: false)
        if let known = shapes.find(scanner, record, level: level) { return known }
      } else {
        skeletons[skeleton].nestedShapes += 1
      }
    }
    return shapes.add(scanner, record, level: level, skeleton: skeleton)
  }

  /// Where in `expected` to look: a hash of `context` and the eight bytes at `position`.
  private static func place(_ record: Span<UInt8>, _ position: Int, _ context: UInt64) -> Int {
    var word: UInt64 = 0
    if position + 8 <= record.count {
      unsafe record.withUnsafeBytes { bytes in
        word = unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      }
    }
    let product = (word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
      by: context ^ 0xE703_7ED1_A0B4_28DB)
    return Int(truncatingIfNeeded: (product.high ^ product.low) & UInt64(expectedCount - 1))
  }

  /// A byte 0x01 in the text would be taken for the mark of the time.
  private func containsMark(_ record: Span<UInt8>) -> Bool {
    unsafe record.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe memchr(base, 1, buffer.count) != nil
    }
  }

  private mutating func appendParameters(_ record: Span<UInt8>, except constant: UInt64) {
    for index in 0..<scanner.pieces
    where index != scanner.timePiece && constant >> UInt64(index) & 1 == 0 {
      let piece = scanner.piece(index)
      let bytes = record.extracting(piece.start..<piece.end)
      parameters.appendValue(
        bytes, isNumber: piece.flags == ByteClass.digit && JSONText.isNumber(bytes),
        hasEscapes: piece.flags & ByteClass.escaped != 0)
    }
  }

  private mutating func skeleton(_ text: String) -> Int {
    let id = PatternText.id(of: text)
    if let index = skeletonIndex[id] { return index }
    if skeletons.count >= Self.maxSkeletons && text != SkeletonText.other {
      return skeleton(SkeletonText.other)
    }
    skeletonIndex[id] = skeletons.count
    skeletons.append(SkeletonState(id: id, text: text, stored: 0, isKnown: false))
    return skeletons.count - 1
  }

  /// Closes the chunk at hand, whose first row has `firstID`; nil when there is no row.
  ///
  /// `counting` is false for an open record: it is counted when it is complete.
  package mutating func finishChunk(firstID: Int64, sealed: Bool, counting: Bool = true)
    -> ChunkDraft?
  {
    guard !times.isEmpty else { return nil }
    let (minimum, maximum, unit) = timeScale()
    if counting { count() }
    admit()
    var rows: [ChunkDraft.Row] = []
    rows.reserveCapacity(times.count)
    var seams: [Seams] = []
    // Those of the catch-alls, by their form.
    var places: [Int32] = [-1, -1, -1]
    var start: Int32 = 0
    for row in times.indices {
      let end = rowEnds[row]
      let shape = Int(rowShapes[row])
      let template = shapes.template(shape)
      var row = ChunkDraft.Row(
        template: Int32(truncatingIfNeeded: template), start: start, end: end, seams: -1)
      if template != 0 {
        if !shapes.isPlain(shape) { row.seams = shapes.placeSeams(of: shape, in: &seams) }
      } else {
        row.start = Int32(truncatingIfNeeded: parameters.count)
        appendWhole(shape, Int(start), Int(end))
        row.end = Int32(truncatingIfNeeded: parameters.count)
        row.template = Int32(truncatingIfNeeded: catchAll(shape))
        let form = form(shape)
        if form != .whole {
          let place = places[form.rawValue]
          row.seams = place < 0 ? Int32(seams.count) : place
          if place < 0 { seams.append(form.seams) }
          places[form.rawValue] = row.seams
        }
      }
      rows.append(row)
      start = end
    }
    specialize()
    let draft = ChunkDraft(
      header: ChunkHeader(
        firstID: firstID, source: source, layout: layout, count: times.count, unit: unit,
        minimum: minimum, maximum: maximum, isSealed: sealed),
      rows: rows, times: times, parameters: parameters.copy(), seams: seams)
    reset()
    return draft
  }

  private mutating func reset() {
    for row in rowShapes { shapes.resetRows(of: Int(row)) }
    times.removeAll(keepingCapacity: true)
    rowShapes.removeAll(keepingCapacity: true)
    rowEnds.removeAll(keepingCapacity: true)
    parameters.removeAll()
    candidateBytes = 0
    rowCount = 0
    isFull = false
    unlikeTexts = 0
    layout = .none
    if shapes.forgetCandidates() {
      for place in expected.indices { expected[place] = Expected() }
    }
  }

  private func timeScale() -> (minimum: Int64, maximum: Int64, unit: Int64) {
    var minimum = Int64.max
    var maximum = Int64.min
    var unit: Int64 = 1_000_000
    for time in times {
      minimum = Swift.min(minimum, time)
      maximum = Swift.max(maximum, time)
      if unit > 1 && time % unit != 0 {
        unit = time % 1000 == 0 ? 1000 : 1
      }
    }
    return (minimum, maximum, unit)
  }
}
