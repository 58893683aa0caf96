import Configuration
import Ingestion
import LogModel
import Tailing

/// What the configuration says of counting the lines of sources without a rule.
struct SourceCounting {
  private var bySource: [ExactText: Bool] = [:]
  /// Of the files of sources that are not counted, for lines that are read under another name.
  private var uncounted: Set<Path> = []

  init(_ configuration: Configuration?) {
    for source in configuration?.sources ?? [] {
      bySource[ExactText(source.name)] = source.metrics
      guard !source.metrics else { continue }
      let files = PathExpansion(
        of: source.paths.map { Path($0) }, excluding: source.exclude.map { Path($0) }
      ).files
      uncounted.formUnion(files.map(\.path.absolute))
    }
  }

  var choice: CountingChoice {
    { source, file in bySource[ExactText(source)] ?? (uncounted.contains(file) ? false : nil) }
  }
}
