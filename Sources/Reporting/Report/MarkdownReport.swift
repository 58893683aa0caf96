import LogModel

extension Report {
  /// GitHub-flavoured Markdown.
  package func writeMarkdown(_ sink: TextSink) {
    sink.write("# Logbook report\n\n\(heading.rangeText)\n")
    for line in details + heading.notes { sink.write("\n\(markdown(line))\n") }
    for section in [verdict] + sections where !section.isEmpty { section.writeMarkdown(sink) }
  }
}

extension ReportSection {
  fileprivate func writeMarkdown(_ sink: TextSink) {
    sink.write("\n## \(markdown(title))\n")
    for note in notes { sink.write("\n\(markdown(note))\n") }
    if !figures.isEmpty { sink.write("\n") }
    for figure in figures {
      let comment = figure.commentText.map { " · " + markdown($0) } ?? ""
      sink.write(
        "- \(markdown(figure.title)): **\(markdown(figure.value.shown))**\(comment)\n")
    }
    for chart in charts where !chart.isEmpty { chart.writeMarkdown(sink) }
    for table in tables where !table.rows.isEmpty { table.writeMarkdown(sink) }
  }
}

extension ReportTable {
  /// Longer texts are cut.
  private static let longest = 160

  fileprivate func writeMarkdown(_ sink: TextSink) {
    sink.write("\n### \(markdown(title))\n\n")
    let shown = shownColumns
    func write(_ cells: [String]) { sink.write("| " + cells.joined(separator: " | ") + " |\n") }
    write(shown.map { markdown(columns[$0].title) })
    write(shown.map { columns[$0].role == .number ? "---:" : "---" })
    for row in rows {
      write(
        shown.map { index in
          let place = columns[index].role == .code ? Elision.end : .middle
          return markdown(elided(row.values[index].shown, to: Self.longest, at: place))
        })
    }
    if let note { sink.write("\n\(markdown(note))\n") }
    if let command { sink.write("\n    \(visibleLine(command))\n") }
  }
}

extension ReportChart {
  private static let width = 60

  fileprivate func writeMarkdown(_ sink: TextSink) {
    let step = (axis.count + Self.width - 1) / Self.width
    sink.write(
      "\n### \(markdown(title))\n\nEach \(axis.widthText(step)).\n\n")
    sink.write("| | course | at most |\n| --- | --- | ---: |\n")
    for series in series.reversed() where series.values.contains(where: { ($0 ?? 0) != 0 }) {
      let values = folded(series.values, by: step)
      let most = Quantity.of(unit, values.max() ?? 0).shown
      let course = sparkline(values)
      sink.write("| \(markdown(series.name)) | `\(course)` | \(markdown(most)) |\n")
    }
  }
}

private func markdown(_ text: String) -> String { markdownEscaped(text) }
