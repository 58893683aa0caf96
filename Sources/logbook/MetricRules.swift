import Collecting
import Configuration
import Ingestion
import LogModel
import Metrics
import SQLite
import Storage

/// The rules of the configuration, and what is wrong with those that are left out.
struct MetricRules {
  private(set) var rules: [MetricRule] = []
  /// One line each.
  private(set) var problems: [Failure] = []
  /// Names of rules that are left out.
  private var unusable: Set<String> = []
  /// One is left out whose name cannot be told: it may be any.
  private var isAnyUnusable = false
  /// Names of metrics whose values are given: a rule's figures would be mixed with them.
  private var gauges: Set<String>

  /// Nil where the configuration says nothing of metrics: rules that are stored stay then.
  init?(_ workspace: Workspace) {
    guard let configuration = workspace.configuration, let metrics = configuration.metrics else {
      return nil
    }
    gauges = Set(RunMetric.allCases.map(\.rawValue))
    if !configuration.hosts.isEmpty { gauges.formUnion(HostMetric.allCases.map(\.rawValue)) }
    for problem in configuration.metricProblems {
      problems.append(Failure(problem.text, status: .configuration))
      if let name = problem.name { unusable.insert(name) } else { isAnyUnusable = true }
    }
    for metric in metrics {
      var rule = MetricRule(metric)
      rule.folder = workspace.configurationFolder
      for (tag, error) in metric.areLabelsTags ? rule.removeUnusableLabels() : [] {
        problems.append(
          Failure(
            "\(metric.place): metric '\(metric.name)' is without its tag '\(tag)': \(error)",
            status: .configuration))
      }
      rules.append(rule)
      if places[rule.hash] == nil { places[rule.hash] = metric.place }
    }
  }

  private var places: [Int64: String] = [:]

  /// Leaves out what cannot be used; a rule that is stored was found to be good before.
  mutating func check(knowing stored: [ActiveMetricRule] = []) {
    let known = Set(stored.map(\.rule.hash))
    var usable: [MetricRule] = []
    for rule in rules {
      do throws(MetricRuleError) {
        if gauges.contains(rule.name) { throw .gaugeName }
        if !known.contains(rule.hash) { try rule.check() }
        usable.append(rule)
      } catch {
        unusable.insert(rule.name)
        problems.append(
          Failure(
            "\(places[rule.hash] ?? ""): metric '\(rule.name)': \(error)", status: .configuration))
      }
    }
    rules = usable
  }

  /// Makes the rules in the store those of the configuration, or only says what would change.
  mutating func sync(
    with store: borrowing Store, now: Int64, isDryRun: Bool
  ) throws(StorageError) -> MetricSync {
    let stored = try store.wrap { db throws(SQLiteError) in
      gauges.formUnion(try GaugeTable().metrics(in: db))
      return try MetricRuleTable().rules(in: db)
    }
    check(knowing: stored)
    let kept = isAnyUnusable ? Set(stored.map(\.rule.name)) : unusable
    let sync = MetricSync(rules, stored: stored, keeping: kept)
    if !sync.isDone, !isDryRun {
      try store.write { db throws(SQLiteError) in try sync.write(now: now, to: db) }
    }
    return sync
  }
}

extension MetricRule {
  init(_ metric: Configuration.Metric) {
    self.init(name: metric.name)
    help = metric.help
    function = Function(rawValue: metric.function.rawValue) ?? .count
    sources = metric.sources
    paths = metric.paths
    pattern = metric.pattern
    exclude = metric.exclude
    field = metric.value
    labels = metric.labels.map { Label(name: $0.name, text: $0.text) }
    conditions = metric.conditions
    step = metric.step.microseconds
  }
}

extension MetricSync {
  /// One line for people.
  var text: String {
    let parts = [("added", added), ("changed", changed), ("removed", removed)].filter {
      !$0.1.isEmpty
    }
    return "metrics: "
      + (parts.map { "\($0.0) " + $0.1.joined(separator: ", ") } + ["\(untouched.count) untouched"])
      .joined(separator: "; ") + "\n"
  }
}

extension Failure {
  /// Lines that a rule could not finish.
  init(_ hits: MetricLimitHits) {
    let what =
      hits.lines > 0
      ? "took too many steps on \(counted(hits.lines, "line")), which it does not count"
      : "took too many steps before"
    self.init(
      "metric '\(hits.metric)' \(what)"
        + (hits.isSuspended ? "; it sees no more lines until it is changed" : ""),
      hint: hits.longest > 2000
        ? "the longest line has \(hits.longest) bytes: in long lines [^\"]* is quicker than .*?"
        : "a group that repeats what repeats, such as (a+)+, is slow, and so are several (.*): ([^ ]*) is quicker",
      status: .success)
  }

  /// Labels of more series than are kept apart.
  init(overflowing metric: String) {
    self.init(
      "metric '\(metric)' has more than \(MetricReader.maxSeries) sets of labels: the others are counted as __other__",
      hint: "leave out the label that has most values, such as an id", status: .success)
  }
}
