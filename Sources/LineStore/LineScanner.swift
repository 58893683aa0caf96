import Glibc

/// Splits a line into constant text and variable tokens in one pass; the buffers are reused.
///
/// A token is a run of letters, digits and joining punctuation. It is *variable* (a hole) when it
/// holds a digit, is a path, a URL or a dotted host name, or is a quoted value. A prefix such as
/// `worker-` or `user:` in front of the digits stays constant. The split is a pure function of the
/// bytes, the place of the time and the body: the same line always gives the same template.
@safe struct LineScanner: ~Copyable {
  /// The view's `format()` takes 64 parameters, the time maybe among them; the last one takes the
  /// rest of the line.
  static let maxHoles = 64
  /// Behind this many bytes a line is one parameter.
  static let maxScanned = 8192

  private let rules: TokenRules
  /// The holes, the time too (`timePiece`), in the order of the line.
  private let bounds: UnsafeMutablePointer<Bound>
  private(set) var pieces = 0
  /// Which piece is the time, or -1.
  private(set) var timePiece = -1
  /// Which piece is a time that is stored like any other parameter, or -1.
  private(set) var plainTimePiece = -1
  /// Of the constant text and the places of the holes; not of what is in them.
  private(set) var hash: UInt64 = 0
  /// Whether every line of the same constant text, whose holes end where their tokens do, is split
  /// in the same way: `follow` depends on it.
  private(set) var isLocal = false
  /// Where `follow` found other constant text than that before this piece; -1 where it failed otherwise.
  private(set) var missPiece = -1
  private(set) var missPosition = 0
  /// Where the body begins and ends: the number of pieces before it, and how many constant bytes
  /// stand between the last of them and it.
  private(set) var bodyStart = Place(piece: 0, offset: 0)
  private(set) var bodyEnd = Place(piece: 0, offset: 0)
  /// The nested texts, without their quotes; not known after `follow`.
  private(set) var nested: [Range<Int>] = []
  /// Whether the last hole is all that the line has behind a place.
  private var hasRest = false

  struct Place: Equatable {
    var piece: Int
    var offset: Int
  }

  private struct Bound {
    var start: Int32 = 0
    var end: Int32 = 0
    var flags: UInt8 = 0
    var lead = Lead.none
  }

  /// What stands before a hole and was looked at together with it.
  struct Lead: Equatable {
    /// The number of bytes, for a token.
    let count: Int16
    static let none = Lead(count: 0)
    static let time = Lead(count: -1)
    /// The quote, or the bracket, of a value in a nested text.
    static let nestedString = Lead(count: .min)
    static let nestedArray = Lead(count: .min + 1)

    /// A quote and `skip` constant bytes behind it.
    static func quote(skip: Int) -> Lead { Lead(count: Int16(truncatingIfNeeded: -2 &- skip)) }

    /// Nil for no quote.
    var skip: Int? { count < -1 && count > Lead.nestedArray.count ? -2 &- Int(count) : nil }
  }

  init() {
    let classes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    for (index, value) in ByteClass.table.enumerated() { unsafe classes[index] = value }
    unsafe rules = TokenRules(classes: classes)
    unsafe bounds = .allocate(capacity: Self.maxHoles)
    for index in 0..<Self.maxHoles { unsafe bounds[index] = Bound() }
  }

  deinit {
    unsafe rules.classes.deallocate()
    unsafe bounds.deallocate()
  }

  /// The bytes of piece `index`, and the classes seen in it (all of them, where it was not looked at closely).
  func piece(_ index: Int) -> (start: Int, end: Int, flags: UInt8) {
    precondition(index >= 0 && index < pieces)
    let bound = unsafe bounds[index]
    return (Int(bound.start), Int(bound.end), bound.flags)
  }

  func lead(_ index: Int) -> Lead {
    precondition(index >= 0 && index < pieces)
    return unsafe bounds[index].lead
  }

