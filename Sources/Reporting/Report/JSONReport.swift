import LogModel

extension Report {
  /// One JSON object: `report`, then each section by its key, with its figures, tables and charts by
  /// theirs, and `commands` that list the lines of the figures.
  package func writeJSON(_ sink: TextSink) {
    sink.write("{\"report\":")
    writeHeading(sink)
    for section in [verdict] + sections {
      sink.write(",\n")
      sink.writeJSON(section.key)
      sink.write(":")
      section.writeJSON(sink)
    }
    sink.write("}\n")
  }

  private func writeHeading(_ sink: TextSink) {
    var object = JSONObject(sink)
    object.add("since", .text(Instant.text(heading.since)))
    object.add("until", .text(Instant.text(heading.until)))
    if let earlier = heading.earlier {
      object.add("earlier_since", .text(Instant.text(earlier.lowerBound)))
      object.add("earlier_until", .text(Instant.text(earlier.upperBound)))
    }
    object.begin("sources")
    sink.writeJSONArray(heading.sources) { sink.writeJSON($0) }
    object.add("where", heading.condition.map { .text($0) } ?? .null)
    object.begin("notes")
    sink.writeJSONArray(heading.notes) { sink.writeJSON($0) }
    object.add("program", .text(heading.program))
    object.add("schema", .integer(Int64(heading.schemaVersion)))
    object.end()
  }
}

extension ReportSection {
  fileprivate func writeJSON(_ sink: TextSink) {
    var object = JSONObject(sink)
    for figure in figures {
      object.add(figure.key, figure.value.json)
      if let earlier = figure.earlier { object.add(figure.key + "_earlier", earlier.json) }
    }
    for table in tables {
      object.begin(table.key)
      table.writeJSON(sink)
    }
    for chart in charts {
      object.begin(chart.key)
      chart.writeJSON(sink)
    }
    object.begin("notes")
    sink.writeJSONArray(notes) { sink.writeJSON($0) }
    object.begin("commands")
    var commands = JSONObject(sink)
    for figure in figures {
      if let command = figure.command { commands.add(figure.key, .text(command)) }
    }
    for chart in charts {
      if let command = chart.command { commands.add(chart.key, .text(command)) }
    }
    commands.end()
    object.end()
  }
}

extension ReportTable {
  fileprivate func writeJSON(_ sink: TextSink) {
    sink.writeJSONArray(rows) { row in
      var object = JSONObject(sink)
      for (column, value) in zip(columns, row.values) { object.add(column.key, value.json) }
      if let sample = row.sample { object.add("sample", .text(sample)) }
      if let command = row.command { object.add("command", .text(command)) }
      object.end()
    }
  }
}

extension ReportChart {
  /// The intervals once, and each series with its name as a value: names are what logs say, and any two may be equal.
  fileprivate func writeJSON(_ sink: TextSink) {
    var object = JSONObject(sink)
    object.add("unit", .text(unit.rawValue))
    object.add("step_s", .integer(axis.width / 1_000_000))
    object.begin("times")
    sink.writeJSONArray(Array(0..<axis.count)) { sink.writeJSON(Instant.text(axis.time($0))) }
    object.begin("series")
    sink.writeJSONArray(series) { series in
      var object = JSONObject(sink)
      object.add("name", .text(series.name))
      object.begin("values")
      sink.writeJSONArray(series.values) { value in
        sink.write(value.map { Quantity.plain($0) } ?? "null")
      }
      object.end()
    }
    object.end()
  }
}

/// An object on its way to a sink, member by member.
private struct JSONObject {
  private let sink: TextSink
  private var isEmpty = true

  init(_ sink: TextSink) {
    self.sink = sink
    sink.write("{")
  }

  /// What is written next is the member's value.
  mutating func begin(_ key: String) {
    if !isEmpty { sink.write(",") }
    isEmpty = false
    sink.writeJSON(key)
    sink.write(":")
  }

  mutating func add(_ key: String, _ value: Value) {
    begin(key)
    sink.writeJSON(value)
  }

  func end() { sink.write("}") }
}

extension TextSink {
  fileprivate func writeJSONArray<Element>(_ elements: [Element], _ element: (Element) -> Void) {
    write("[")
    for (index, value) in elements.enumerated() {
      if index > 0 { write(",") }
      element(value)
    }
    write("]")
  }
}
