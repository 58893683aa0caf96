import YAML

extension Configuration {
  /// The configuration as a YAML document with every default written out; loading it gives the same
  /// configuration.
  package var document: String {
    var lines = [
      "database: \(scalarText(database))",
      "mode: '\(mode.text)'",
      "ingest:",
      "  max_bytes: \(ingest.maxBytes?.text ?? "null  # no limit")",
      "  max_seconds: \(ingest.maxSeconds.map { String($0.count) } ?? "null  # no limit")",
      "  forget_after: \(ingest.forgetAfter.text)",
    ]
    guard !sources.isEmpty else { return (lines + ["sources: []", ""]).joined(separator: "\n") }
    lines.append("sources:")
    for source in sources { lines += source.lines }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Configuration.Source {
  fileprivate var lines: [String] {
    [
      "  - name: \(scalarText(name))",
      "    path: \(list(paths))",
      "    exclude: \(list(exclude))",
      "    format: \(scalarText(format))",
      "    timezone: \(timezone.map(scalarText) ?? "null  # the machine's")",
      "    multiline: \(multiline.text)",
      "    multiline_timeout: \(multilineTimeout.text)",
      "    encoding: \(encoding.rawValue)",
      "    max_line: \(maxLine.text)",
      "    content: \(content.rawValue)",
      "    redact: \(list(redact))",
    ]
  }

  private func list(_ texts: [String]) -> String {
    "[" + texts.map(scalarText).joined(separator: ", ") + "]"
  }
}

extension Configuration.Multiline {
  fileprivate var text: String {
    switch self {
    case .automatic: "auto"
    case .never: "none"
    case .start(let expression): "{start: \(scalarText(expression))}"
    }
  }
}
