import ArgumentParsing
import Testing

private func help(_ line: String) throws -> String? {
  guard case .help(let text) = try sampleTable.parse(line.split(separator: " ").map(String.init))
  else { return nil }
  return text
}

@Test(arguments: ["", "--help", "-h", "help", "help --help", "--db x --help", "--db search -h"])
func `the program's help lists the commands`(_ line: String) throws {
  #expect(
    try help(line) == """
      OVERVIEW: Read logs once and answer from one file.

      USAGE: logbook [<options>] <subcommand>

      OPTIONS:
        --db <file>             The database.
        --config <file>         The configuration.
        --version               Show the version.
        -h, --help              Show help information.

      SUBCOMMANDS:
        search                  Search the lines.
        prune                   Forget old lines.
        errors                  Groups of errors.
        config                  The configuration.

        See 'logbook help <subcommand>' for detailed help.
      """)
}

@Test(arguments: [
  "search --help", "help search", "search -h", "search x --sorce --help", "--help search",
  "help search --help", "--db errors search --help errors", "--db=errors --help search",
])
func `a command's help shows its whole table`(_ line: String) throws {
  #expect(
    try help(line) == """
      OVERVIEW: Search the lines.

      Words are combined by AND, and OR binds weaker; a word that begins with a dash
      is excluded.

        error -timeout

      USAGE: logbook search [<options>] [<query> ...]

      ARGUMENTS:
        <query>                 Words, phrases and fields.

      OPTIONS:
        -s, --source <name>     Only this source; may be repeated.
        -n, --limit <n>         At most this many lines.
        -A, --after <n>         Lines of context after each match. (default: 0)
        --since <time>          Only lines from this time on, as ISO 8601, as an age
                                such as 2h, or as a word such as yesterday.
        -i, --ignore-case       Do not tell upper from lower case.
        -f, --follow            Wait for more.
        --format <format>       How to write. (values: table, json, csv; default:
                                table)
        --csv                   The same as --format csv.
        -l, --level <level>     At least this level. (values: info, warn)
        --db <file>             The database.
        --config <file>         The configuration.
        -h, --help              Show help information.

      EXAMPLES:
        logbook search -i timeout
                                Every case of it.
        logbook search a        One letter.
      """)
}

@Test(arguments: ["errors --help", "help errors"])
func `a group's help marks the default`(_ line: String) throws {
  #expect(
    try help(line) == """
      OVERVIEW: Groups of errors.

      USAGE: logbook errors [<options>] [<subcommand>]

      OPTIONS:
        --db <file>             The database.
        --config <file>         The configuration.
        -h, --help              Show help information.

      OPTIONS OF list:
        --status <status>       Only these.

      SUBCOMMANDS:
        list (default)          List error groups.
        show                    Show one error group.

        See 'logbook help errors <subcommand>' for detailed help.
      """)
}

@Test(arguments: ["errors show --help", "errors --help show", "help errors show"])
func `a subcommand's help names its group`(_ line: String) throws {
  #expect(
    try help(line) == """
      OVERVIEW: Show one error group.

      USAGE: logbook errors show [<options>] <id>

      ARGUMENTS:
        <id>                    The group.

      OPTIONS:
        --db <file>             The database.
        --config <file>         The configuration.
        -h, --help              Show help information.
      """)
}

@Test func `a group without a default shows its help`() throws {
  #expect(try help("config") == help("help config"))
  #expect(try help("config")?.contains("USAGE: logbook config [<options>] <subcommand>") == true)
}

@Test func `help behind two dashes is an argument`() throws {
  #expect(try help("search -- --help") == nil)
}
