package import LogModel

/// How a reading command writes its rows.
package enum OutputFormat: String, CaseIterable, Sendable {
  case table, json, ndjson, csv, md
}

/// Writes the rows of one result.
///
/// `begin` comes first and `end` last, also without rows.
package protocol RowRenderer {
  mutating func begin(columns: [String])
  /// - Parameter values: one for each column.
  mutating func row(_ values: [Value])
  mutating func end()
  /// Writes out all that came so far, as somebody who follows wants to see it.
  mutating func flush()
}

/// - Parameter style: for tables; the other formats are the same at a terminal and off it.
package func makeRenderer(
  _ format: OutputFormat, _ sink: TextSink, style: TableStyle = TableStyle()
) -> any RowRenderer {
  switch format {
  case .table: TableRenderer(sink, style: style)
  case .json: JSONRenderer(sink)
  case .ndjson: NDJSONRenderer(sink)
  case .csv: CSVRenderer(sink)
  case .md: MarkdownRenderer(sink)
  }
}
