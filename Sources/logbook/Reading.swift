import ArgumentParsing
import Formats
import Glibc
import LogAccess
import LogModel
import Querying
import Reporting
import SQLite

/// Puts the native `log` table in the view's place, and then forbids everything but reading.
func prepareForReading(_ db: borrowing Connection) throws {
  try registerLogFunctions(on: db)
  try installLog(on: db, now: currentTime())
  db.setInterruptHandle(Interruption.handle)
  db.permitReadingOnly()
}

extension ReadingCommand {
  func show(_ sql: String) throws -> ExitStatus {
    let sink = TextSink(descriptor: STDOUT_FILENO)
    sink.write(sql + ";\n")
    sink.flush()
    return .success
  }
}

/// Reads times as people type them, in the zone that output is shown in, or in the machine's.
struct Times {
  let zone: Zone
  let now: Int64

  /// - Parameter now: from where lengths of time count back.
  init(zone: Zone?, now: Int64 = currentTime()) {
    self.zone = zone ?? .local
    self.now = now
  }

  func parse(_ text: String) throws(TimeError) -> Int64 {
    try TimeExpression.parse(text, now: now) { instant in
      Int(zone.offset(at: instant.quotientAndRemainder(dividingBy: 1_000_000).quotient))
    }
  }
}

var severityNames: [String] { Severity.allCases.map(\.name) }

@Sendable func parseSeverity(_ text: String) throws(InvalidValue) -> Severity {
  guard let severity = Severity(name: text) else {
    throw InvalidValue(expected: "one of trace, debug, info, warn, error, fatal")
  }
  return severity
}

@Sendable func parseFormat(_ text: String) throws(InvalidValue) -> String {
  guard Formats.format(named: text) != nil else {
    throw InvalidValue(expected: "a format: \(Formats.names.joined(separator: ", "))")
  }
  return text
}

@Sendable func parseInterval(_ text: String) throws(InvalidValue) -> Interval {
  do throws(TimeError) { return try Interval.parse(text) } catch {
    throw InvalidValue(expected: "an interval such as 30s, 5m, 1h or 1d")
  }
}
