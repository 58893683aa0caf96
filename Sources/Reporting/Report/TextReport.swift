import LogModel

extension Report {
  /// For people who read it in a terminal or a mail; within 80 columns, but for commands.
  package func writeText(_ sink: TextSink) {
    sink.write("Logbook report\n\(heading.rangeText)\n")
    for line in heading.details + heading.notes {
      sink.write(wrapped(visibleLine(line)).joined(separator: "\n") + "\n")
    }
    for section in sections { section.writeText(sink) }
  }
}

extension ReportHeading {
  var rangeText: String {
    since < until ? "\(minute(since)) – \(minute(until)) UTC" : "no lines"
  }

  /// What else says what the report is about.
  var details: [String] {
    var lines: [String] = []
    if let earlier {
      lines.append(
        "compared with \(minute(earlier.lowerBound)) – \(minute(earlier.upperBound)) UTC")
    }
    if !sources.isEmpty {
      lines.append("sources: " + sources.map(visibleLine).joined(separator: ", "))
    }
    if let condition { lines.append("where: " + visibleLine(condition)) }
    return lines
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
      let rest = [figure.changeText, figure.remark.map(visibleLine)].compactMap { $0 }
      if !rest.isEmpty {
        let text = rest.joined(separator: ", ")
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
    let commands = figures.compactMap(\.command)
    if tables.isEmpty, let command = commands.first { sink.write("\n  \(visibleLine(command))\n") }
  }
}

extension ReportTable {
  private static let narrowest = 12

  fileprivate func writeText(_ sink: TextSink) {
    sink.write("\n\(visibleLine(title))\n")
    let (shown, widths) = layout
    func line(_ texts: [String]) -> String {
      var line = ""
      for (place, text) in texts.enumerated() {
        if place > 0 { line += "  " }
        let role = columns[shown[place]].role
        let fitting = elided(text, to: widths[place], at: role == .code ? .end : .middle)
        line += padded(fitting, widths[place], atRight: role == .number)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    sink.write(line(shown.map { visibleLine(columns[$0].title) }))
    for row in rows { sink.write(line(shown.map { row.values[$0].shown })) }
    if let note { sink.write(wrapped(visibleLine(note)).joined(separator: "\n") + "\n") }
    if let command { sink.write("  \(visibleLine(command))\n") }
  }

  /// The columns that are shown, and how wide: texts give way first, then columns are left out, identifiers before
  /// numbers from the right.
  private var layout: (shown: [Int], widths: [Int]) {
    var shown = columns.indices.filter { index in
      !columns[index].isMinor && rows.contains { !$0.values[index].isNone }
    }
    while true {
      var widths = shown.map { index in
        rows.reduce(displayWidth(visibleLine(columns[index].title))) {
          max($0, displayWidth($1.values[index].shown))
        }
      }
      while true {
        let excess = widths.reduce(0, +) + 2 * (widths.count - 1) - textWidth
        guard excess > 0 else { return (shown, widths) }
        let widest = widths.indices.filter {
          columns[shown[$0]].role != .number && widths[$0] > Self.narrowest
        }.max { widths[$0] < widths[$1] }
        guard let widest else { break }
        widths[widest] = max(Self.narrowest, widths[widest] - excess)
      }
      let spare =
        shown.lastIndex { columns[$0].role == .identifier }
        ?? shown.lastIndex { columns[$0].role == .number }
      guard let spare, shown.count > 2 else { return (shown, widths) }
      shown.remove(at: spare)
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
private let textWidth = 80

/// Words in lines that are no wider, unless a word is; a command that ends the text is one.
private func wrapped(_ text: String, to width: Int = textWidth) -> [String] {
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
