import ArgumentParsing
import Glibc
import Reporting

struct Completions: Command {
  static let name = "completions"
  static let abstract = "Print what a shell reads to complete command lines."
  static let discussion = """
    'make install' puts it where bash, zsh and fish look for it. Without that:

      bash: source <(logbook completions bash)            in ~/.bashrc
      zsh:  logbook completions zsh > DIR/_logbook        a DIR of $fpath
      fish: logbook completions fish > ~/.config/fish/completions/logbook.fish
    """
  static let arguments: [Argument<Self>] = [
    .one(
      "SHELL", help: "bash, zsh or fish.", sets: \.shell,
      parse: { text throws(InvalidValue) in
        guard let shell = CompletionShell(rawValue: text) else {
          throw InvalidValue(expected: "bash, zsh or fish")
        }
        return shell
      }
    ).suggesting(CompletionShell.allCases.map(\.rawValue))
  ]
  var shell = CompletionShell.bash

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let sink = TextSink(descriptor: STDOUT_FILENO)
    sink.write(shell.script(of: commands.description))
    sink.flush()
    return .success
  }
}
