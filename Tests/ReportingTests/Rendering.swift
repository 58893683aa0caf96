import LogModel
import Reporting

/// What a renderer writes for one result.
func rendered(
  _ format: OutputFormat, _ columns: [String], _ rows: [[Value]], style: TableStyle = TableStyle()
) -> String {
  let sink = TextSink()
  var renderer = makeRenderer(format, sink, style: style)
  renderer.begin(columns: columns)
  for row in rows { renderer.row(row) }
  renderer.end()
  return sink.text
}

let sampleColumns = ["id", "level", "message", "cost"]
let sampleRows: [[Value]] = [
  [.integer(7), .text("warn"), .text("disk, \"sda\" | 91 %"), .real(0.5)],
  [.integer(12345), .null, .text("first\nsecond"), .null],
  [.integer(-1), .text(""), .json(#"{"a":[1,2]}"#), .real(1234.25)],
]
