import LogModel
import Querying
import Reporting
import SQLite

/// What was read of the files, whatever the range: bytes, and what could not be taken as it was.
func qualitySection(
  _ scope: ReportScope, _ db: borrowing Connection
) throws -> ReportSection? {
  var names: Set<String> = []
  var name = try db.prepare(SearchQuery.sourceNamesSQL(scope.lines.sources))
  while try name.step() { names.insert(name.text(0)) }
  var rows: [ReportTable.Row] = []
  var (lines, unparsed, bytes, rejects, lost): (Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0)
  var row = try db.prepare(qualitySQL)
  while try row.step() {
    guard names.contains(row.text(0)) else { continue }
    lines += row.integer(2)
    unparsed += row.integer(11)
    bytes += row.integer(3)
    rejects += row.integer(5)
    lost += row.integer(6)
    rows.append(
      .init(
        [
          .text(row.text(0)), row.optionalText(1).map { .text($0) } ?? .none,
          .count(row.integer(2)), .bytes(row.integer(3)),
          row.optionalReal(4).map { .share($0) } ?? .none, .count(row.integer(5)),
          .bytes(row.integer(6)), .bytes(row.integer(7)), .bytes(row.integer(8)),
          .count(row.integer(9)), .count(row.integer(10)),
        ],
        command:
          "logbook sql \(shellWord("SELECT * FROM files WHERE source = '\(sqlText(row.text(0)))'"))"
      ))
  }
  guard !rows.isEmpty else { return nil }
  let ofSources =
    scope.lines.sources.isEmpty
    ? nil
    : "source IN (\(names.sorted().map { "'\(sqlText($0))'" }.joined(separator: ", ")))"
  func rowsOf(_ view: String, _ condition: String? = nil) -> String {
    let conditions = [condition, ofSources].compactMap { $0 }.joined(separator: " AND ")
    let text = "SELECT * FROM \(view)" + (conditions.isEmpty ? "" : " WHERE \(conditions)")
    return "logbook sql " + shellWord(text)
  }
  var section = ReportSection(
    "quality", "What was read", notes: ["Of the files in all, not only of this time."])
  section.figures = [
    ReportFigure("bytes", "Bytes", .bytes(bytes), command: rowsOf("files")),
    ReportFigure(
      "parsed_share", "Lines of the form of their format",
      .share(lines == 0 ? 1 : 1 - Double(unparsed) / Double(lines)),
      command: rowsOf("files", "unparsed > 0")),
    ReportFigure(
      "rejects", "Records that could not be taken as they are", .count(rejects), meaning: .bad,
      isMain: rejects > 0, command: rowsOf("rejects")),
    ReportFigure(
      "lost_bytes", "Bytes gone before they were read", .bytes(lost), meaning: .bad,
      isMain: lost > 0, command: rowsOf("files", "lost_bytes > 0")),
  ]
  section.tables = [
    ReportTable(
      "files", "By source",
      columns: [
        .init("source", "source", .text), .init("format", "format", .text),
        .init("lines", "lines", .number), .init("bytes", "bytes", .number),
        .init("parsed", "parsed", .number), .init("rejects", "rejects", .number),
        .init("lost_bytes", "lost", .number),
        .init("hole_bytes", "holes", .number, isMinor: true),
        .init("cut_bytes", "cut", .number, isMinor: true),
        .init("sanitized", "no text", .number, isMinor: true),
        .init("copies", "copies", .number, isMinor: true),
      ], rows: rows, command: "logbook status --files"),
    try rejectTable(names, rowsOf("rejects"), db),
  ]
  return section
}

private let qualitySQL = """
  SELECT s.name, s.format, coalesce(sum(f.lines), 0), coalesce(sum(f.bytes_stored + f.bytes_skipped + f.open_bytes), 0),
    1.0 - 1.0 * sum(f.unparsed) / nullif(sum(f.lines), 0), coalesce(sum(f.rejects), 0),
    coalesce(sum(f.lost_bytes), 0), coalesce(sum(f.bytes_skipped - f.bytes_cut), 0), coalesce(sum(f.bytes_cut), 0),
    coalesce(sum(f.sanitized), 0), coalesce(sum(f.state = 'copy'), 0), coalesce(sum(f.unparsed), 0)
  FROM source s LEFT JOIN file f ON f.source = s.id GROUP BY s.id ORDER BY s.name
  """

private func rejectTable(
  _ names: Set<String>, _ command: String, _ db: borrowing Connection
) throws -> ReportTable {
  let limit = 20
  var rows: [ReportTable.Row] = []
  var row = try db.prepare(
    "SELECT source, reason, count(*) FROM rejects GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2")
  while try row.step() {
    guard names.contains(row.text(0)) else { continue }
    let condition = "source = '\(sqlText(row.text(0)))' AND reason = '\(sqlText(row.text(1)))'"
    rows.append(
      .init(
        [.text(row.text(0)), .text(row.text(1)), .count(row.integer(2))],
        command: "logbook sql \(shellWord("SELECT * FROM rejects WHERE \(condition)"))"))
  }
  return ReportTable(
    "reject_reasons", "Rejects",
    columns: [
      .init("source", "source", .text), .init("reason", "reason", .text),
      .init("count", "records", .number),
    ], rows: Array(rows.prefix(limit)), command: command,
    note: rows.count > limit ? "And \(rows.count - limit) more." : nil)
}

/// For between the quotes of a literal.
func sqlText(_ text: String) -> String {
  text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
}
