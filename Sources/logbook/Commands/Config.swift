import ArgumentParsing
import Configuration
import Glibc
import Reporting

struct ConfigExample: Command {
  static let name = "example"
  static let abstract = "Print a configuration with every key explained."

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    print(Configuration.example)
    return .success
  }
}

struct ConfigCheck: Command {
  static let name = "check"
  static let abstract = "Check the configuration; exit status 78 where something is wrong."

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let (path, configuration) = try required(globals)
    guard try hasUsableMetrics(globals) else { return .configuration }
    let sources = configuration.sources.count + configuration.hosts.count
    let metrics = configuration.metrics.map { ", " + counted($0.count, "metric") } ?? ""
    print("\(path): \(counted(sources, "source"))\(metrics), no mistakes\n")
    return .success
  }
}

struct ConfigShow: Command {
  static let name = "show"
  static let abstract = "Print the configuration in force, defaults filled in."

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let configuration = try required(globals).configuration
    // Without rules that cannot be used it would take them out of a store.
    guard try hasUsableMetrics(globals) else { return .configuration }
    print(configuration.document)
    return .success
  }
}

/// Tells what is wrong with rules of metrics.
private func hasUsableMetrics(_ globals: GlobalOptions) throws -> Bool {
  var rules = try MetricRules(Workspace(globals))
  rules?.check()
  let problems = rules?.problems ?? []
  for problem in problems { StandardError.write(problem) }
  return problems.isEmpty
}

private func required(
  _ globals: GlobalOptions
) throws -> (path: String, configuration: Configuration) {
  guard let path = Workspace.configurationPath(globals),
    let configuration = try Workspace(globals).configuration
  else {
    throw Failure(
      "there is no configuration", hint: "logbook config example > logbook.yaml",
      status: .configuration)
  }
  return (path, configuration)
}

private func print(_ text: String) {
  let sink = TextSink(descriptor: STDOUT_FILENO)
  sink.write(text)
  sink.flush()
}
