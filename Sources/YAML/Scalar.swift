/// A scalar's text as written, whatever its type would be: `65536`, `0640` and `'0640'` alike.
package struct Scalar: Decodable {
  package var text: String

  package init(from decoder: any Decoder) throws {
    guard let decoder = decoder as? NodeDecoder, case .scalar(let scalar) = decoder.node.content,
      scalar.kind != .null
    else { throw Unexpected(expected: .text) }
    text = scalar.text
  }
}
