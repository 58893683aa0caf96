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

  private let classes: UnsafeMutablePointer<UInt8>
  /// Start and end of each hole, of the time too (`timeIndex`), in the order of the line.
  private let bounds: UnsafeMutablePointer<(start: Int32, end: Int32, flags: UInt8)>
  private(set) var pieces = 0
  /// Which piece is the time, or -1.
  private(set) var timePiece = -1
  /// Which piece is a time that is stored like any other parameter, or -1.
  private(set) var plainTimePiece = -1
  /// Of the constant text and the places of the holes; not of what is in them.
  private(set) var hash: UInt64 = 0
  /// Where the body begins and ends: the number of pieces before it, and how many constant bytes
  /// stand between the last of them and it.
  private(set) var bodyStart = Place(piece: 0, offset: 0)
  private(set) var bodyEnd = Place(piece: 0, offset: 0)

  struct Place: Equatable {
    var piece: Int
    var offset: Int
  }

  init() {
    unsafe classes = .allocate(capacity: 256)
    for (index, value) in ByteClass.table.enumerated() { unsafe classes[index] = value }
    unsafe bounds = .allocate(capacity: Self.maxHoles)
    for index in 0..<Self.maxHoles { unsafe bounds[index] = (0, 0, 0) }
  }

  deinit {
    unsafe classes.deallocate()
    unsafe bounds.deallocate()
  }

  /// The bytes of piece `index`, and the classes seen in it (all of them, where it was not looked at closely).
  func piece(_ index: Int) -> (start: Int, end: Int, flags: UInt8) {
    precondition(index >= 0 && index < pieces)
    let bound = unsafe bounds[index]
    return (Int(bound.start), Int(bound.end), bound.flags)
  }

  /// Scans `line`; a `time` range that is not empty becomes the time piece.
  ///
  /// `body` is the message: where it stands between quotes (JSON, logfmt) its inside is split into
  /// tokens like plain text, while other quoted values are one hole each.
  mutating func scan(_ line: Span<UInt8>, time: Range<Int>, body: Range<Int>) {
    pieces = 0
    timePiece = -1
    plainTimePiece = -1
    hash = seed
    unsafe line.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let found = unsafe scan(base, buffer.count, time, body)
      if !found {
        // The rest of the line swallowed the time: scan again as if there were none.
        pieces = 0
        timePiece = -1
        hash = seed
        _ = unsafe scan(base, buffer.count, 0..<0, body)
      }
    }
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

  private func place(_ piece: Int, _ position: Int) -> Place {
    let before = piece > 0 ? unsafe Int(bounds[piece - 1].end) : 0
    return Place(piece: piece, offset: max(0, position - before))
  }

  private mutating func scan(
    _ line: UnsafePointer<UInt8>, _ count: Int, _ time: Range<Int>, _ body: Range<Int>
  ) -> Bool {
    let timeStart = time.isEmpty ? -1 : time.lowerBound
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
        unsafe addPiece(line, constant, index, time.upperBound, 0, marker: 2)
        index = time.upperBound
        constant = index
        continue
      }
      let kind = unsafe classes[Int(line[index])]
      if kind & ByteClass.token != 0 {
        let (start, end, next, flags) = unsafe token(line, index, scanned, timeStart)
        if end > start {
          if pieces == Self.maxHoles - 1 {
            return unsafe addRest(line, constant, start, count, timeStart)
          }
          unsafe addPiece(line, constant, start, end, flags, marker: 1)
          constant = end
        }
        index = next
      } else if kind & ByteClass.quote != 0 {
        let (end, flags, isHole) = unsafe quoted(line, index, count, timeStart, body)
        if isHole {
          if pieces == Self.maxHoles - 1 {
            return unsafe addRest(line, constant, index + 1, count, timeStart)
          }
          unsafe addPiece(line, constant, index + 1, end, flags, marker: 1)
          constant = end
        }
        index = end + 1
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
    unsafe addPiece(line, constant, start, count, 0xFF, marker: 1)
    return timeStart < 0 || timePiece >= 0
  }

  private mutating func addPiece(
    _ line: UnsafePointer<UInt8>, _ constant: Int, _ start: Int, _ end: Int, _ flags: UInt8,
    marker: UInt64
  ) {
    unsafe mix(line, constant, start)
    hash = (hash ^ marker) &* 0x9E37_79B9_7F4A_7C15
    unsafe bounds[pieces] = (
      Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: end), flags
    )
    pieces += 1
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

  /// The token at `first`: the range of its hole (empty when it is constant), and where to go on.
  private func token(
    _ line: UnsafePointer<UInt8>, _ first: Int, _ count: Int, _ timeStart: Int
  ) -> (start: Int, end: Int, next: Int, flags: UInt8) {
    if unsafe line[first] == slash, first + 1 < count,
      unsafe classes[Int(line[first + 1])] & (ByteClass.letter | ByteClass.digit) != 0
    {
      let end = unsafe runEnd(line, first, count, timeStart)
      return (first, end, end, 0)
    }
    var start = first
    var index = first
    var flags: UInt8 = 0
    var dots = 0
    while index < count && index != timeStart {
      let byte = unsafe line[index]
      let kind = unsafe classes[Int(byte)]
      guard kind & ByteClass.token != 0 else { break }
      if kind == ByteClass.joiner {
        if flags & ByteClass.digit == 0 {
          if byte == dot {
            dots += 1
          } else if byte == colon, index + 2 < count, unsafe line[index + 1] == slash,
            unsafe line[index + 2] == slash
          {
            let end = unsafe runEnd(line, index, count, timeStart)
            return (start, end, end, 0)
          } else if Self.isConstantPrefix(flags, emptyBefore: start == index, byte) {
            start = index + 1
            flags = 0
            dots = 0
            index += 1
            continue
          }
        }
      }
      flags |= kind
      index += 1
    }
    let next = index
    var end = index
    while end > start, unsafe Self.isTrailing(line[end - 1]) { end -= 1 }
    if flags & ByteClass.digit != 0 { return (start, end, next, flags) }
    // `deadbeef` is a number that happens to have no digit.
    if end - start >= 8, flags == ByteClass.hexLower || flags == ByteClass.hexUpper {
      return (start, end, next, flags)
    }
    if dots >= 2, end > start,
      unsafe classes[Int(line[end - 1])] & (ByteClass.lower | ByteClass.hexLower) != 0,
      flags & ByteClass.letter != 0
    {
      return (start, end, next, flags)
    }
    return (0, 0, next, 0)
  }

  /// Whether the letters before a joiner are a word (`worker-`) and not the beginning of an id.
  private static func isConstantPrefix(_ flags: UInt8, emptyBefore: Bool, _ joiner: UInt8) -> Bool {
    if emptyBefore { return joiner != minus && joiner != plus }
    let letters = flags & ByteClass.letter
    return letters & ~(ByteClass.lower | ByteClass.hexLower) == 0 && letters & ByteClass.lower != 0
      || letters & ~(ByteClass.upper | ByteClass.hexUpper) == 0 && letters & ByteClass.upper != 0
  }

  private static func isTrailing(_ byte: UInt8) -> Bool {
    byte == dot || byte == colon || byte == UInt8(ascii: "?") || byte == minus
  }

  /// The end of a path or URL: up to a blank, a quote, a bracket, a comma or a semicolon.
  private func runEnd(
    _ line: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ timeStart: Int
  ) -> Int {
    var index = start
    while index < count && index != timeStart {
      let byte = unsafe line[index]
      if unsafe classes[Int(byte)] & ByteClass.token == 0 && byte != equals
        && byte != UInt8(ascii: "!")
      {
        break
      }
      index += 1
    }
    while index > start + 1, unsafe Self.isTrailing(line[index - 1]) { index -= 1 }
    return index
  }

  /// The end of the value or key quoted at `start`; `start` when the quote is only a byte among others.
  private func quoted(
    _ line: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ timeStart: Int, _ body: Range<Int>
  ) -> (end: Int, flags: UInt8, isHole: Bool) {
    let plain = (end: start, flags: UInt8(0), isHole: false)
    let quote = unsafe line[start]
    if !body.isEmpty && (start + 1 == body.lowerBound || start == body.upperBound) { return plain }
    if start > 0 {
      let before = unsafe line[start - 1]
      let kind = unsafe classes[Int(before)]
      if kind & (ByteClass.letter | ByteClass.digit) != 0 || before == backslash { return plain }
    }
    let isSingle = quote == UInt8(ascii: "'")
    var flags: UInt8 = 0
    var index = start + 1
    let limit = isSingle ? min(count, start + 256) : count
    while index < limit {
      let byte = unsafe line[index]
      if byte == quote { break }
      flags |= unsafe classes[Int(byte)]
      index += byte == backslash ? 2 : 1
    }
    // Unbalanced, or around the time or the message, which are taken apart by themselves.
    if index >= limit || start < timeStart && timeStart < index { return plain }
    if start < body.lowerBound && body.lowerBound < index { return plain }
    var after = index + 1
    if after < count, unsafe line[after] == UInt8(ascii: " ") { after += 1 }
    if after < count {
      let byte = unsafe line[after]
      if byte == colon { return (index, 0, false) }
      if isSingle && after == index + 1,
        unsafe classes[Int(byte)] & (ByteClass.letter | ByteClass.digit) != 0
      {
        return plain
      }
    }
    return (index, flags | ByteClass.joiner, index > start + 1)
  }
}

private let seed: UInt64 = 0x2D35_8DCC_AA6C_78A5
private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
private let colon = UInt8(ascii: ":")
private let minus = UInt8(ascii: "-")
private let plus = UInt8(ascii: "+")
private let equals = UInt8(ascii: "=")
private let backslash = UInt8(ascii: "\\")
