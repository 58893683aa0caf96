import Glibc

extension ShapeTable {
  /// A shape as `LineScanner.follow` reads it: places count from the beginning of `text`.
  struct Outline: ~Escapable {
    let text: Span<UInt8>
    let pieces: Int
    let timePiece: Int
    let bodyStart: LineScanner.Place
    let bodyEnd: LineScanner.Place
    private let start: Int
    private let ends: Span<Int32>
    private let leads: Span<LineScanner.Lead>

    @inline(__always)
    @_lifetime(copy shapes, copy text, copy ends, copy leads)
    init(
      _ index: Int, of shapes: Span<Shape>, text: Span<UInt8>, ends: Span<Int32>,
      leads: Span<LineScanner.Lead>
    ) {
      self.text = text
      pieces = shapes[index].pieces
      timePiece = shapes[index].timePiece
      bodyStart = shapes[index].bodyStart
      bodyEnd = shapes[index].bodyEnd
      start = shapes[index].textStart
      let first = shapes[index].firstEnd
      self.ends = ends.extracting(first...first + pieces)
      self.leads = leads.extracting(first...first + pieces)
    }

    /// The constant text before `piece`; behind the last one where there is no such piece.
    func textStart(_ piece: Int) -> Int { piece == 0 ? start : Int(ends[piece - 1]) }

    /// What stands before `piece` ends where, and how the piece is read; `piece` is not checked.
    @inline(__always) @unsafe
    func segment(_ piece: Int) -> (textEnd: Int, lead: LineScanner.Lead) {
      unsafe (Int(ends[unchecked: piece]), leads[unchecked: piece])
    }

    /// Whether both are the same up to `piece`.
    func shares(_ piece: Int, with other: borrowing Outline) -> Bool {
      guard piece < pieces, piece < other.pieces else { return piece == 0 }
      for index in 0..<piece {
        guard
          ends[index] &- Int32(truncatingIfNeeded: start)
            == other.ends[index] &- Int32(truncatingIfNeeded: other.start),
          leads[index] == other.leads[index]
        else { return false }
      }
      return text.extracting(start..<textStart(piece)).isIdentical(
        to: other.text.extracting(other.start..<other.textStart(piece)))
    }
  }

  /// Whether a line of this level can have the shape; `isTimed` where its time would be rebuilt.
  func mayFollow(_ index: Int, _ level: UInt8, isTimed: Bool) -> Bool {
    shapes[index].level == level && shapes[index].isLocal
      && (isTimed || shapes[index].timePiece < 0)
  }

  /// Whether both are the same up to `piece`; only of shapes that are local.
  func shares(_ index: Int, _ other: Int, upTo piece: Int) -> Bool {
    outline(index).shares(piece, with: outline(other))
  }

  /// Only of a shape that `isLocal`.
  @inline(__always)
  @_lifetime(borrow self)
  func outline(_ index: Int) -> Outline {
    Outline(index, of: shapes.span, text: text.span, ends: ends.span, leads: leads.span)
  }
}

extension Span<UInt8> {
  /// The place of the first eight bytes between `start` and `end` (of all of them, where there are
  /// fewer) that differ from those at `other`; -1 where none do.
  ///
  /// Unchecked: the places lie in the span, and as many bytes can be read at `other`; `slack` says that
  /// eight can.
  @inline(__always) @unsafe
  func firstDifference(
    _ start: Int, _ end: Int, from other: UnsafePointer<UInt8>, slack: Bool
  ) -> Int {
    unsafe withUnsafeBytes { bytes in
      let own = unsafe bytes.baseAddress.unsafelyUnwrapped + start
      let other = unsafe UnsafeRawPointer(other)
      let count = end &- start
      let last = count &- 8
      if last >= 0 {
        var index = 0
        while true {
          guard
            unsafe own.loadUnaligned(fromByteOffset: index, as: UInt64.self)
              == other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          else { return index }
          guard index < last else { return -1 }
          index = Swift.min(index &+ 8, last)
        }
      }
      if slack && start &+ 8 <= bytes.count {
        let difference =
          unsafe own.loadUnaligned(as: UInt64.self) ^ other.loadUnaligned(as: UInt64.self)
        // The first byte is the lowest.
        return difference & ((1 &<< (8 &* UInt64(truncatingIfNeeded: count))) &- 1) == 0 ? -1 : 0
      }
      for index in 0..<count
      where unsafe own.load(fromByteOffset: index, as: UInt8.self)
        != other.load(fromByteOffset: index, as: UInt8.self)
      {
        return 0
      }
      return -1
    }
  }

  /// Whether both hold the same bytes.
  func isIdentical(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBufferPointer { left in
      unsafe other.withUnsafeBufferPointer { right in
        guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else {
          return true
        }
        return unsafe memcmp(leftStart, rightStart, left.count) == 0
      }
    }
  }
}
