import ArgumentParsing
import LogModel
import Verification

struct Verify: Command {
  static let name = "verify"
  static let abstract = "Prove that every line is stored once and that nothing is damaged."
  static let discussion = """
    Checks the file, every chunk, which bytes each line came from, and everything counted from the \
    lines. Exit status 1: a check failed.
    """
  static let options: [Option<Self>] = [
    .choice("format", help: "How rows are written.", sets: \.result.format)
  ]
  var result = ResultOptions()

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let store = try Workspace(globals).openForReading()
    let checks = try Verifier.run(store)
    var writer = ResultWriter(result)
    writer.begin(["check", "ok", "detail"])
    for check in checks {
      writer.row([.text(check.name), .json(check.isOK ? "true" : "false"), .text(check.detail)])
    }
    try writer.end()
    return checks.allSatisfy(\.isOK) ? .success : .negative
  }
}
