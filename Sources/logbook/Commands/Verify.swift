import ArgumentParsing
import Configuration
import LogModel
import Tailing
import Verification

struct Verify: Command {
  static let name = "verify"
  static let abstract = "Prove that every line is stored once and that nothing is damaged."
  static let discussion = """
    Checks the file, every chunk, which bytes each line came from, and everything counted from the \
    lines. Exit status 1: a check failed.

    --deep reads the log files again that are still there, and compares them with the stored lines; it     names the file, the byte and the line's id. Files that are gone or were rewritten are counted.
    """
  static let options: [Option<Self>] = [
    .flag("deep", help: "Compare the log files, too.", sets: \.isDeep),
    .choice("format", help: "How rows are written.", sets: \.result.format),
  ]
  var result = ResultOptions()
  var isDeep = false

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    let workspace = try Workspace(globals)
    let store = try workspace.openForReading()
    let checks = try Verifier.run(store, comparingFiles: isDeep ? encodings(workspace) : nil)
    var writer = ResultWriter(result)
    writer.begin(["check", "ok", "detail"])
    for check in checks {
      writer.row([.text(check.name), .json(check.isOK ? "true" : "false"), .text(check.detail)])
    }
    try writer.end()
    return checks.allSatisfy(\.isOK) ? .success : .negative
  }

  /// How the configuration says that a source's files are read.
  private func encodings(_ workspace: Workspace) -> (String) -> TextEncoding {
    let sources = workspace.configuration?.sources ?? []
    return { name in
      sources.first { ExactText($0.name) == ExactText(name) }.map { TextEncoding($0.encoding) }
        ?? .auto
    }
  }
}
