import ArgumentParsing
import LogModel
import Recomputation
import Reporting
import SQLite
import Storage

struct MetricsRebuild: Command {
  static let name = "rebuild"
  static let abstract = "Count the stored lines for a rule anew."
  static let discussion = """
    A rule counts lines that are read after it was added or changed; this adds those that are stored \
    already. The rule is taken as the last 'ingest' found it in the configuration. What is counted \
    without a rule is counted anew together. What breaks off leaves the figures that were.
    """
  static let arguments: [Argument<Self>] = [
    .one("RULE", help: "Its name; see 'logbook metrics list'.", sets: \.rule)
  ]
  static let options: [Option<Self>] = [
    .choice("format", help: "How the summary is written.", sets: \.result.format)
  ]
  static let examples = [("logbook metrics rebuild ngx_acc_code", "after the rule was edited")]
  var rule = ""
  var result = ResultOptions()

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let now = currentTime()
    let workspace = try Workspace(globals)
    let rebuilt = try workspace.runOnExisting(now: now) { store in
      let rules = try store.wrap { db throws(SQLiteError) in try MetricRuleTable().rules(in: db) }
      let chosen = rules.filter { $0.rule.name == rule }
      let standard = StandardMetric(name: rule)
      guard !chosen.isEmpty || standard != nil else {
        throw Failure(
          "there is no metric '\(rule)'",
          hint: rules.isEmpty
            ? "'logbook ingest' takes rules from the configuration" : "see 'logbook metrics list'",
          status: .negative)
      }
      do {
        if let standard {
          let rebuilt = try MetricRebuilding.rebuild(
            standard, in: store, isCounted: SourceCounting(workspace.configuration).choice,
            isCancelled: { Interruption.isRequested })
          try store.releaseFreePages()
          return rebuilt
        }
        return try MetricRebuilding.rebuild(
          chosen, in: store, isCancelled: { Interruption.isRequested })
      } catch is RebuildCancelled {
        throw Failure(
          "interrupted: the figures are those that were", hint: "the same command begins anew",
          status: .signal(Interruption.signal))
      }
    }
    var writer = ResultWriter(result)
    writer.begin(["metric", "series", "samples", "rejects", "limit_hits"])
    writer.row([
      .text(rule), .integer(rebuilt.series), .integer(rebuilt.samples), .integer(rebuilt.rejects),
      .integer(rebuilt.limitHits),
    ])
    try writer.end()
    return .success
  }
}