  /// Scans `line`; a `time` range that is not empty becomes the time piece.
  ///
  /// `body` is the message: where it stands between quotes (JSON, logfmt) its inside is split into
  /// tokens like plain text, while other quoted values are one hole each, or one for each value in them
  /// where they are `nested` texts.
  mutating func scan(
    _ line: Span<UInt8>, time: Range<Int>, body: Range<Int>, nested takesApart: Bool = true
  ) {
    pieces = 0
    timePiece = -1
    plainTimePiece = -1
    nested.removeAll(keepingCapacity: true)
    hasRest = false
    isLocal = takesApart
    hash = seed
    unsafe line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let found = unsafe scan(base, buffer.count, time, body, takesApart)
      if !found {
        // The rest of the line swallowed the time: scan again as if there were none.
        pieces = 0
        timePiece = -1
        nested.removeAll(keepingCapacity: true)
        hash = seed
        isLocal = false
        _ = unsafe scan(base, buffer.count, 0..<0, body, takesApart)
      }
    }
    // There are too many values: a pattern must not hold what is left of the line.
    if hasRest && !nested.isEmpty { return scan(line, time: time, body: body, nested: false) }
    placeBody(body)
  }

  /// Makes the time a parameter, because the chunk at hand cannot rebuild it.
  ///
  /// The line is split as it was: its pattern must not depend on its neighbours in the chunk.
  mutating func storeTimeAsParameter() {
    guard timePiece >= 0 else { return }
    plainTimePiece = timePiece
    timePiece = -1
    unsafe bounds[plainTimePiece].flags = 0xFF
    hash = (hash ^ 3) &* 0x9E37_79B9_7F4A_7C15
  }

  /// Takes `line` apart along the constant text and the holes of a shape that is local.
  ///
  /// False where `scan` would find another split. The hash is not computed.
  /// Constant text is compared and not looked at byte by byte: what it holds was decided when the
  /// shape was scanned, and only the tokens with holes are read again: those from the piece `first` on,
  /// up to which the shape is that of the call before, which missed.
  mutating func follow(
    _ index: Int, from first: Int, of shapes: borrowing ShapeTable, _ line: Span<UInt8>,
    time: Range<Int>, body: Range<Int>
  ) -> Bool {
    let shape = shapes.outline(index)
    missPiece = -1
    guard line.count <= Self.maxScanned, shape.timePiece >= 0 || time.isEmpty else { return false }
    let isSame = unsafe line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe follow(shape, first, base, buffer.count, time, body)
    }
    guard isSame else { return false }
    pieces = shape.pieces
    timePiece = shape.timePiece
    plainTimePiece = -1
    bodyStart = shape.bodyStart
    bodyEnd = shape.bodyEnd
    return isAt(bodyStart, body.lowerBound, isEnd: false)
      && isAt(bodyEnd, body.upperBound, isEnd: true)
  }

  @inline(__always)
  private mutating func follow(
    _ shape: borrowing ShapeTable.Outline, _ first: Int, _ line: UnsafePointer<UInt8>, _ count: Int,
    _ time: Range<Int>, _ body: Range<Int>
  ) -> Bool {
    let timeStart = time.isEmpty ? -1 : time.lowerBound
    var position = first > 0 ? unsafe Int(bounds[first - 1].end) : 0
    var textStart = shape.textStart(first)
    for piece in first..<shape.pieces {
      let (textEnd, lead) = unsafe shape.segment(piece)
      let start = position &+ (textEnd &- textStart)
      guard start < count else { return missed(piece, position) }
      let miss = unsafe shape.text.firstDifference(
        textStart, textEnd, from: line + position, slack: position &+ 8 <= count)
      guard miss < 0 else { return missed(piece, position &+ miss) }
      var end = time.upperBound
      var flags: UInt8 = 0
      if lead.count >= 0 {
        let first = start &- Int(lead.count)
        let token = unsafe rules.token(
          line, first, first < timeStart ? min(count, timeStart) : count)
        guard token.start == start, token.end > start else { return false }
        (end, flags) = (token.end, token.flags)
      } else if let skip = lead.skip {
        let quoted = unsafe rules.quoted(line, start &- 1 &- skip, count, timeStart, body)
        guard quoted.isHole, quoted.skip == skip else { return false }
        (end, flags) = (quoted.end, quoted.flags)
      } else if lead != .time {
        let value =
          lead == .nestedString
          ? unsafe rules.nestedString(line, start &- 1, count)
          : unsafe rules.nestedArray(line, start &- 1, count)
        guard value.isHole else { return false }
        (end, flags) = (value.end, value.flags)
      } else {
        guard start == timeStart else { return false }
      }
      unsafe bounds[piece] = Bound(
        start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end), flags: flags,
        lead: lead)
      position = end
      textStart = textEnd
    }
    let (textEnd, _) = unsafe shape.segment(shape.pieces)
    guard textEnd &- textStart == count &- position else { return missed(shape.pieces, position) }
    let miss = unsafe shape.text.firstDifference(
      textStart, textEnd, from: line + position, slack: position &+ 8 <= count)
    return miss < 0 ? true : missed(shape.pieces, position &+ miss)
  }

  private mutating func missed(_ piece: Int, _ position: Int) -> Bool {
    missPiece = piece
    missPosition = position
    return false
  }

  private mutating func placeBody(_ body: Range<Int>) {
    var first = 0
    while first < pieces, unsafe Int(bounds[first].end) <= body.lowerBound { first += 1 }
    bodyStart = place(first, body.lowerBound)
    var last = pieces
    while last > 0, unsafe Int(bounds[last - 1].start) >= body.upperBound { last -= 1 }
    bodyEnd = place(last, body.upperBound)
    let places =
      UInt64(bodyStart.piece) | UInt64(bodyStart.offset) << 8 | UInt64(bodyEnd.piece) << 32
      | UInt64(bodyEnd.offset) << 40
    let product = (hash ^ places).multipliedFullWidth(by: 0x8EBC_6AF0_9C88_C6E3)
    hash = product.high ^ product.low
  }

  private mutating func scan(
    _ line: UnsafePointer<UInt8>, _ count: Int, _ time: Range<Int>, _ body: Range<Int>,
    _ takesApart: Bool
  ) -> Bool {
    let timeStart = time.isEmpty ? -1 : time.lowerBound
    // The closing quote of the nested text at hand, and whether an array in it has no end.
    var nestedEnd = -1
    var isOpen = false
    var scanned = min(count, Self.maxScanned)
    // The text of a template must not end inside a character.
    while scanned < count, scanned > 0, unsafe line[scanned] & 0xC0 == 0x80 { scanned -= 1 }
    var constant = 0
    var index = 0
    while index < scanned {
      if index == timeStart {
        // There is room for the time as a parameter too.
        guard pieces < Self.maxHoles - 1 else {
          return unsafe addRest(line, constant, index, count, timeStart)
        }
        timePiece = pieces
        unsafe addPiece(line, constant, index, time.upperBound, 0, .time)
        index = time.upperBound
        constant = index
        // It closes what the time stands in, whatever the time ends with.
        if index < scanned, unsafe rules.classes[Int(line[index])] & ByteClass.quote != 0 {
          index += 1
        }
        continue
      }
      let kind = unsafe rules.classes[Int(line[index])]
      if kind & ByteClass.token != 0 {
        let (start, end, next, flags) = unsafe rules.token(
          line, index, index < timeStart ? min(scanned, timeStart) : scanned)
        if end > start {
          if pieces == Self.maxHoles - 1 {
            return unsafe addRest(line, constant, start, count, timeStart)
          }
          // A colon here has made a key of the string before it.
          let isColon = unsafe start == index && line[start] == UInt8(ascii: ":")
          if isColon || start - index > Int(Int16.max) { isLocal = false }
          unsafe addPiece(
            line, constant, start, end, flags,
            Lead(count: Int16(truncatingIfNeeded: start - index)))
          constant = end
        }
        index = next
      } else if nestedEnd >= 0 {
        if index == nestedEnd {
          if unsafe !rules.isClosed(line, index, count) { isLocal = false }
          mark(index - constant)
          nestedEnd = -1
          index += 1
          continue
        }
        let byte = unsafe line[index]
        let isString = byte == UInt8(ascii: "\"")
        guard isString || byte == UInt8(ascii: "[") && !isOpen else {
          index += 1
          continue
        }
        let value =
          isString
          ? unsafe rules.nestedString(line, index, count)
          : unsafe rules.nestedArray(line, index, count)
        if value.isHole {
          if pieces == Self.maxHoles - 1 {
            return unsafe addRest(line, constant, index + 1, count, timeStart)
          }
          unsafe addPiece(
            line, constant, index + 1, value.end, value.flags,
            isString ? .nestedString : .nestedArray)
          constant = value.end
        } else if !value.isLocal {
          isLocal = false
          isOpen = isOpen || !isString
        }
        // Behind the escaped quote, or the bracket.
        index = value.end + (isString && value.end > index ? 2 : 1)
      } else if kind & ByteClass.quote != 0 {
        let quoted = unsafe rules.quoted(line, index, count, timeStart, body, nested: takesApart)
        if quoted.isHole {
          if pieces == Self.maxHoles - 1 {
            return unsafe addRest(line, constant, index + 1, count, timeStart)
          }
          unsafe addPiece(
            line, constant, index + 1 + quoted.skip, quoted.end, quoted.flags,
            .quote(skip: quoted.skip))
          constant = quoted.end
        } else if !quoted.isLocal || quoted.looksBack && index == constant && pieces > 0 {
          isLocal = false
        }
        if quoted.nestedEnd >= 0 {
          nestedEnd = quoted.nestedEnd
          isOpen = false
          nested.append(index + 1..<nestedEnd)
          mark(index - constant)
        }
        index = quoted.end + 1
      } else {
        index += 1
      }
    }
    // A quoted value or a token may have reached behind the scanned part; what is left is one hole.
    if index < count { return unsafe addRest(line, constant, index, count, timeStart) }
    unsafe mix(line, constant, count)
    return timeStart < 0 || timePiece >= 0
  }

  private mutating func addRest(
    _ line: UnsafePointer<UInt8>, _ constant: Int, _ start: Int, _ count: Int, _ timeStart: Int
  ) -> Bool {
    isLocal = false
    hasRest = true
    unsafe addPiece(line, constant, start, count, 0xFF, .none)
    return timeStart < 0 || timePiece >= 0
  }

  private mutating func addPiece(
    _ line: UnsafePointer<UInt8>, _ constant: Int, _ start: Int, _ end: Int, _ flags: UInt8,
    _ lead: Lead
  ) {
    unsafe mix(line, constant, start)
    hash = (hash ^ (lead == .time ? 2 : 1)) &* 0x9E37_79B9_7F4A_7C15
    unsafe bounds[pieces] = Bound(
      start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end), flags: flags,
      lead: lead)
    pieces += 1
  }

  /// Mixes into the hash that a nested text begins or ends so far behind the last piece: the same bytes may
  /// stand in a text and in none.
  private mutating func mark(_ offset: Int) {
    hash = (hash ^ UInt64(truncatingIfNeeded: offset) << 2 ^ 2) &* 0xBF58_476D_1CE4_E5B9
  }

  /// Mixes constant bytes into the hash, eight at a time (the multiply-and-fold of wyhash).
  private mutating func mix(_ line: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
    var index = start
    var value = hash ^ UInt64(truncatingIfNeeded: end - start)
    while index + 8 <= end {
      let word = unsafe UnsafeRawPointer(line + index).loadUnaligned(as: UInt64.self)
      let product = (value ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
      value = product.high ^ product.low
      index += 8
    }
    if index < end {
      var word: UInt64 = 0
      var shift: UInt64 = 0
      while index < end {
        word |= UInt64(unsafe line[index]) << shift
        shift += 8
        index += 1
      }
      let product = (value ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
      value = product.high ^ product.low
    }
    hash = value
  }
}

private let seed: UInt64 = 0x2D35_8DCC_AA6C_78A5
