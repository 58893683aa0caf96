import Testing
import YAML

/// A type with every shape that the decoder knows.
struct Sample: Decodable, Equatable {
  enum Color: String, Decodable, CaseIterable { case red, green }

  struct Inner: Decodable, Equatable {
    var start: String
  }

  var name: String?
  var count: Int?
  var small: UInt8?
  var ratio: Double?
  var active: Bool?
  var color: Color?
  var words: [String]?
  var inner: Inner?
  var table: [String: Int]?
}

func decode(_ text: String) throws(YAMLError) -> Sample {
  try YAMLDecoder.decode(Sample.self, from: Array(text.utf8), file: "f")
}

struct ErrorCase: Sendable, CustomTestStringConvertible {
  var text: String
  /// The description less the document's name.
  var expected: String

  init(_ text: String, _ expected: String) {
    self.text = text
    self.expected = expected
  }

  var testDescription: String { expected }
}

func expect<Value: Decodable>(
  _ type: Value.Type, _ bytes: [UInt8], fails expected: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let error = #expect(throws: YAMLError.self, sourceLocation: sourceLocation) {
    try YAMLDecoder.decode(type, from: bytes, file: "f")
  }
  #expect(error?.description == "f:" + expected, sourceLocation: sourceLocation)
}
