import LogModel

/// A pipe table of GitHub-flavoured Markdown; a column is aligned by the first row's value.
struct MarkdownRenderer: RowRenderer {
  private let sink: TextSink
  /// Held back until the first row tells the alignment.
  private var header: [String]?

  init(_ sink: TextSink) { self.sink = sink }

  mutating func begin(columns: [String]) { header = columns }

  mutating func row(_ values: [Value]) {
    writeHeader(values)
    writeLine(values.map(cell))
  }

  mutating func end() { writeHeader([]) }

  mutating func flush() { sink.flush() }

  private mutating func writeHeader(_ values: [Value]) {
    guard let columns = header else { return }
    header = nil
    writeLine(columns.map(markdownEscaped))
    writeLine(
      columns.indices.map { values.indices.contains($0) && values[$0].isNumber ? "---:" : "---" })
  }

  private func writeLine(_ cells: [String]) {
    sink.write("| " + cells.joined(separator: " | ") + " |\n")
  }

  private func cell(_ value: Value) -> String {
    switch value {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): number.description
    case .text(let text), .json(let text): markdownEscaped(text)
    case .blob(let bytes): sqlBlob(bytes)
    }
  }
}

/// Text that Markdown shows as it is: no emphasis, code, link, HTML or cell border comes from it.
func markdownEscaped(_ text: String) -> String {
  var result = ""
  var before: Unicode.Scalar = " "
  let scalars = Array(text.unicodeScalars)
  for (index, scalar) in scalars.enumerated() {
    let after = index + 1 < scalars.count ? scalars[index + 1] : " "
    switch scalar {
    case "\n": result += "<br>"
    case "\r" where after == "\n": break
    case "<": result += "&lt;"
    case "&": result += "&amp;"
    case "\\", "|", "`", "*", "~", "[": result += "\\\(scalar)"
    case "_" where !(before.properties.isAlphabetic && after.properties.isAlphabetic):
      result += "\\_"
    default: result += visible(scalar) ?? String(scalar)
    }
    before = scalar
  }
  return result
}
