// Special cases of shapes.
//
// A parameter that says the same in many lines, such as a user agent, need not be stored with each
// of them: the shape gets *variants*, in which one piece with one of its frequent values is constant
// text. A variant is a template like any other, with its shape as `base`; it can have variants too.

extension ShapeTable {
  /// No more variants are made when there are so many shapes.
  private static let maxShapes = 40_000
  /// A shape of which so many chunks in a row showed no new frequent value is left alone.
  private static let maxIdleLessons: UInt8 = 4

  /// The most special shape of a line of shape `index`, whose pieces `scanner` holds.
  func variant(of index: Int, _ scanner: borrowing LineScanner, _ line: Span<UInt8>) -> Int {
    var index = index
    while shapes[index].variantPiece >= 0 {
      let piece = scanner.piece(Int(shapes[index].variantPiece))
      guard let found = findVariant(of: index, line.extracting(piece.start..<piece.end)) else {
        break
      }
      index = found
    }
    return index
  }

  /// The variant of `base` in which its variant piece is `value`.
  func findVariant(of base: Int, _ value: Span<UInt8>) -> Int? {
    let key = Self.key(ofVariant: shapes[base], value)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key ^ key >> 32) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if shapes[index].hash == key && shapes[index].base == shapes[base].template
        && isVariant(index, of: base, value)
      {
        return index
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds that variant, as template `id`.
  mutating func addVariant(of base: Int, _ value: Span<UInt8>, as id: Int64) -> Int {
    let original = shapes[base]
    let local = localPiece(original)
    let textStart = text.count
    let firstEnd = ends.count
    for piece in 0...original.pieces {
      let start = piece == 0 ? original.textStart : Int(ends[original.firstEnd + piece - 1])
      text.appendOwn(start..<Int(ends[original.firstEnd + piece]))
      if piece == local {
        text.append(value)
      } else {
        ends.append(Int32(text.count))
        leads.append(.none)
      }
    }
    let isBeforeTime = original.timePiece > local
    let variant = insert(
      Shape(
        hash: Self.key(ofVariant: original, value), textStart: textStart, firstEnd: firstEnd,
        pieces: original.pieces - 1, timePiece: original.timePiece - (isBeforeTime ? 1 : 0),
        level: original.level, template: id, skeleton: original.skeleton, base: original.template,
        constantPieces: original.constantPieces | 1 << UInt64(original.variantPiece)))
    shapes[variant].isPlain = seams(variant).isPlain
    return variant
  }

  /// Whether its rows of the chunk at hand are worth a look.
  func mayHaveVariants(_ index: Int) -> Bool {
    shapes[index].rows >= FrequentValues.minRows && shapes[index].template != 0
      && shapes[index].idleLessons < Self.maxIdleLessons && shapes.count < Self.maxShapes
  }

  mutating func endLesson(_ index: Int, isIdle: Bool) {
    shapes[index].idleLessons = isIdle ? shapes[index].idleLessons + 1 : 0
  }

  /// From now on the values of that parameter of the shape may be constant text.
  mutating func setVariants(of index: Int, parameter: Int) {
    let shape = shapes[index]
    let local = shape.timePiece >= 0 && shape.timePiece <= parameter ? parameter + 1 : parameter
    if let piece = linePiece(shape, local) { shapes[index].variantPiece = Int8(piece) }
  }

  /// Which parameter of the shape's rows is its variant piece.
  func variantParameter(of index: Int) -> Int {
    let shape = shapes[index]
    let local = localPiece(shape)
    return shape.timePiece >= 0 && shape.timePiece < local ? local - 1 : local
  }

  /// Finds out which pieces the variants among the store's templates stand for; bases come before them.
  mutating func linkVariants() {
    var places: [Int64: Int] = [:]
    for index in shapes.indices {
      places[shapes[index].template] = index
      guard shapes[index].base != 0, let base = places[shapes[index].base] else { continue }
      let local = (0..<shapes[base].pieces).first { piece in
        length(index, piece) != length(base, piece)
      }
      guard let local, let piece = linePiece(shapes[base], local) else { continue }
      shapes[base].variantPiece = Int8(piece)
      shapes[index].constantPieces = shapes[base].constantPieces | 1 << UInt64(piece)
    }
  }

  private func length(_ index: Int, _ piece: Int) -> Int {
    let first = shapes[index].firstEnd
    guard piece <= shapes[index].pieces else { return -1 }
    return Int(ends[first + piece])
      - (piece == 0 ? shapes[index].textStart : Int(ends[first + piece - 1]))
  }

  /// The piece of a line that is piece `local` of its shape.
  private func linePiece(_ shape: Shape, _ local: Int) -> Int? {
    var left = local
    for piece in 0..<LineScanner.maxHoles where shape.constantPieces >> UInt64(piece) & 1 == 0 {
      if left == 0 { return piece }
      left -= 1
    }
    return nil
  }

  /// The variant piece among those that the shape itself has.
  private func localPiece(_ shape: Shape) -> Int {
    let before = shape.constantPieces & (1 << UInt64(shape.variantPiece) - 1)
    return Int(shape.variantPiece) - before.nonzeroBitCount
  }

  private func isVariant(_ index: Int, of base: Int, _ value: Span<UInt8>) -> Bool {
    let local = localPiece(shapes[base])
    let before = length(base, local)
    let start = local == 0 ? shapes[index].textStart : Int(ends[shapes[index].firstEnd + local - 1])
    guard shapes[index].pieces == shapes[base].pieces - 1,
      length(index, local) == before + value.count + length(base, local + 1)
    else { return false }
    return text.span.extracting(start + before..<start + before + value.count)
      .isIdentical(to: value)
  }

  private static func key(ofVariant base: Shape, _ value: Span<UInt8>) -> UInt64 {
    var hash = base.hash ^ UInt64(UInt8(bitPattern: base.variantPiece)) &* 0x9E37_79B9_7F4A_7C15
    unsafe value.withUnsafeBytes { bytes in
      var index = 0
      while index &+ 8 <= bytes.count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        hash = mix(hash ^ word)
        index &+= 8
      }
      var rest = UInt64(bytes.count)
      while index < bytes.count {
        rest = rest << 8 | UInt64(unsafe bytes[index])
        index &+= 1
      }
      hash = mix(hash ^ rest)
    }
    return hash
  }

  private static func mix(_ word: UInt64) -> UInt64 {
    let product = (word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
