import LogModel

/// RFC 4180 with LF as line end and always a header.
///
/// NULL is an empty field, empty text is `""`; a blob is base64.
struct CSVRenderer: RowRenderer {
  private let sink: TextSink

  init(_ sink: TextSink) { self.sink = sink }

  mutating func begin(columns: [String]) { row(columns.map(Value.text)) }

  mutating func row(_ values: [Value]) {
    for (index, value) in values.enumerated() {
      if index > 0 { sink.write(0x2C) }
      writeField(value, isAlone: values.count == 1)
    }
    sink.write(0x0A)
  }

  mutating func end() {}

  mutating func flush() { sink.flush() }

  /// Readers skip an empty line, so a NULL that is alone in its row is quoted, too.
  private func writeField(_ value: Value, isAlone: Bool) {
    switch value {
    case .null: if isAlone { sink.write("\"\"") }
    case .integer(let number): sink.write(String(number))
    case .real(let number): sink.write(number.description)
    case .text(let text), .json(let text): writeField(text)
    case .blob(let bytes): sink.write(base64(bytes))
    }
  }

  private func writeField(_ text: String) {
    let needsQuotes =
      text.isEmpty
      || text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else { return sink.write(text) }
    sink.write(0x22)
    for byte in text.utf8 {
      if byte == 0x22 { sink.write(0x22) }
      sink.write(byte)
    }
    sink.write(0x22)
  }
}
