/// A part of the program that reads bytes from outside, and what must hold for any.
///
/// Two things call it: libFuzzer, with inputs that it makes up (`make fuzz`), and the tests, with
/// those in `Fuzz/Corpus`. Not for two threads at a time: the targets share a store in memory.
public struct FuzzTarget: Sendable {
  /// Also the name of its folder in the corpus.
  public let name: String
  /// Throws when something does not hold; traps and endless loops are for the caller to find.
  public let check: @Sendable (_ input: [UInt8]) throws -> Void

  init(_ name: String, check: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.check = check
  }

  public static let all = [
    files, formats, lines, chunks, query, configuration, turns, redaction, patterns, errors,
    metrics,
  ]
}

/// What was promised and does not hold.
struct Violation: Error, CustomStringConvertible {
  let description: String
}

func require(_ condition: Bool, _ promise: @autoclosure () -> String) throws {
  if !condition { throw Violation(description: promise()) }
}
