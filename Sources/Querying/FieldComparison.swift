package import LogModel

/// `status>=500` over the fields of a line: which lines cannot satisfy it.
///
/// The SQL of `Condition` has the last word: it knows what a text is that may be a number, and where a member of an
/// object lies.
package struct FieldComparison: Sendable {
  package let name: String
  private let comparison: FieldTest.Comparison
  private let operand: Double
  /// Where the name may mean a member: the field whose member it is.
  private let parent: String?

  /// Nil where the text is no comparison of a field with a number.
  package init?(_ text: String) {
    guard let sign = text.firstIndex(where: { $0 == "<" || $0 == ">" }) else { return nil }
    let rest = text[sign...]
    let operators: [FieldTest.Comparison] = [.lessOrEqual, .greaterOrEqual, .less, .greater]
    guard let comparison = operators.first(where: { rest.hasPrefix($0.rawValue) }),
      let operand = Double(rest.dropFirst(comparison.rawValue.count))
    else { return nil }
    name = String(text[..<sign])
    self.comparison = comparison
    self.operand = operand
    parent = name.contains(".") ? String(name.prefix { $0 != "." }) : nil
  }

  package func mayHold(for attributes: [(key: String, value: Value)]) -> Bool {
    attributes.contains { key, value in
      key == name && mayHold(for: value) || parent == key
    }
  }

  private func mayHold(for value: Value) -> Bool {
    switch value {
    case .null, .blob: false
    case .json: true
    case .integer(let number):
      // Larger ones are no numbers of floating point.
      number.magnitude > 1 << 53 || holds(Double(number))
    case .real(let number): number.isNaN || holds(number)
    case .text(let text):
      if let number = Double(text) {
        number.isNaN || abs(number) > 0x1p53 || holds(number)
      } else {
        // No number begins with a letter; of what else there is SQLite tells.
        !(text.utf8.first.map { (0x41...0x5A).contains($0 & 0xDF) } ?? true)
      }
    }
  }

  private func holds(_ number: Double) -> Bool {
    switch comparison {
    case .less: number < operand
    case .lessOrEqual: number <= operand
    case .greater: number > operand
    case .greaterOrEqual: number >= operand
    }
  }
}
