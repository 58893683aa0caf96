import LogModel

extension Report {
  /// For people who read it in a terminal or a mail; within 80 columns, but for commands.
  package func writeText(_ sink: TextSink) {
    sink.write("Logbook report\n\(heading.rangeText)\n")
    for line in details + heading.notes {
      sink.write(wrapped(visibleLine(line)).joined(separator: "\n") + "\n")
    }
    for section in [verdict] + sections where !section.isEmpty { section.writeText(sink) }
  }
}

extension ReportHeading {
  var rangeText: String {
    since < until ? "\(minute(since)) – \(minute(until)) UTC" : "no lines"
  }

}

extension Report {
  /// What else says what the report is about.
  var details: [String] {
    var lines: [String] = []
    if let earlier = heading.earlier {
      lines.append(
        "compared with \(minute(earlier.lowerBound)) – \(minute(earlier.upperBound)) UTC")
    }
    if !heading.sources.isEmpty {
      lines.append("sources: " + heading.sources.map(visibleLine).joined(separator: ", "))
    }
    if let condition = heading.condition { lines.append("where: " + visibleLine(condition)) }
    return lines + [contents, makerText].compactMap { $0 }
  }
}

extension ReportFigure {
  /// The value with what it was, and what is to be said of it.
  var changeText: String? {
    guard let earlier else { return nil }
    guard let now = value.magnitude, let before = earlier.magnitude else { return nil }
    if now == before { return "as before" }
    return "before: \(earlier.shown)"
  }

  /// What stands behind the value: what is to be said of it, then what it was.
  var commentText: String? {
    let parts = [remark, changeText].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

extension ReportSection {
  fileprivate func writeText(_ sink: TextSink) {
    let heading = visibleLine(title)
    sink.write("\n\(heading)\n" + String(repeating: "─", count: displayWidth(heading)) + "\n")
    for note in notes {
      sink.write(wrapped(visibleLine(note)).joined(separator: "\n") + "\n")
    }
    let width = figures.map { displayWidth(visibleLine($0.title)) }.max() ?? 0
    let valueWidth = figures.map { displayWidth($0.value.shown) }.max() ?? 0
    for figure in figures {
      var line =
        padded(visibleLine(figure.title), width) + "  "
        + padded(figure.value.shown, valueWidth, atRight: true)
      if let text = figure.commentText.map(visibleLine) {
        let isBeside = textWidth - displayWidth(line) - 2 >= min(24, displayWidth(text))
        let place = isBeside ? displayWidth(line) + 2 : 4
        let indent = "\n" + String(repeating: " ", count: place)
        line +=
          (isBeside ? "  " : indent)
          + wrapped(text, to: textWidth - place).joined(separator: indent)
      }
      sink.write(line + "\n")
    }
    for chart in charts where !chart.isEmpty { chart.writeText(sink) }
    for table in tables where !table.rows.isEmpty { table.writeText(sink) }
    if tables.isEmpty, figures.count == 1, let command = figures[0].command {
      sink.write("\n  \(visibleLine(command))\n")
    }
  }
}

extension ReportChart {
  /// A line for each series.
  fileprivate func writeText(_ sink: TextSink) {
    let shown = series.filter { $0.values.contains { ($0 ?? 0) != 0 } }
    let nameWidth = min(20, shown.map { displayWidth(visibleLine($0.name)) }.max() ?? 0)
    // `  ` before the course, `  ≤ ` and the most behind it, which is wider where neighbours are added up.
    let amounts = shown.map { series in
      form == .stacked ? folded(series.values, by: axis.count).max() ?? 0 : most(series)
    }
    let amountWidth = amounts.map { displayWidth(Quantity.of(unit, $0).shown) }.max() ?? 0
    let room = max(10, min(60, textWidth - nameWidth - amountWidth - 6))
    let step = (axis.count + room - 1) / room
    sink.write("\n\(visibleLine(title)) (each \(axis.widthText(step)))\n")
    for series in shown.reversed() {
      let values = folded(series.values, by: step)
      let most = Quantity.of(unit, values.max() ?? 0).shown
      let name = elided(visibleLine(series.name), to: nameWidth)
      sink.write(padded(name, nameWidth) + "  " + sparkline(values) + "  ≤ \(most)\n")
    }
  }

  private func most(_ series: Series) -> Double { series.values.reduce(0) { max($0, $1 ?? 0) } }

  /// Neighbours together: bars are added up, of lines the highest point counts.
  func folded(_ values: [Double?], by step: Int) -> [Double] {
    stride(from: 0, to: values.count, by: step).map { start in
      let part = values[start..<min(start + step, values.count)].compactMap { $0 }
      return form == .stacked ? part.reduce(0, +) : part.max() ?? 0
    }
  }
}

extension Quantity {
  static func of(_ unit: Unit, _ value: Double) -> Quantity {
    switch unit {
    case .count: value == value.rounded() ? .count(Int64(min(value, 9e15))) : .number(value)
    case .share: .share(value)
    case .bytes: .bytes(Int64(min(value, 9e15)))
    case .milliseconds: .milliseconds(value)
    case .dollars: .dollars(nano: Int64(min(value * 1e9, 9e18)))
    case .number: .number(value)
    }
  }
}

func padded(_ text: String, _ width: Int, atRight: Bool = false) -> String {
  let blanks = String(repeating: " ", count: max(0, width - displayWidth(text)))
  return atRight ? blanks + text : text + blanks
}

/// How many columns text has, but for commands.
let textWidth = 80

/// Words in lines that are no wider, unless a word is; a command that ends the text is one.
func wrapped(_ text: String, to width: Int = textWidth) -> [String] {
  var lines: [String] = []
  var line = ""
  let parts = text.split(separator: " 'logbook ", maxSplits: 1)
  let command = parts.count > 1 ? ["'logbook " + parts[1]] : []
  for word in (parts.first ?? "").split(separator: " ").map(String.init) + command {
    if !line.isEmpty, displayWidth(line) + 1 + displayWidth(word) > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  return lines + [line]
}
