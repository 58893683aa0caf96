/// Decodes the only document of a text.
///
/// A mapping's key that the type does not ask for is a problem.
package enum YAMLDecoder {
  /// `file` names the document in errors.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], file: String
  ) throws(YAMLError) -> Value {
    do throws(Fault) {
      var composer = Composer(try checkedText(bytes))
      return try NodeDecoder(node: try composer.document()).decode(type)
    } catch {
      throw YAMLError(file: file, mark: error.mark, problem: error.problem)
    }
  }
}
