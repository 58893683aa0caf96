import ArgumentParsing

/// What a parsed command does; the result is the process's exit status.
typealias Action = @Sendable (GlobalOptions) throws -> ExitStatus

/// Options that every command takes, before or after its name.
struct GlobalOptions: OptionGroup {
  static let options: [Option<Self>] = [
    .value(
      "db", nil, "FILE",
      help: "The database. (default: $LOGBOOK_DB, the configuration's, ./logbook.db)",
      sets: \.database),
    .value(
      "config", nil, "FILE",
      help:
        "The configuration. (default: $LOGBOOK_CONFIG, ./logbook.yaml, /etc/logbook/logbook.yaml)",
      sets: \.configuration),
  ]
  var database: String?
  var configuration: String?
}

/// Every subcommand, one line each.
let commands = CommandTable<GlobalOptions, Action>(
  program: "logbook", abstract: "Keep logs in one SQLite file, and ask it.",
  discussion: """
      logbook ingest /var/log/syslog     read it; again later: only what is new
      logbook search timeout --since 2h  find lines
      logbook volume --by 1h             count them
      logbook patterns --since 1d        see what kinds there are
      logbook errors --since 1d          and what went wrong
      logbook report --html today.html   all of it on a page
      logbook sql 'SELECT count(*) FROM log'

    Exit status: 0 done, 1 nothing found or a check failed, 2 usage, 3 a condition of 'report --fail-on', 65 a damaged archive, 74 a file \
    that cannot be read or written, 75 another run holds the lock, 78 configuration.
    """,
  version: "0.1.0",
  entries: [
    .command(Ingest.self) { command in { try command.run($0) } },
    .command(Search.self) { command in { try command.run($0) } },
    .command(Volume.self) { command in { try command.run($0) } },
    .group(
      "patterns", abstract: "List kinds of lines, show one, compare two times.", default: "list",
      [
        .command(PatternsList.self) { command in { try command.run($0) } },
        .command(PatternsShow.self) { command in { try command.run($0) } },
        .command(PatternsDiff.self) { command in { try command.run($0) } },
      ]),
    .command(AnomaliesList.self) { command in { try command.run($0) } },
    .group(
      "errors", abstract: "List what went wrong, show one, say what became of it.", default: "list",
      [
        .command(ErrorsList.self) { command in { try command.run($0) } },
        .command(ErrorsShow.self) { command in { try command.run($0) } },
        .command(ErrorsStats.self) { command in { try command.run($0) } },
        .command(ErrorsExplain.self) { command in { try command.run($0) } },
        .command(ErrorsResolve.self) { command in { try command.run($0) } },
        .command(ErrorsIgnore.self) { command in { try command.run($0) } },
        .command(ErrorsReopen.self) { command in { try command.run($0) } },
        .command(ErrorsMerge.self) { command in { try command.run($0) } },
        .command(ErrorsSplit.self) { command in { try command.run($0) } },
      ]),
    .group(
      "sessions", abstract: "List sessions with language models, or show one.", default: "list",
      [
        .command(SessionsList.self) { command in { try command.run($0) } },
        .command(SessionsShow.self) { command in { try command.run($0) } },
      ]),
    .group(
      "costs", abstract: "Sum tokens and cost by model, day, session and more.", default: "list",
      [
        .command(CostsList.self) { command in { try command.run($0) } },
        .command(CostsRecost.self) { command in { try command.run($0) } },
      ]),
    .group(
      "prices", abstract: "List what models cost, or import prices.", default: "list",
      [
        .command(PricesList.self) { command in { try command.run($0) } },
        .command(PricesImport.self) { command in { try command.run($0) } },
      ]),
    .group(
      "metrics", abstract: "List metrics, query one, check rules on a line.", default: "list",
      [
        .command(MetricsList.self) { command in { try command.run($0) } },
        .command(MetricsQuery.self) { command in { try command.run($0) } },
        .command(MetricsCheck.self) { command in { try command.run($0) } },
        .command(MetricsRebuild.self) { command in { try command.run($0) } },
      ]),
    .command(ReportPage.self) { command in { try command.run($0) } },
    .command(SQLQuery.self) { command in { try command.run($0) } },
    .command(SchemaListing.self) { command in { try command.run($0) } },
    .command(FormatListing.self) { command in { try command.run($0) } },
    .command(Parse.self) { command in { try command.run($0) } },
    .command(Export.self) { command in { try command.run($0) } },
    .command(Backup.self) { command in { try command.run($0) } },
    .command(Status.self) { command in { try command.run($0) } },
    .command(Verify.self) { command in { try command.run($0) } },
    .command(Migrate.self) { command in { try command.run($0) } },
    .command(Prune.self) { command in { try command.run($0) } },
    .group(
      "emit", abstract: "Record a value or an event from a script.",
      [
        .command(EmitMetric.self) { command in { try command.run($0) } },
        .command(EmitEvent.self) { command in { try command.run($0) } },
      ]),
    .command(Run.self) { command in { try command.run($0) } },
    .command(Purge.self) { command in { try command.run($0) } },
    .group(
      "sources", abstract: "List sources, forget one, or read one again.",
      [
        .command(SourcesList.self) { command in { try command.run($0) } },
        .command(SourcesForget.self) { command in { try command.run($0) } },
        .command(SourcesReingest.self) { command in { try command.run($0) } },
      ]),
    .group(
      "service", abstract: "Print or install what runs it on a timer.",
      [
        .command(ServiceSystemd.self) { command in { try command.run($0) } },
        .command(ServiceCron.self) { command in { try command.run($0) } },
        .command(ServiceLogrotate.self) { command in { try command.run($0) } },
      ]),
    .group(
      "config", abstract: "Write, check and show the configuration.",
      [
        .command(ConfigExample.self) { command in { try command.run($0) } },
        .command(ConfigCheck.self) { command in { try command.run($0) } },
        .command(ConfigShow.self) { command in { try command.run($0) } },
      ]),
    .command(Completions.self) { command in { try command.run($0) } },
    .command(Manual.self) { command in { try command.run($0) } },
  ])
