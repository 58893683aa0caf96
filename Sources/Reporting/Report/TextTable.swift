extension ReportTable {
  /// Columns of words are never narrower.
  private static let narrowest = 12
  /// A column that has less room, and needs more, gets lines of its own.
  private static let leastRoom = 32

  func writeText(_ sink: TextSink) {
    sink.write("\n\(visibleLine(title))\n")
    let layout = Layout(self)
    func write(_ texts: (Int) -> String) {
      var line = ""
      for (column, width) in zip(layout.columns, layout.widths) {
        if column != layout.columns.first { line += "  " }
        let role = columns[column].role
        let fitting = elided(texts(column), to: width, at: role == .code ? .end : .middle)
        line += padded(fitting, width, atRight: role == .number)
      }
      while line.last == " " { line.removeLast() }
      sink.write(line + "\n")
      if let below = layout.below.map(texts), !below.isEmpty {
        sink.write("  " + elided(below, to: textWidth - 2, at: .end) + "\n")
      }
    }
    write { visibleLine(columns[$0].title) }
    for row in rows { write { row.values[$0].shown } }
    if let note { sink.write(wrapped(visibleLine(note)).joined(separator: "\n") + "\n") }
    if let command { sink.write("  \(visibleLine(command))\n") }
  }

  /// Which columns stand beside each other, how wide, and which one stands below them.
  private struct Layout {
    var columns: [Int]
    var widths: [Int]
    var below: Int?

    init(_ table: ReportTable) {
      let shown = table.shownColumns.filter { !table.columns[$0].isMinor }
      self.init(table, shown)
      guard let code = shown.first(where: { table.columns[$0].role == .code }),
        let place = columns.firstIndex(of: code), widths[place] < leastRoom,
        widths[place] < table.naturalWidth(code)
      else { return }
      self.init(table, shown.filter { $0 != code })
      below = code
    }

    /// Words give way first, then columns are left out, identifiers before numbers from the right.
    private init(_ table: ReportTable, _ shown: [Int]) {
      columns = shown
      while true {
        widths = columns.map(table.naturalWidth)
        while true {
          let excess = widths.reduce(0, +) + 2 * (widths.count - 1) - textWidth
          guard excess > 0 else { return }
          let widest = widths.indices.filter {
            table.columns[columns[$0]].role != .number && widths[$0] > narrowest
          }.max { widths[$0] < widths[$1] }
          guard let widest else { break }
          widths[widest] = max(narrowest, widths[widest] - excess)
        }
        let spare =
          columns.lastIndex { table.columns[$0].role == .identifier }
          ?? columns.lastIndex { table.columns[$0].role == .number }
        guard let spare, columns.count > 2 else { return }
        columns.remove(at: spare)
      }
    }
  }

  private func naturalWidth(_ column: Int) -> Int {
    rows.reduce(displayWidth(visibleLine(columns[column].title))) {
      max($0, displayWidth($1.values[column].shown))
    }
  }
}
