import Configuration
import Ingestion
import LogModel
import Redaction
import RegularExpressions
import Storage
import Tailing

/// The redactors of the sources that have any setting of privacy.
struct SourceRedactors {
  private var bySource: [ExactText: Redactor] = [:]
  /// Of the files that such a source holds, for lines that are read under another name.
  private var byFile: [Path: Redactor] = [:]

  /// `key` is asked for once, by the first source that hashes.
  init(
    _ configuration: Configuration?, key: () throws -> [UInt8]
  ) throws {
    var known: [UInt8]?
    for source in configuration?.sources ?? [] where source.isPrivate {
      let content: Redactor.Content
      switch source.content {
      case .keep: content = .keep
      case .drop: content = .drop
      case .hash:
        let bytes = try known ?? key()
        known = bytes
        content = .hash(key: bytes)
      }
      let redactor = try Redactor(content: content, patterns: source.redact)
      bySource[ExactText(source.name)] = redactor
      let files = PathExpansion(
        of: source.paths.map { Path($0) }, excluding: source.exclude.map { Path($0) }
      ).files
      for file in files { byFile[file.path.absolute] = byFile[file.path.absolute] ?? redactor }
    }
  }

  var choice: RedactorChoice { { bySource[ExactText($0)] ?? byFile[$1] } }
}

extension Configuration.Source {
  var isPrivate: Bool { content != .keep || !redact.isEmpty }
}
