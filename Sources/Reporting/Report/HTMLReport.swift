import LogModel

extension Report {
  /// One page that asks for nothing else: no script, no font, no picture from elsewhere.
  package func writeHTML(_ sink: TextSink) {
    sink.write(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <link rel="icon" href="data:,">
      <title>Logbook report \(html(heading.rangeText))</title>
      <style>\(reportStyle)</style>
      </head>
      <body>
      <header>
      <h1>Logbook report</h1>
      <p class="range">\(html(heading.rangeText))</p>

      """)
    for line in details { sink.write("<p class=\"detail\">\(html(line))</p>\n") }
    for note in heading.notes { sink.write("<p class=\"note\">\(html(note))</p>\n") }
    sink.write("</header>\n")
    writeVerdict(sink)
    if sections.count > 2 {
      let links = sections.map { "<a href=\"#\(html($0.key))\">\(html($0.title))</a>" }
      sink.write("<nav>\(links.joined(separator: " "))</nav>\n")
    }
    sink.write("<main>\n")
    for section in sections { section.writeHTML(sink) }
    sink.write(
      """
      </main>
      <footer>
      <p>Times are UTC. What is marked <span class="mark">$</span> unfolds to the command that lists its lines; it asks the database that \
      the report was made of, so give it the same <code>--db</code>.</p>
      </footer>
      </body>
      </html>

      """)
  }

  private func writeVerdict(_ sink: TextSink) {
    let verdict = verdict
    guard !verdict.isEmpty else { return }
    sink.write("<section id=\"\(html(verdict.key))\">\n<dl class=\"tiles\">\n")
    for figure in verdict.figures { figure.writeHTML(sink, "tile") }
    sink.write("</dl>\n")
    for table in verdict.tables { table.writeHTML(sink) }
    sink.write("</section>\n")
  }
}

extension ReportFigure {
  fileprivate func writeHTML(_ sink: TextSink, _ style: String) {
    let isAlarming = meaning == .bad && (value.magnitude ?? 0) > 0
    let shown =
      "<span class=\"value\(value.shown.count > 8 ? " long" : "")\">\(html(value.shown))</span>"
    sink.write(
      "<div class=\"\(style)\(isAlarming ? " bad" : "")\"><dt>\(html(title))</dt><dd>")
    sink.write(folding(shown, command))
    if let commentText { sink.write("<span class=\"remark\">\(html(commentText))</span>") }
    sink.write("</dd></div>\n")
  }
}

extension ReportSection {
  fileprivate func writeHTML(_ sink: TextSink) {
    sink.write("<section id=\"\(html(key))\">\n<h2>\(html(title))</h2>\n")
    for note in notes { sink.write("<p class=\"note\">\(html(note))</p>\n") }
    if !figures.isEmpty {
      sink.write("<dl class=\"figures\">\n")
      for figure in figures { figure.writeHTML(sink, "figure") }
      sink.write("</dl>\n")
    }
    let drawn = charts.filter { !$0.isEmpty }
    if !drawn.isEmpty {
      sink.write("<div class=\"charts\">\n")
      for chart in drawn { chart.writeHTML(sink) }
      sink.write("</div>\n")
    }
    for table in tables where !table.rows.isEmpty { table.writeHTML(sink) }
    sink.write("</section>\n")
  }
}

extension ReportTable {
  /// Longer texts are cut.
  private static let longest = 600

  fileprivate func writeHTML(_ sink: TextSink) {
    let shown = shownColumns
    let host =
      shown.first { columns[$0].role == .code } ?? shown.first { columns[$0].role == .text }
      ?? shown.first
    sink.write(
      "<h3>\(html(title))</h3>\n<div class=\"scroll\"><table\(shown.contains { columns[$0].role == .code } ? " class=\"wide\"" : "")>\n<thead><tr>"
    )
    for index in shown {
      sink.write("<th scope=\"col\"\(style(index))>\(html(columns[index].title))</th>")
    }
    sink.write("</tr></thead>\n<tbody>\n")
    for row in rows {
      sink.write("<tr>")
      for index in shown {
        let content = cell(row.values[index], columns[index].role)
        let shown = index == host ? folding(content, row.command, row.sample) : content
        sink.write("<td\(style(index))>\(shown)</td>")
      }
      sink.write("</tr>\n")
    }
    sink.write("</tbody>\n</table></div>\n")
    if let note { sink.write("<p class=\"note\">\(html(note))</p>\n") }
  }

  private func style(_ column: Int) -> String {
    let names = [
      roleStyle(columns[column].role), columns[column].isMinor ? "minor" : nil,
      columns[column].key.hasPrefix("earlier") ? "was" : nil,
    ].compactMap { $0 }
    return names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
  }

  private func roleStyle(_ role: Column.Role) -> String? {
    switch role {
    case .number: "n"
    case .code: "c"
    case .identifier: "i"
    case .text, .word, .data: nil
    }
  }

  private func cell(_ value: Quantity, _ role: Column.Role) -> String {
    switch value {
    case .none: return ""
    case .course(let values): return sparkSVG(values)
    case .share(let share):
      let width = decimals(max(0, min(1, share)) * 100, 1)
      return
        "<svg class=\"share\" aria-hidden=\"true\"><rect class=\"back\" width=\"100%\" height=\"6\"/><rect width=\"\(width)%\" height=\"6\"/></svg>\(html(value.shown))"
    default:
      let text = html(elided(value.shown, to: Self.longest, at: .end))
      switch role {
      case .code: return "<code>\(text)</code>"
      case .word: return "<span class=\"\(wordStyle(value.shown))\">\(text)</span>"
      case .number, .text, .identifier, .data: return text
      }
    }
  }
}

/// Words that have a colour of their own; of others none.
private func wordStyle(_ word: String) -> String {
  switch word {
  case "fatal", "error", "warn", "info", "debug", "trace": "word l-\(word)"
  case "regressed", "escalating", "gone", "drop": "word l-error"
  case "new", "new-pattern", "spike", "error-rate": "word l-warn"
  default: "word"
  }
}

/// `content`, which unfolds to a command, and to one of the lines that this lists.
private func folding(_ content: String, _ command: String?, _ sample: String? = nil) -> String {
  guard let command else { return content }
  let line = sample.map { "<code class=\"sample\">\(html($0))</code>" } ?? ""
  return
    "<details><summary>\(content)</summary>\(line)<code class=\"command\">\(html(command))</code></details>"
}

/// Text as HTML shows it: no tag, attribute or entity comes from it, nothing invisible stays in it.
func html(_ text: String) -> String {
  var result = ""
  for scalar in visibleLine(text).unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
