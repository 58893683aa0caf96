import YAML

extension Validation {
  /// Takes the metrics, and notes what is wrong with those that it leaves out.
  func readMetrics(_ document: ConfigurationDocument, into result: inout Configuration) {
    let lists = [document.metrics, document.log_strategy, document.log_strategies].compactMap { $0 }
    guard !lists.isEmpty else { return }
    var metrics: [Exposed] = []
    for marked in lists.joined() {
      let place = "\(file):\(marked.mark.line):\(marked.mark.column)"
      switch metric(marked.value, place) {
      case .success(let metric):
        let exposed = Exposed(metric: metric, names: Self.exposures(metric))
        if let problem = Self.problem(exposed, beside: metrics) {
          result.metricProblems.append(problem)
        } else {
          metrics.append(exposed)
        }
      case .failure(let problem):
        result.metricProblems.append(problem)
      }
    }
    result.metrics = metrics.map(\.metric)
  }

  /// A metric with the names that Prometheus may see it by.
  private struct Exposed {
    var metric: Configuration.Metric
    var names: [String]
  }

  private func metric(
    _ entry: MetricEntry, _ place: String
  ) -> Result<Configuration.Metric, Configuration.MetricProblem> {
    switch entry.document {
    case .success(let document): return Self.metric(document, place)
    case .failure(let fault):
      let place = fault.mark.map { "\(file):\($0.line):\($0.column)" } ?? place
      let whose = entry.name.map { "metric '\($0)': " } ?? ""
      return .failure(.init(name: entry.name, text: "\(place): \(whose)\(fault.problem)"))
    }
  }

  /// What keeps a metric from standing beside others, which come before it.
  private static func problem(
    _ exposed: Exposed, beside others: [Exposed]
  ) -> Configuration.MetricProblem? {
    let metric = exposed.metric
    func problem(_ what: String) -> Configuration.MetricProblem {
      .init(name: metric.name, text: "\(metric.place): metric '\(metric.name)' \(what)")
    }
    for (other, names) in others.lazy.map({ ($0.metric, $0.names) }) {
      let place = other.place
      if other == metric { return problem("is the same as in \(place)") }
      if other.name != metric.name {
        guard let name = exposed.names.first(where: names.contains) else { continue }
        return problem("is '\(name)' for Prometheus, as '\(other.name)' in \(place)")
      }
      if other.function != metric.function {
        return problem("has another function in \(place)")
      }
      if other.step != metric.step {
        return problem("has another step in \(place)")
      }
    }
    return nil
  }

  private static func exposures(_ metric: Configuration.Metric) -> [String] {
    let name = exposed(metric.name)
    let total = name.hasSuffix("_total") ? name : name + "_total"
    switch metric.function {
    case .count: return [total]
    // With values below zero it is no counter.
    case .sum: return [total, name]
    case .histogram: return [name, name + "_sum", name + "_count"]
    case .avg, .min, .max: return [name]
    }
  }

  /// The name of a metric, or of a label, in which there are no colons.
  private static func exposed(_ name: String, isLabel: Bool = false) -> String {
    let letters = name.map { ".-".contains($0) || isLabel && $0 == ":" ? "_" : $0 }
    return String(
      letters.first.map { "0123456789".contains($0) } ?? false
        ? ["_"] + letters.dropFirst() : letters)
  }

  private static func metric(
    _ document: MetricDocument, _ place: String
  ) -> Result<Configuration.Metric, Configuration.MetricProblem> {
    let name = text(document.name) ?? text(document.metric_name)
    func problem(_ what: String) -> Result<Configuration.Metric, Configuration.MetricProblem> {
      let whose = name.map { "metric '\($0)'" } ?? "this metric"
      let own = name.flatMap { isName($0) ? $0 : nil }
      return .failure(.init(name: own, text: "\(place): \(whose) \(what)"))
    }
    guard let name else { return problem("has no 'name'") }
    guard isName(name) else {
      return problem("has a name of other characters than letters, digits, _, :, . and -")
    }
    var metric = Configuration.Metric(name: name)
    metric.place = place
    metric.help = text(document.help) ?? text(document.metric_help) ?? ""
    metric.sources = document.source?.values.map(\.value.text) ?? []
    metric.paths = (document.path ?? document.file_path)?.values.map(\.value.text) ?? []
    metric.pattern = text(document.pattern)
    metric.exclude = text(document.exclude)
    metric.value = text(document.value)
    metric.conditions = document.where?.texts ?? []
    if let word = text(document.function) ?? text(document.func) {
      guard let function = function(word) else {
        return problem(
          "has the function '\(word)': expected one of count, sum, avg, min, max, histogram")
      }
      metric.function = function
    }
    guard document.labels == nil || document.tags == nil else {
      return problem("has 'labels' and 'tags', which are the same")
    }
    metric.areLabelsTags = document.tags != nil
    for (name, text) in (document.labels ?? document.tags ?? [:]).sorted(by: { $0.key < $1.key }) {
      let exposed = exposed(name, isLabel: true)
      guard isName(name) else { return problem("has a label with the name '\(name)'") }
      let isOwn = metric.function == .histogram && ["quantile", "le"].contains(exposed)
      guard !isOwn, !exposed.hasPrefix("__") else {
        return problem("has a label with the name '\(name)', which Prometheus keeps for itself")
      }
      guard !metric.labels.contains(where: { Self.exposed($0.name, isLabel: true) == exposed })
      else {
        return problem("has two labels that are one name with '\(name)' for Prometheus")
      }
      metric.labels.append(.init(name: name, text: text.value.text))
    }
    if let word = text(document.step) {
      let step = Duration(word) ?? Int64(word).flatMap { $0 < 1 << 40 ? .seconds($0) : nil }
      guard let step, step >= .milliseconds(1) else {
        return problem("has the step '\(word)': expected a duration such as 10s, 60s or 1h")
      }
      metric.step = step
    }
    let counts = metric.function == .count
    guard metric.pattern != nil || metric.value != nil || counts && !metric.conditions.isEmpty
    else { return problem("has neither a 'pattern' nor a 'value'") }
    return .success(metric)
  }

  private static func function(_ word: String) -> Configuration.Metric.Function? {
    word == "cnt" ? .count : Configuration.Metric.Function(rawValue: word)
  }

  /// An empty text is none.
  private static func text(_ value: Parsed<AnyText>?) -> String? {
    value.flatMap { $0.value.text.isEmpty ? nil : $0.value.text }
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || "_:.-".utf8.contains($0)
      }
  }
}

extension Configuration.MetricProblem: Error {}
