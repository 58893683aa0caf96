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
    lines += retention?.document ?? ["retention: null  # keep all"]
    lines.append(sources.isEmpty && hosts.isEmpty ? "sources: []" : "sources:")
    for source in sources { lines += source.lines }
    for host in hosts { lines += host.lines }
    if let metrics {
      lines.append(metrics.isEmpty ? "metrics: []" : "metrics:")
      for metric in metrics { lines += metric.lines }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Configuration.Retention {
  fileprivate var document: [String] {
    func age(_ time: Duration?) -> String { time?.text ?? "null  # keep all" }
    return [
      "retention:",
      "  lines: \(age(lines))",
      "  size: \(size?.text ?? "null  # no limit")",
      "  rollups: \(age(rollups))",
      "  sessions: \(sessions?.text ?? "null  # as rollups")",
      "  errors: \(errors?.text ?? "null  # as rollups")",
      "  metrics: \(metrics?.text ?? "null  # as rollups")",
      "  keep_errors: \(keepErrors)",
    ]
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
      "    metrics: \(metrics)",
    ]
  }
}

extension Configuration.Host {
  fileprivate var lines: [String] {
    [
      "  - name: \(scalarText(name))",
      "    host: {interval: \(interval.text), root: \(scalarText(root))}",
    ]
  }
}

extension Configuration.Metric {
  fileprivate var lines: [String] {
    let pairs = labels.map { "\(scalarText($0.name)): \(scalarText($0.text))" }
    return [
      "  - name: \(scalarText(name))",
      "    help: \(scalarText(help))",
      "    source: \(list(sources))",
      "    path: \(list(paths))",
      "    pattern: \(pattern.map(scalarText) ?? "null")",
      "    exclude: \(exclude.map(scalarText) ?? "null")",
      "    value: \(value.map(scalarText) ?? "null")",
      "    function: \(function.rawValue)",
      "    labels: {\(pairs.joined(separator: ", "))}",
      "    where: \(list(conditions))",
      "    step: \(step.text)",
    ]
  }
}

private func list(_ texts: [String]) -> String {
  "[" + texts.map(scalarText).joined(separator: ", ") + "]"
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
