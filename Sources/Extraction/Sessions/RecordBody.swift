package import LogModel

extension LineHead {
  /// The body of a record that is `text` and whose first line has this head.
  ///
  /// Of several lines, it is all of them.
  package func turnBody(in text: Span<UInt8>) -> Range<Int> {
    let body = self.body.clamped(to: 0..<text.count)
    guard !body.isEmpty, text[body.lowerBound] == 0x7B else { return body }
    for index in body.upperBound..<text.count where text[index] == 0x0A {
      return body.lowerBound..<text.count
    }
    return body
  }
}
