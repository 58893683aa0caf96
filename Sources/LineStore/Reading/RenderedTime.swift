import LogModel

/// The text of a time, kept because the next line mostly shows the same second.
struct RenderedTime {
  private var text: [UInt8] = []
  private var layout = TimeLayout.none
  private var second = Int64.min

  /// Appends the bytes of `microseconds`, which is not negative, in `layout`.
  mutating func append(
    _ microseconds: Int64, _ layout: TimeLayout, to message: inout ByteBuffer
  ) {
    let (second, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    // A layout of a damaged store may have digits without a time.
    let hasDigits = text.count >= layout.suffix.count + Int(layout.digits)
    if second == self.second && layout == self.layout && hasDigits {
      var rest = fraction
      var index = text.count - layout.suffix.count
      // The digits that the layout leaves out.
      for _ in layout.digits..<6 { rest /= 10 }
      for _ in 0..<layout.digits {
        index -= 1
        text[index] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
        rest /= 10
      }
    } else {
      text.removeAll(keepingCapacity: true)
      layout.render(microseconds, into: &text)
      self.second = second
      self.layout = layout
    }
    message.append(text.span)
  }
}
