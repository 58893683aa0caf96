import JSON
import LogModel

// Texts that may be documents.

extension RecordScan {
  /// A string in more strings than these is replaced unread.
  static let deepest = 8

  /// Reads the documents that begin at `start`, one behind the other, and what follows; where whole
  /// documents stand in the record.
  ///
  /// Where a document is broken, nobody can say what belongs to what: from the first name of content
  /// on, all is content.
  mutating func read(_ view: TextView, from start: Int) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = start
    while true {
      let open = JSONCursor.skippingSpace(view.bytes.span, index)
      guard open < view.count else { return found }
      var isInContent = false
      if Self.opens(view.bytes[open]) {
        let known = leaves.count
        let walk = DocumentWalk.run(view, at: open, &self)
        index = walk.end
        if walk.isWhole {
          found.append(view.hull(open..<walk.end))
          continue
        }
        leaves.removeSubrange(known...)
        isInContent = walk.isInContent
      }
      rest(view, from: index, isContent: isInContent)
      return found + search(view, index..<view.count)
    }
  }

  static func opens(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
  }

  /// Reads the lines of a record in which a runtime has wrapped parts of texts: the lines stay JSON.
  mutating func readLines(_ record: TextView) {
    guard !redactor.patterns.isEmpty else { return }
    var lines = RecordScan(self.redactor.withoutContent)
    lines.readsStrings = false
    var start = 0
    while start < record.count {
      let end = record.bytes[start...].firstIndex(of: 0x0A) ?? record.count
      if Self.opens(record.bytes[start]) {
        let known = lines.leaves.count
        let walk = DocumentWalk.run(record, at: start, &lines)
        if walk.isWhole {
          lines.documents.append(start..<walk.end)
        } else {
          lines.leaves.removeSubrange(known...)
        }
      }
      start = end + 1
    }
    leaves = lines.leaves
    documents = lines.documents
    matches += lines.matches
    gaveUp = gaveUp || lines.gaveUp
  }

  /// Reads a text whose parts stand in several lines.
  mutating func read(parts view: TextView, isInside: Bool) {
    match(view)
    if isInside, dropsContent { return drop(view, 0..<view.count) }
    keepsLeaves = false
    _ = read(view, from: 0)
    keepsLeaves = true
  }

  /// A string that is not content; a document may stand in it.
  mutating func string(_ view: TextView, _ range: Range<Int>, isKey: Bool, isOpen: Bool) {
    guard !range.isEmpty else { return }
    let text = view.bytes.span
    // Without an escape there is no quotation mark in it, and so no document with a name.
    if !range.contains(where: { text[$0] == UInt8(ascii: "\\") }) {
      guard !redactor.patterns.isEmpty else { return }
      match(view, range, isOpen: isOpen)
      return keep(view, range, view.level > 0 ? view : nil)
    }
    let needsText = !redactor.patterns.isEmpty || dropsContent && !isKey
    guard needsText, readsStrings || !redactor.patterns.isEmpty else { return }
    let inside = view.decoded(range, isOpen: isOpen)
    match(inside)
    guard !isKey, readsStrings else {
      if readsStrings { searchName(inside) }
      return keep(view, range, inside)
    }
    guard inside.level <= Self.deepest else {
      let first = JSONCursor.skippingSpace(inside.bytes.span, 0)
      if first < inside.count, Self.opens(inside.bytes[first]) {
        matches += inside.places(0..<inside.count)
      }
      return keep(view, range, inside)
    }
    // The text around documents is one value, of which a match may replace any part.
    var place = view.hull(range)
    for document in read(inside, from: 0) {
      keep(place.lowerBound..<document.lowerBound, inside)
      place = document.upperBound..<place.upperBound
    }
    keep(place, inside)
  }

  /// A name is one value, of which a match may replace any part.
  mutating func searchName(_ name: TextView) {
    let keeps = keepsLeaves
    keepsLeaves = false
    _ = search(name, 0..<name.count)
    keepsLeaves = keeps
  }

  private mutating func keep(_ view: TextView, _ range: Range<Int>, _ inside: TextView?) {
    keep(view.hull(range), inside)
  }

  private mutating func keep(_ range: Range<Int>, _ inside: TextView?) {
    guard keepsLeaves, !range.isEmpty else { return }
    leaves.append(Leaf(range: range, view: inside))
  }

  /// A number or a literal that is not content.
  mutating func bare(_ view: TextView, _ range: Range<Int>) {
    guard keepsLeaves else { return }
    leaves.append(Leaf(range: view.hull(range), bareLevel: view.level))
  }

  /// What stands behind the place where a text stops to be a document.
  private mutating func rest(_ view: TextView, from start: Int, isContent: Bool) {
    guard dropsContent, start < view.count else { return }
    if isContent { return drop(view, start..<view.count) }
    guard let place = Self.firstContent(view.bytes.span, from: start) else { return }
    drop(view, place..<view.count)
  }

  /// Behind the colon of the first member, in quotes at any level, whose name is one of content.
  private static func firstContent(_ text: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    while index < text.count {
      guard text[index] == UInt8(ascii: "\"") else {
        index += 1
        continue
      }
      let name = index + 1
      var end = name
      while end < text.count, isNameByte(text[end]) { end += 1 }
      index = end
      guard end > name, end - name <= 32, let role = ContentNames.role(text, name..<end),
        role.isCertain
      else { continue }
      while end < text.count, text[end] == UInt8(ascii: "\\") { end += 1 }
      guard end < text.count, text[end] == UInt8(ascii: "\"") else { continue }
      end = JSONCursor.skippingSpace(text, end + 1)
      guard end < text.count, text[end] == UInt8(ascii: ":") else { continue }
      return end + 1
    }
    return nil
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte &- 0x30 <= 9 || byte == UInt8(ascii: "_")
  }
}
