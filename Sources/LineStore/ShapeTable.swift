import Glibc

/// The shapes of lines seen lately, found by the scanner's hash; those that pay are templates.
///
/// A *shape* is constant text with places for parameters, a level, and the skeleton it belongs to.
/// A shape becomes a *template*, a row of the dictionary, when it occurs often enough; lines of the
/// others are stored whole under the catch-all template of their skeleton.
struct ShapeTable: ~Copyable {
  struct Shape {
    var hash: UInt64
    /// Where its constant text begins in `text`; piece `k` of the line follows `ends[firstEnd + k]` bytes of it.
    var textStart: Int
    var firstEnd: Int
    var pieces: Int
    var timePiece: Int
    var level: UInt8
    /// The id in the dictionary; 0 as long as the shape is none.
    var template: Int64
    var skeleton: Int
    /// Lines of this shape may be found by `LineScanner.follow`.
    var isLocal = false
    var bodyStart = LineScanner.Place(piece: 0, offset: 0)
    var bodyEnd = LineScanner.Place(piece: 0, offset: 0)
    /// Whether its `seams` are plain; known of templates.
    var isPlain = true
    /// Where they stand in the list of the chunk at hand; -1 for nowhere yet.
    var seamsPlace: Int32 = -1
    /// The template of which this is a special case, with one parameter as constant text; 0 for none.
    var base: Int64 = 0
    /// Pieces of the line that are constant text here, a bit for each.
    var constantPieces: UInt64 = 0
    /// The piece of the line whose frequent values have shapes of their own; -1 for none.
    var variantPiece: Int8 = -1
    /// How often its values were looked at in vain.
    var idleLessons: UInt8 = 0
    /// Rows of the chunk at hand.
    var rows: Int32 = 0
    /// Counted and not yet in the batch's pattern counts.
    var tally = Tally()
  }

  /// Rows of one minute, and the times of the first and the last of them.
  struct Tally {
    var count: Int32 = 0
    var minute: Int64 = .min
    var first: Int64 = .max
    var last: Int64 = .min
  }

  /// Shapes that are no templates are forgotten when there are more than this many.
  static let maxCandidates = 8192
  /// Or when they have more constant text than this.
  static let maxCandidateBytes = 2 << 20

  var shapes: [Shape] = []
  var text = ByteBuffer(capacity: 1 << 16)
  var ends: [Int32] = []
  /// As `ends`; meaningful where the shape is local.
  var leads: [LineScanner.Lead] = []
  /// Open addressing: index + 1 of a shape, 0 for none; the size is a power of two.
  private(set) var slots = [Int32](repeating: 0, count: 4096)
  private var candidates = 0
  private var candidateBytes = 0

  subscript(index: Int) -> Shape {
    get { shapes[index] }
    set { shapes[index] = newValue }
  }

  var count: Int { shapes.count }

  /// The id in the dictionary; 0 as long as the shape is no template.
  func template(_ index: Int) -> Int64 { shapes[index].template }

  /// Counts a row of the chunk at hand; the bytes of constant text to store with it, if the shape is
  /// no template.
  mutating func countRow(of index: Int) -> Int {
    shapes[index].rows += 1
    return shapes[index].template == 0 ? constantCount(index) : 0
  }

  mutating func resetRows(of index: Int) {
    shapes[index].rows = 0
    shapes[index].seamsPlace = -1
  }

  /// Whether the words of a template's parameters do not reach beyond them.
  func isPlain(_ index: Int) -> Bool { shapes[index].isPlain }

  /// Where in `seams` those of a template stand, which are added where they are missing.
  mutating func placeSeams(of index: Int, in seams: inout [Seams]) -> Int32 {
    if shapes[index].seamsPlace < 0 {
      shapes[index].seamsPlace = Int32(seams.count)
      seams.append(self.seams(index))
    }
    return shapes[index].seamsPlace
  }

  func skeletonAndLevel(_ index: Int) -> (skeleton: Int, level: UInt8) {
    (shapes[index].skeleton, shapes[index].level)
  }

