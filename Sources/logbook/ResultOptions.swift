import ArgumentParsing
import Formats
import Glibc
import LogModel
import Querying
import Reporting
import SQLite

/// What every reading command takes: how its rows are shown, and whether as SQL.
struct ResultOptions: Sendable {
  var format = OutputFormat.table
  var showsSQL = false
  /// Nil: times stay in UTC.
  var zone: Zone?
}

protocol ReadingCommand: Command {
  var result: ResultOptions { get set }
}

extension ReadingCommand {
  static var resultOptions: [Option<Self>] {
    [.choice("format", help: "How rows are written.", sets: \.result.format)] + zoneOptions
  }

  /// The same for a command that has formats of its own.
  static var zoneOptions: [Option<Self>] {
    [
      .value(
        "tz", nil, "ZONE", help: "Show times in this zone, such as Europe/Berlin or local.",
        sets: \.result.zone,
        parse: { text throws(InvalidValue) in
          guard let zone = Zone(name: text) else {
            throw InvalidValue(expected: "a time zone such as Europe/Berlin, UTC or local")
          }
          return zone
        }),
      .flag("show-sql", help: "Print the SQL instead of running it.", sets: \.result.showsSQL),
    ]
  }
}

/// Rows on their way to standard output.
struct ResultWriter {
  private let sink = TextSink(descriptor: STDOUT_FILENO)
  private var renderer: any RowRenderer
  private let zone: Zone?
  private(set) var rows = 0
  /// Nil unless a table is shown to a person.
  let terminalWidth: Int?

  /// - Parameters:
  ///   - precision: of times in a table at a terminal.
  ///   - isVertical: whether a table at a terminal has a line for each value.
  ///   - hasFineMoney: whether a table shows dollars to the billionth.
  init(
    _ options: ResultOptions, precision: TimePrecision = .milliseconds, isVertical: Bool = false,
    hasFineMoney: Bool = false
  ) {
    var style = TableStyle(
      descriptor: STDOUT_FILENO, noColor: Workspace.variable("NO_COLOR") != nil)
    style.precision = precision
    style.isVertical = isVertical
    style.hasFineMoney = hasFineMoney
    renderer = makeRenderer(options.format, sink, style: style)
    terminalWidth = options.format == .table ? style.width : nil
    zone = options.zone
  }

  /// False when nobody reads any more.
  var isOpen: Bool { !sink.isClosed }

  mutating func begin(_ columns: [String]) { renderer.begin(columns: columns) }

  mutating func row(_ values: [Value]) {
    rows += 1
    guard let zone else { return renderer.row(values) }
    renderer.row(values.map { Self.local($0, zone) })
  }

  mutating func flush() { renderer.flush() }

  mutating func end() throws {
    renderer.end()
    sink.flush()
    if let code = sink.failure {
      throw Failure("cannot write to standard output: \(text(code))", status: .inputOutput)
    }
  }

  /// All rows of a statement; `heading` is what a column is called.
  mutating func all(
    _ sql: String, _ db: borrowing Connection, heading: (String) -> String = { $0 }
  ) throws {
    var statement = try db.prepare(sql)
    begin((0..<statement.columnCount).map { heading(statement.columnName($0)) })
    try append(&statement)
    try end()
  }

  mutating func append(_ statement: inout Statement) throws {
    while isOpen, try statement.step() {
      row((0..<statement.columnCount).map { Value(statement, $0) })
    }
  }

  /// A time as the views write it, moved to the zone: `2026-02-01T11:00:00.000000+01:00`.
  private static func local(_ value: Value, _ zone: Zone) -> Value {
    guard case .text(let text) = value, let instant = Instant.parse(text) else { return value }
    let offset = Int(zone.offset(at: instant.quotientAndRemainder(dividingBy: 1_000_000).quotient))
    let shifted = Instant.text(instant + Int64(offset) * 1_000_000).dropLast()
    let minutes = abs(offset) / 60
    let sign = offset < 0 ? "-" : "+"
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return .text(shifted + sign + two(minutes / 60) + ":" + two(minutes % 60))
  }
}

extension Value {
  init(_ statement: borrowing Statement, _ index: Int32) {
    switch statement.columnType(index) {
    case .null: self = .null
    case .integer: self = .integer(statement.integer(index))
    case .real: self = .real(statement.real(index))
    case .text: self = .text(statement.text(index))
    case .blob:
      let span = statement.bytes(index)
      self = .blob(span.indices.map { span[$0] })
    }
  }
}
