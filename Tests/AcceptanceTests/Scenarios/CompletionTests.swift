import TestSupport
import Testing

/// What the shells make of the tables of commands and options.
@Suite struct `Completions and the manual` {
  private let scratch = Scratch()

  private func script(_ shell: String) -> String {
    let outcome = Command.run(Logbook.binary, ["completions", shell])
    #expect(outcome.status == 0 && outcome.errorOutput.isEmpty)
    scratch.write("script", outcome.output)
    return scratch.file("script")
  }

  static let lines: [(line: String, expected: [String])] = [
    ("logbook sea", ["search"]),
    ("logbook patterns sh", ["show"]),
    ("logbook patterns list --for", ["--format"]),
    ("logbook patterns --for", ["--format"]),
    ("logbook --db x.db err", ["errors"]),
    ("logbook errors list --level fa", ["fatal"]),
    ("logbook volume --level warn --si", ["--since"]),
    ("logbook search -s app --cou", ["--count"]),
    ("logbook search --level err", ["error"]),
    ("logbook errors stats --by h", ["hour"]),
    ("logbook ingest some", ["some.log", "some where.log"]),
    ("logbook --db some", ["some.log", "some where.log"]),
    ("logbook completions f", ["fish"]), ("logbook export patt", ["pattern_count", "patterns"]),
    ("logbook ingest --as hig", ["higress"]),
    ("logbook search --since some", []),
    ("logbook nothing --such", []),
  ]

  @Test(arguments: lines) func `bash completes`(line: String, expected: [String]) {
    for name in ["some.log", "some where.log"] { scratch.write(name, "") }
    let words = line.split(separator: " ").map { "'\($0)'" }
    let driver = """
      source '\(script("bash"))'
      COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
      _logbook
      ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}" | sort
      """
    let outcome = Command.run("bash", ["-c", driver], directory: scratch.path)
    #expect(outcome.status == 0 && outcome.errorOutput.isEmpty, "\(outcome.errorOutput)")
    #expect(Set(outcome.output.split(separator: "\n").map(String.init)) == Set(expected))
  }

  @Test func `bash completes the value behind an equals sign`() {
    let driver = """
      source '\(script("bash"))'
      COMP_WORDS=(logbook errors --format = js) COMP_CWORD=4; _logbook; echo "${COMPREPLY[@]}"
      COMP_WORDS=(logbook errors --level =) COMP_CWORD=3; _logbook; echo "${COMPREPLY[@]}"
      """
    let outcome = Command.run("bash", ["-c", driver])
    #expect(outcome.output == "json\ntrace debug info warn error fatal\n", "\(outcome)")
  }

  @Test(arguments: lines) func `fish completes`(line: String, expected: [String]) {
    for name in ["some.log", "some where.log"] { scratch.write(name, "") }
    let driver = "source \(script("fish")); complete -C '\(line)'"
    let outcome = Command.run(
      "fish", ["--no-config", "-c", driver],
      environment: ["HOME": scratch.path, "PATH": "/usr/bin:/bin"], directory: scratch.path)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    let words = outcome.output.split(separator: "\n").map {
      String($0.prefix { $0 != "\t" }).split(separator: "\\").joined()
    }
    #expect(Set(words) == Set(expected), "\(outcome.output)")
  }

  @Test func `zsh completes`() {
    // It does so at a terminal only; here at one that another zsh has made.
    let driver = #"""
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; source '$1' 2>/dev/null; compdef _logbook logbook; bindkey '^I' complete-word; echo re''ady"
      zpty -r shell text '*ready*'
      for line in 'logbook anom' 'logbook patterns dif' 'logbook errors --level=fa' 'logbook --db x.db patterns --ne'; do
        zpty -w -n shell "$line"$'\t'
        zpty -w -n shell $'\C-a: \C-e; echo do\'\'ne\r'
        zpty -r shell text '*done*'
        print -r -- "$text"
      done
      zpty -d shell
      """#
    let outcome = Command.run("zsh", ["-f", "-c", driver, "zsh", script("zsh")])
    for line in [
      "logbook anomalies", "logbook patterns diff", "logbook errors --level=fatal",
      "logbook --db x.db patterns --new",
    ] {
      #expect(outcome.output.contains(line), "\(outcome.output)\(outcome.errorOutput)")
    }
  }

  @Test func `the manual page has every command and no mistakes`() {
    let page = Command.run(Logbook.binary, ["manual"])
    #expect(page.status == 0)
    scratch.write("logbook.1", page.output)
    let lint = Command.run("mandoc", ["-T", "lint", "-W", "warning", scratch.file("logbook.1")])
    let mistakes = lint.output.split(separator: "\n").filter { !$0.contains("missing date") }
    #expect(mistakes.isEmpty, "\(lint.output)")
    let text = Command.run("mandoc", ["-T", "html", scratch.file("logbook.1")]).output
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for word in ["logbook sources forget", "logbook ingest", "--dry-run", "LOGBOOK_DB"] {
      #expect(text.contains(word), "\(word) in \(text)")
    }
  }
}
