/// The types that a scalar becomes without a container in between.
protocol Primitive: Decodable {
  static var expectation: Problem.Expectation { get }
  init?(_ scalar: Node.ScalarContent)
}

extension String: Primitive {
  static var expectation: Problem.Expectation { .text }

  init?(_ scalar: Node.ScalarContent) {
    guard scalar.kind == .text else { return nil }
    self = scalar.text
  }
}

extension Bool: Primitive {
  static var expectation: Problem.Expectation { .truth }

  init?(_ scalar: Node.ScalarContent) {
    guard case .truth(let value) = scalar.kind else { return nil }
    self = value
  }
}

extension Double: Primitive {
  static var expectation: Problem.Expectation { .number }

  init?(_ scalar: Node.ScalarContent) {
    switch scalar.kind {
    case .float(let value): self = value
    case .integer(let digits, radix: 10): self.init(digits)
    case .integer(let digits, let radix):
      guard let value = UInt64(digits, radix: radix) else { return nil }
      self.init(value)
    default: return nil
    }
  }
}

extension Float: Primitive {
  static var expectation: Problem.Expectation { .number }

  init?(_ scalar: Node.ScalarContent) {
    guard let value = Double(scalar) else { return nil }
    self.init(value)
  }
}

extension Primitive where Self: FixedWidthInteger {
  static var expectation: Problem.Expectation {
    Self.bitWidth >= 64 && Self.isSigned
      ? .wholeNumber : .wholeNumberBetween(String(Self.min), String(Self.max))
  }

  init?(_ scalar: Node.ScalarContent) {
    guard case .integer(let digits, let radix) = scalar.kind else { return nil }
    self.init(digits, radix: radix)
  }
}

extension Int: Primitive {}
extension Int8: Primitive {}
extension Int16: Primitive {}
extension Int32: Primitive {}
extension Int64: Primitive {}
extension UInt: Primitive {}
extension UInt8: Primitive {}
extension UInt16: Primitive {}
extension UInt32: Primitive {}
extension UInt64: Primitive {}
