import Ingestion
import LogModel
import Redaction
import Reporting
import SQLite
import Storage

/// What a program gives to be stored: values of metrics, and events, which become lines.
struct Emission {
  var samples: [GaugeSample] = []
  var events: [Event] = []

  struct Event {
    /// The source's name.
    var source: String
    /// A JSON object.
    var text: String
  }

  /// Stores it, whatever else runs.
  ///
  /// Events are put down at once. They become lines here where no other run is going on, and with the
  /// next run otherwise.
  func write(_ workspace: Workspace, now: Int64) throws {
    let lines = try redacted(workspace)
    try Store.write(path: workspace.databasePath, mode: workspace.mode, now: now) {
      store, isAlone in
      try check(store.db)
      try store.write { db throws(SQLiteError) in
        if !samples.isEmpty { try GaugeTable().add(samples, in: db) }
        for line in lines {
          try EmittedTable().insert(
            line.event.text, source: line.event.source, isMarked: line.isMarked, in: db)
        }
      }
      if isAlone, !events.isEmpty { try workspace.takeWaiting(store, now: now) }
    }
  }

  /// The events as they may be stored, and whether something in them was replaced.
  private func redacted(_ workspace: Workspace) throws -> [(event: Event, isMarked: Bool)] {
    guard !events.isEmpty else { return [] }
    let redactors = try workspace.redactors()
    return events.map { event in
      let redactor = redactors.choice(event.source, standardInput)
      guard let stored = redactor?.replacement(for: Array(event.text.utf8).span, body: 0) else {
        return (event, false)
      }
      return (Event(source: event.source, text: String(decoding: stored.text, as: UTF8.self)), true)
    }
  }

  /// A name must not mean two things.
  private func check(_ db: borrowing Connection) throws {
    for sample in samples {
      guard StandardMetric(name: sample.metric) == nil else {
        throw Failure(
          "the metric '\(sample.metric)' is counted without a rule", hint: "take another name",
          status: .usage)
      }
      let rule = try db.integer("SELECT 1 FROM metric_rule WHERE name = ?", sample.metric)
      guard rule == nil else {
        throw Failure(
          "the metric '\(sample.metric)' is what a rule counts",
          hint: "take another name; see 'logbook metrics list'", status: .usage)
      }
    }
    for event in events {
      let format = try SourceTable().row(name: event.source, in: db)?.format
      guard format == nil || format == EmittedLines.format else {
        throw Failure(
          "the source '\(event.source)' has lines of another format: \(format ?? "")",
          hint: "take another --source", status: .usage)
      }
    }
  }
}

extension Emission.Event {
  /// An event as a line of JSON; the names of fields are not `time`, `level` or `message`.
  init(
    _ message: String, at time: Int64, level: Severity, source: String,
    fields: [(name: String, value: Value)]
  ) {
    let sink = TextSink()
    sink.write("{\"time\":\"\(Instant.text(time))\",\"level\":\"\(level.name)\",\"message\":")
    sink.writeJSON(message)
    for (name, value) in fields {
      sink.write(",")
      sink.writeJSON(name)
      sink.write(":")
      sink.writeJSON(value)
    }
    sink.write("}")
    self.init(source: source, text: sink.text)
  }
}
