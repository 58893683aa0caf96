/// Breaks lines at spaces so that none is wider than `width`, as far as its words permit.
///
/// Line ends in the text are kept, and a line that begins with a space is left as it is.
///
/// - Parameters:
///   - margin: the column at which every line stands; all but the first are indented to it.
///   - indent: how much further a continued line is indented.
func wrapped(_ text: String, to width: Int, margin: Int = 0, indent: Int = 0) -> String {
  let space = String(repeating: " ", count: margin)
  let continuation = space + String(repeating: " ", count: indent)
  var lines: [String] = []
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    var current = lines.isEmpty || line.isEmpty ? "" : space
    if line.hasPrefix(" ") {
      lines.append(current + line)
      continue
    }
    var column = margin
    var isLineStart = true
    for word in line.split(separator: " ") {
      if !isLineStart, column + 1 + word.count > width {
        lines.append(current)
        current = continuation
        column = margin + indent
        isLineStart = true
      }
      if !isLineStart {
        current += " "
        column += 1
      }
      current += word
      column += word.count
      isLineStart = false
    }
    lines.append(current)
  }
  return lines.joined(separator: "\n")
}
