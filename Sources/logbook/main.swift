import ArgumentParsing
import Glibc
import Reporting

// Writing to a closed pipe is the end of the work, not an error.
signal(SIGPIPE, SIG_IGN)

exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)

private func run(_ words: [String]) -> ExitStatus {
  do {
    switch try commands.parse(words) {
    case .run(let action, let globals): return try action(globals)
    case .help(let text):
      printLine(text)
      return words.isEmpty ? .usage : .success
    case .version(let text):
      printLine("logbook \(text)")
      return .success
    }
  } catch let error {
    let failure = Failure(error)
    StandardError.write(failure)
    return failure.status
  }
}

private func printLine(_ text: String) {
  let output = TextSink(descriptor: STDOUT_FILENO)
  output.write(text + "\n")
  output.flush()
}
