/// A text that equals another one where both are the same bytes.
///
/// Of two `String`s, `é` equals `e` with an accent behind it; in logs, these are two.
package struct ExactText: Sendable, Hashable {
  package var text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: Self, right: Self) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
