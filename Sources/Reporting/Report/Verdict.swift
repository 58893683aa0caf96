extension Report {
  private static let mostChanges = 3

  /// What a reader wants first: the main figures, highlights, and what has changed most.
  ///
  /// It is made of the sections, and has nothing that they do not have.
  package var verdict: ReportSection {
    ReportSection(
      "verdict", "In short", figures: sections.flatMap { $0.figures.filter(\.isMain) },
      tables: (sections.map(\.highlights) + [biggestChanges]).compactMap { $0 })
  }

  private var biggestChanges: ReportTable? {
    let changes = sections.flatMap { $0.changes.prefix(Self.mostChanges) }
    guard !changes.isEmpty else { return nil }
    return ReportTable(
      "changes", "Biggest changes",
      columns: [
        .init("kind", "of", .text), .init("value", "now", .number),
        .init("earlier", "before", .number), .init("change", "change", .number),
        .init("subject", "what", .code),
      ],
      rows: changes.map { change in
        .init(
          [.text(change.kind), change.value, change.earlier, change.change, .text(change.subject)],
          command: change.command)
      })
  }

  /// What it is made of, in a sentence: lines, sources, and what of all files was read, rejected and understood.
  var contents: String? {
    guard let volume = sections.first(where: { $0.key == "volume" }),
      let lines = figure("lines")?.value, lines.magnitude ?? 0 > 0,
      let sources = volume.tables.first(where: { $0.key == "sources" })?.rows
    else { return nil }
    let names = sources.prefix(3).map { $0.values[0].shown }.joined(separator: ", ")
    let rest = Int64(figure("source_count")?.value.magnitude ?? 0) - min(3, Int64(sources.count))
    let read = [("bytes", ""), ("rejects", " rejects"), ("parsed_share", " parsed")].compactMap {
      key, word in figure(key).map { $0.value.shown + word }
    }
    return (lines == .count(1) ? "1 line" : "\(lines.shown) lines") + " of \(names)"
      + (rest > 0 ? " and \(grouped(rest)) more" : "")
      + (read.isEmpty ? "" : "; of the files in all: " + read.joined(separator: ", "))
  }

  var makerText: String { "\(heading.program), schema \(heading.schemaVersion)" }
}
