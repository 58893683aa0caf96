/// How many rows of a chunk use which template, as `template_use` holds it: `[step,count,step,count,…]`, where
/// each template is `step` above the one before.
///
///     var counts = TemplateCounts()
///     while counts.next(text) { … counts.template, counts.count … }
///
/// The text may have been damaged: every step checks, and `isDamaged` is set where it is not of that form.
package struct TemplateCounts {
  package private(set) var template: Int64 = 0
  package private(set) var count: Int64 = 0
  package private(set) var isDamaged = false
  private var position = 0

  package init() {}

  /// Goes to the next template; false at the end.
  package mutating func next(_ text: Span<UInt8>) -> Bool {
    let isFirst = position == 0
    if isFirst {
      guard text.count > 1, text[0] == UInt8(ascii: "[") else { return fail() }
      position = 1
    }
    guard position < text.count else { return fail() }
    if text[position] == UInt8(ascii: "]") {
      isDamaged = isDamaged || position + 1 != text.count
      return false
    }
    guard isFirst || skipComma(text), let step = number(text), skipComma(text),
      let count = number(text)
    else { return fail() }
    template &+= step
    self.count = count
    return true
  }

  private mutating func skipComma(_ text: Span<UInt8>) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: ",") else { return false }
    position += 1
    return true
  }

  private mutating func number(_ text: Span<UInt8>) -> Int64? {
    var value: Int64 = 0
    let start = position
    while position < text.count, text[position] &- 0x30 <= 9, position - start < 18 {
      value = value &* 10 &+ Int64(text[position] &- 0x30)
      position += 1
    }
    return position > start ? value : nil
  }

  private mutating func fail() -> Bool {
    isDamaged = true
    return false
  }

  /// `counts` are of ascending templates.
  package static func text(_ counts: [(template: Int64, count: Int)]) -> String {
    var text = ByteBuffer(capacity: counts.count * 8 + 2)
    text.append(UInt8(ascii: "["))
    var last: Int64 = 0
    for (template, count) in counts {
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      text.append(decimal: template - last)
      text.append(UInt8(ascii: ","))
      text.append(decimal: Int64(count))
      last = template
    }
    text.append(UInt8(ascii: "]"))
    return String(decoding: text.copy(), as: UTF8.self)
  }
}
