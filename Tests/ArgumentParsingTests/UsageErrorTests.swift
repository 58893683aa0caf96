import ArgumentParsing
import Testing

private let cases: [ParseCase] = [
  ParseCase(
    "serach x",
    """
    logbook: unknown command 'serach'
    hint: did you mean 'logbook search'?
    """),
  ParseCase(
    "frobnicate",
    """
    logbook: unknown command 'frobnicate'
    hint: see 'logbook help'
    """),
  ParseCase(
    "errors shwo",
    """
    logbook: unknown command 'errors shwo'
    hint: did you mean 'logbook errors show'?
    """),
  ParseCase(
    "help errors nothing",
    """
    logbook: unknown command 'errors nothing'
    hint: see 'logbook help errors'
    """),
  ParseCase(
    "serach --help",
    """
    logbook: unknown command 'serach'
    hint: did you mean 'logbook search'?
    """),
  ParseCase(
    "search --sorce x",
    """
    logbook: unknown option '--sorce'
    hint: did you mean '--source'?
    """),
  ParseCase(
    "search --ignore",
    """
    logbook: unknown option '--ignore'
    hint: did you mean '--ignore-case'?
    """),
  ParseCase(
    "search --zzz",
    """
    logbook: unknown option '--zzz'
    hint: see 'logbook help search'
    """),
  ParseCase(
    "errors show --sta x",
    """
    logbook: unknown option '--sta'
    hint: see 'logbook help errors show'
    """),
  ParseCase(
    "prune -vx",
    """
    logbook: unknown option '-x'
    hint: see 'logbook help prune'
    """),
  ParseCase(
    "--dbb x search",
    """
    logbook: unknown option '--dbb'
    hint: did you mean '--db'?
    """),
  ParseCase("search --source", "logbook: --source needs a value: --source <name>"),
  ParseCase("search -s --follow", "logbook: -s needs a value: -s <name>"),
  ParseCase("search -s -i", "logbook: -s needs a value: -s <name>"),
  ParseCase("--db", "logbook: --db needs a value: --db <file>"),
  ParseCase("search --follow=yes", "logbook: --follow takes no value, but was given 'yes'"),
  ParseCase(
    "config check now",
    """
    logbook: unexpected argument 'now'
    hint: see 'logbook help config check'
    """),
  ParseCase(
    "prune",
    """
    logbook: missing argument <source>
    hint: see 'logbook help prune'
    """),
  ParseCase(
    "search -n five",
    "logbook: 'five' is no valid value for -n: expected a whole number from 1 to 1000"),
  ParseCase(
    "search --limit=0",
    "logbook: '0' is no valid value for --limit: expected a whole number from 1 to 1000"),
  ParseCase(
    "search --after -1",
    "logbook: '-1' is no valid value for --after: expected a whole number, 0 or more"),
  ParseCase("search --help=x", "logbook: --help takes no value, but was given 'x'"),
  ParseCase(
    "search --format xml",
    "logbook: 'xml' is no valid value for --format: expected table, json or csv"),
  ParseCase("search -l x", "logbook: 'x' is no valid value for -l: expected info or warn"),
  ParseCase(
    "prune a week", "logbook: 'week' is no valid value for <days>: expected a number of days"),
  ParseCase("search -f -n5", "logbook: --follow and --limit exclude each other"),
  ParseCase(
    "\u{1B}[2J",
    """
    logbook: unknown command '\\u{1B}[2J'
    hint: see 'logbook help'
    """),
]

@Test(arguments: cases)
func `a wrong command line is told in one line and a hint`(_ test: ParseCase) {
  do throws(UsageError) {
    _ = try sampleTable.parse(test.line.split(separator: " ").map(String.init))
    Issue.record("accepted")
  } catch {
    #expect(error.description(program: "logbook") == test.expected)
  }
}
