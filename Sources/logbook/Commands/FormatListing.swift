import ArgumentParsing
import Formats
import LogModel

struct FormatListing: Command {
  static let name = "formats"
  static let abstract = "List the formats that are understood."
  static let options: [Option<Self>] = [
    .choice("format", help: "How rows are written.", sets: \.result.format)
  ]
  var result = ResultOptions()

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    var writer = ResultWriter(result)
    writer.begin(["format", "aliases", "summary"])
    for format in Formats.all {
      writer.row([
        .text(format.name), .text(format.aliases.joined(separator: ", ")), .text(format.summary),
      ])
    }
    try writer.end()
    return .success
  }
}
