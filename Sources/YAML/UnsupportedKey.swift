/// The value of a key with a meaning that the program does not carry out: decoding it always fails.
package struct UnsupportedKey: Decodable {
  package init(from decoder: any Decoder) throws {
    let key = (decoder as? NodeDecoder)?.key
    throw Fault(mark: key?.mark ?? decoder.mark, problem: .unsupportedKey(key?.name ?? ""))
  }
}