  /// Counts a row of the minute at hand; false, and nothing done, when it is of another one.
  mutating func count(_ time: Int64, minute: Int64, of index: Int) -> Bool {
    guard shapes[index].tally.minute == minute else { return false }
    shapes[index].tally.count += 1
    shapes[index].tally.first = min(shapes[index].tally.first, time)
    shapes[index].tally.last = max(shapes[index].tally.last, time)
    return true
  }

  mutating func begin(_ time: Int64, minute: Int64, of index: Int) {
    shapes[index].tally = Tally(count: 1, minute: minute, first: time, last: time)
  }

  /// What has been counted since the last call; nil for nothing.
  mutating func takeTally(_ index: Int) -> Tally? {
    guard shapes[index].tally.count > 0 else { return nil }
    defer { shapes[index].tally = Tally() }
    return shapes[index].tally
  }

  /// The shape of the line that `scanner` holds; nil when it is new.
  func find(_ scanner: borrowing LineScanner, _ line: Span<UInt8>, level: UInt8) -> Int? {
    let key = Self.key(scanner.hash, level)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key ^ key >> 32) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if shapes[index].hash == key && matches(shapes[index], scanner, line) { return index }
      slot = (slot + 1) & mask
    }
    return nil
  }

  static func key(_ hash: UInt64, _ level: UInt8) -> UInt64 {
    (hash ^ UInt64(level)) &* 0x9FB2_1C65_1E98_DF25
  }

  /// The hash decides almost always; the bytes decide always.
  private func matches(
    _ shape: Shape, _ scanner: borrowing LineScanner, _ line: Span<UInt8>
  ) -> Bool {
    guard shape.pieces == scanner.pieces && shape.timePiece == scanner.timePiece else {
      return false
    }
    var position = 0
    var start = shape.textStart
    for piece in 0...shape.pieces {
      let end = piece < shape.pieces ? scanner.piece(piece).start : line.count
      let length = end - position
      let textEnd = Int(ends[shape.firstEnd + piece])
      guard length == textEnd - start else { return false }
      guard
        line.extracting(position..<end).isIdentical(to: text.span.extracting(start..<textEnd))
      else { return false }
      start = textEnd
      if piece < shape.pieces { position = scanner.piece(piece).end }
    }
    return true
  }

  /// Adds the scanned line's shape.
  mutating func add(
    _ scanner: borrowing LineScanner, _ line: Span<UInt8>, level: UInt8, skeleton: Int
  ) -> Int {
    let textStart = text.count
    let firstEnd = ends.count
    var position = 0
    for piece in 0...scanner.pieces {
      let end = piece < scanner.pieces ? scanner.piece(piece).start : line.count
      text.append(line.extracting(position..<end))
      ends.append(Int32(text.count))
      leads.append(.none)
      if piece < scanner.pieces { position = scanner.piece(piece).end }
    }
    candidates += 1
    candidateBytes += text.count - textStart
    let index = insert(
      Shape(
        hash: Self.key(scanner.hash, level), textStart: textStart, firstEnd: firstEnd,
        pieces: scanner.pieces, timePiece: scanner.timePiece, level: level, template: 0,
        skeleton: skeleton))
    learn(index, from: scanner)
    return index
  }

  /// Takes over what `LineScanner.follow` needs from a line of the shape.
  mutating func learn(_ index: Int, from scanner: borrowing LineScanner) {
    guard scanner.isLocal, !shapes[index].isLocal else { return }
    shapes[index].isLocal = true
    shapes[index].bodyStart = scanner.bodyStart
    shapes[index].bodyEnd = scanner.bodyEnd
    for piece in 0..<scanner.pieces { leads[shapes[index].firstEnd + piece] = scanner.lead(piece) }
  }

  /// Adds a template that the store has.
  mutating func add(_ template: StoredTemplate, hash: UInt64, skeleton: Int) {
    let textStart = text.count
    let firstEnd = ends.count
    for segment in template.segments {
      text.append(segment.span)
      ends.append(Int32(text.count))
      leads.append(.none)
    }
    _ = insert(
      Shape(
        hash: hash, textStart: textStart, firstEnd: firstEnd, pieces: template.segments.count - 1,
        timePiece: template.timePiece, level: template.level, template: template.id,
        skeleton: skeleton, isPlain: Seams(template).isPlain, base: template.base))
  }

  mutating func insert(_ shape: Shape) -> Int {
    shapes.append(shape)
    if shapes.count * 2 > slots.count {
      slots = [Int32](repeating: 0, count: slots.count * 2)
      for index in shapes.indices { place(index) }
    } else {
      place(shapes.count - 1)
    }
    return shapes.count - 1
  }

  private mutating func place(_ index: Int) {
    let key = shapes[index].hash
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key ^ key >> 32) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = Int32(index + 1)
  }

  mutating func admit(_ index: Int, as template: Int64) {
    shapes[index].template = template
    shapes[index].isPlain = seams(index).isPlain
    candidates -= 1
    candidateBytes -= constantCount(index)
  }

  /// Forgets the shapes that are no templates, if there are too many; indices change then.
  ///
  /// Only between chunks, and with no count pending. True when that was so.
  mutating func forgetCandidates() -> Bool {
    guard candidates > Self.maxCandidates || candidateBytes > Self.maxCandidateBytes else {
      return false
    }
    let old = shapes
    let oldEnds = ends
    let oldLeads = leads
    // Nothing of the old size: what a log has once it may have no more.
    var kept = ByteBuffer(capacity: 1 << 16)
    shapes = []
    ends = []
    leads = []
    slots = [Int32](repeating: 0, count: 4096)
    candidates = 0
    candidateBytes = 0
    for var shape in old where shape.template != 0 {
      let textStart = kept.count
      let shift = textStart - shape.textStart
      let last = Int(oldEnds[shape.firstEnd + shape.pieces])
      kept.append(text.span.extracting(shape.textStart..<last))
      let firstEnd = ends.count
      for piece in 0...shape.pieces {
        ends.append(Int32(Int(oldEnds[shape.firstEnd + piece]) + shift))
        leads.append(oldLeads[shape.firstEnd + piece])
      }
      shape.textStart = textStart
      shape.firstEnd = firstEnd
      _ = insert(shape)
    }
    text = kept
    return true
  }

  /// How many bytes of constant text the shape has.
  func constantCount(_ index: Int) -> Int {
    Int(ends[shapes[index].firstEnd + shapes[index].pieces]) - shapes[index].textStart
  }

  /// Whether no constant text stands before the first piece.
  func startsWithTime(_ index: Int) -> Bool {
    shapes[index].timePiece == 0 && Int(ends[shapes[index].firstEnd]) == shapes[index].textStart
  }

  /// Calls `body` with the constant text before `piece`, or with that at the end.
  func withSegment(_ index: Int, _ piece: Int, _ body: (Span<UInt8>) -> Void) {
    let shape = shapes[index]
    let start = piece == 0 ? shape.textStart : Int(ends[shape.firstEnd + piece - 1])
    body(text.span.extracting(start..<Int(ends[shape.firstEnd + piece])))
  }

  func seams(_ index: Int) -> Seams {
    let shape = shapes[index]
    var seams = Seams(timePiece: shape.timePiece)
    for piece in 0...shape.pieces {
      withSegment(index, piece) { seams.add($0, isLast: piece == shape.pieces) }
    }
    return seams
  }

  /// The text for `format()`: holes as `%s`, the time as 0x01, `%` doubled.
  func formatText(_ index: Int) -> String {
    var bytes: [UInt8] = []
    let shape = shapes[index]
    for piece in 0...shape.pieces {
      withSegment(index, piece) { segment in
        for position in segment.indices {
          bytes.append(segment[position])
          if segment[position] == percent { bytes.append(percent) }
        }
      }
      guard piece < shape.pieces else { break }
      if piece == shape.timePiece {
        bytes.append(1)
      } else {
        bytes.append(percent)
        bytes.append(UInt8(ascii: "s"))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

private let percent = UInt8(ascii: "%")
