/// A number of seconds, at least one.
package struct WholeSeconds: Sendable, Hashable {
  package var count: Int64

  package init(count: Int64) { self.count = count }
}

extension WholeSeconds: TextValue {
  package static var expectation: String { "a whole number of seconds, 1 or more" }

  package init?(_ text: String) {
    guard let (count, rest) = numberAndUnit(text), rest.isEmpty, count > 0, count < 1 << 40 else {
      return nil
    }
    self.count = count
  }
}
