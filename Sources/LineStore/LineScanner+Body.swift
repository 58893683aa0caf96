// Where the body begins and ends, as places between pieces.

extension LineScanner {
  /// Whether `placeBody` would find this place.
  @inline(__always)
  func isAt(_ place: Place, _ position: Int, isEnd: Bool) -> Bool {
    let before = place.piece > 0 ? piece(place.piece - 1) : (start: -1, end: 0, flags: 0)
    guard place.offset == max(0, position - before.end) else { return false }
    let isBehind = isEnd ? before.start < position : before.end <= position
    guard isBehind || place.piece == 0, place.piece < pieces else {
      return isBehind || place.piece == 0
    }
    let next = piece(place.piece)
    return isEnd ? next.start >= position : next.end > position
  }

  /// The place in the line.
  func position(of place: Place) -> Int {
    (place.piece > 0 ? piece(place.piece - 1).end : 0) + place.offset
  }

  func place(_ piece: Int, _ position: Int) -> Place {
    let before = piece > 0 ? self.piece(piece - 1).end : 0
    return Place(piece: piece, offset: max(0, position - before))
  }
}
