import YAML

extension Configuration {
  /// Reads a file; an error names it as `path` does.
  package static func load(path: String, checks: Checks) throws(ConfigurationError) -> Configuration
  {
    switch contents(ofFile: path) {
    case .success(let bytes): try Configuration(bytes, file: path, checks: checks)
    case .failure(let problem):
      throw ConfigurationError(file: path, mark: nil, problem: .unreadable(errno: problem.code))
    }
  }

  /// Reads a document's bytes; `file` names it in errors.
  ///
  /// The first problem ends it: those of YAML and of
  /// shape before those of meaning, each in the document's order.
  package init(_ bytes: [UInt8], file: String, checks: Checks) throws(ConfigurationError) {
    let document: ConfigurationDocument
    do throws(YAMLError) {
      document = try YAMLDecoder.decode(ConfigurationDocument.self, from: bytes, file: file)
    } catch {
      throw ConfigurationError(file: file, mark: error.mark, problem: .document(error.problem))
    }
    var validation = Validation(file: file, checks: checks)
    self = try validation.configuration(document)
  }
}
