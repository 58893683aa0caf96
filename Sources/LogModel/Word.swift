/// What a word is to a search: a run of ASCII letters, digits, `_` and bytes from 0x80 on.
package enum Word {
  package static func holds(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
    default: false
    }
  }

  /// One ASCII character that is not part of a word, as a regular expression.
  private static let edge = "[\\x01-/:-@\\[-^`{-\\x7f]"
  /// In front of a literal: no word goes on to the left of it.
  package static let leftEdge = "(^|\(edge))"
  package static let rightEdge = "($|\(edge))"
}
