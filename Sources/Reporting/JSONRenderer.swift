import LogModel

/// An array with one object a line; `[]` without rows.
struct JSONRenderer: RowRenderer {
  private let sink: TextSink
  private var keys: [String] = []
  private var hasRows = false

  init(_ sink: TextSink) { self.sink = sink }

  mutating func begin(columns: [String]) { keys = jsonKeys(columns) }

  mutating func row(_ values: [Value]) {
    sink.write(hasRows ? ",\n" : "[")
    hasRows = true
    sink.writeJSONObject(keys: keys, values)
  }

  mutating func end() { sink.write(hasRows ? "]\n" : "[]\n") }

  mutating func flush() { sink.flush() }
}

/// One object a line, and nothing without rows.
struct NDJSONRenderer: RowRenderer {
  private let sink: TextSink
  private var keys: [String] = []

  init(_ sink: TextSink) { self.sink = sink }

  mutating func begin(columns: [String]) { keys = jsonKeys(columns) }

  mutating func row(_ values: [Value]) {
    sink.writeJSONObject(keys: keys, values)
    sink.write(0x0A)
  }

  mutating func end() {}

  mutating func flush() { sink.flush() }
}
