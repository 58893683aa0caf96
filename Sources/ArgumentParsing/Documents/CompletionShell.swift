/// A shell for which a program says what may follow on a command line.
package enum CompletionShell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  /// What the shell is to read, made of the program's tables.
  package func script(of program: CommandDescription) -> String {
    let places = CompletionPlace.all(program)
    return switch self {
    case .bash: BashCompletion(program: program.name, places: places).text
    case .zsh: ZshCompletion(program: program.name, places: places).text
    case .fish: FishCompletion(program: program.name, places: places).text
    }
  }
}
