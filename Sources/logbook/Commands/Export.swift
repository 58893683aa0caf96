import ArgumentParsing
import Glibc
import LogModel
import Querying
import Reporting
import SQLite
import Storage

struct Export: Command {
  static let name = "export"
  static let abstract = "Write a table, a view or a query's rows to a file."
  static let discussion = """
    VIEW is a name of 'logbook schema'. lines are the stored lines as they stood in their files, in the \
    order of reading; with --out they go to a folder, a file for each source. Rows are written as they come, \
    whatever their number.
    """
  static let arguments: [Argument<Self>] = [
    .one("VIEW", help: "A table or view, such as log, turns or patterns.", sets: \.view)
      .suggesting(SchemaDocument.views)
  ]
  static let options: [Option<Self>] = [
    .value("sql", nil, "QUERY", help: "One SELECT statement in place of VIEW.", sets: \.query),
    .choice("format", help: "How rows are written.", sets: \.format),
    .value(
      "out", "o", "FILE", help: "Where to; a folder for lines. (default: standard output)",
      sets: \.path),
    .flag("force", help: "Replace files that are there.", sets: \.replaces),
  ]
  static let examples = [
    ("logbook export turns --format csv --out turns.csv", "for a spreadsheet"),
    ("logbook export log --format lines --out old-logs", "the log files again"),
    ("logbook export patterns --format sql | sqlite3 other.db", "into another database"),
  ]
  var view: String?
  var query: String?
  var format = ExportFormat.ndjson
  var path: String?
  var replaces = false

  enum ExportFormat: String, CaseIterable, Sendable {
    case ndjson, json, csv, sql, lines

    func renderer(_ sink: TextSink, table: String) -> any RowRenderer {
      switch self {
      case .json: makeRenderer(.json, sink)
      case .csv: makeRenderer(.csv, sink)
      case .sql: SQLRenderer(sink, table: table)
      case .ndjson, .lines: makeRenderer(.ndjson, sink)
      }
    }
  }

  func validate() throws(UsageError) {
    if view == nil, query == nil, format != .lines {
      throw .missingArgument(placeholder: "VIEW", command: Self.name)
    }
    if view != nil, query != nil { throw .conflict("VIEW", "--sql") }
  }

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let workspace = try Workspace(globals)
    let store = try workspace.openForReading()
    if let view, try !isKnown(view, store) {
      throw Failure(
        "there is no table or view '\(view)'", hint: "see 'logbook schema'", status: .usage)
    }
    try prepareForReading(store.db)
    if format == .lines { return try writeLines(store.db, mode: workspace.mode) }
    // A name that is in the schema is quoted as an identifier.
    let sql = query ?? "SELECT * FROM \"\(view ?? "")\"\(view == "log" ? " ORDER BY id" : "")"
    guard let path else {
      try writeRows(sql, store.db, to: TextSink(descriptor: STDOUT_FILENO))
      return .success
    }
    let file = try workspace.newFile(path, replaces: replaces)
    try writeRows(sql, store.db, to: TextSink(descriptor: file.descriptor))
    try file.finish()
    return .success
  }

  private func isKnown(_ view: String, _ store: borrowing Store) throws -> Bool {
    try store.wrap { db throws(SQLiteError) in
      try db.integer(
        "SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?", view) == 1
    }
  }

  private func writeRows(_ sql: String, _ db: borrowing Connection, to sink: TextSink) throws {
    var statement = try db.prepare(sql)
    var renderer = format.renderer(sink, table: view ?? "export")
    let columns = 0..<statement.columnCount
    renderer.begin(columns: columns.map { statement.columnName($0) })
    while !sink.isClosed, try statement.step() {
      renderer.row(columns.map { Value(statement, $0) })
    }
    renderer.end()
    try sink.finish(path)
  }
}

// MARK: Lines

extension Export {
  private func writeLines(_ db: borrowing Connection, mode: UInt32) throws -> ExitStatus {
    if let view, view != "log" {
      throw Failure(
        "only log has lines, not '\(view)'", hint: "or --sql with a column message", status: .usage)
    }
    let sql = query ?? "SELECT source, message FROM log ORDER BY id"
    var statement = try db.prepare(sql)
    let names = (0..<statement.columnCount).map { statement.columnName($0) }
    guard let message = names.firstIndex(of: "message") else {
      throw Failure("the query has no column message", status: .usage)
    }
    guard let path else {
      let sink = TextSink(descriptor: STDOUT_FILENO)
      while !sink.isClosed, try statement.step() { sink.writeLine(statement, Int32(message)) }
      try sink.finish(nil)
      return .success
    }
    guard let source = names.firstIndex(of: "source") else {
      throw Failure("the query has no column source, of which each gets a file", status: .usage)
    }
    guard unsafe mkdir(path, 0o750) == 0 || errno == EEXIST else {
      throw Failure("cannot make \(path): \(text(errno))", status: .inputOutput)
    }
    var files = LogFiles(folder: path, replaces: replaces, mode: mode)
    while try statement.step() {
      try files.sink(for: statement.text(Int32(source))).writeLine(statement, Int32(message))
    }
    try files.finish()
    return .success
  }
}

/// The files of a folder, one for each source.
private struct LogFiles: ~Copyable {
  let folder: String
  let replaces: Bool
  let mode: UInt32
  private var files: [ExactText: (file: OpenedFile, sink: TextSink)] = [:]
  private var names: Set<ExactText> = []
  private var last: (source: ExactText, sink: TextSink)?

  /// A reference, because a dictionary cannot own what cannot be copied.
  private final class OpenedFile {
    private var file: NewFile?
    let descriptor: Int32
    let path: String

    init(_ file: consuming NewFile) {
      descriptor = file.descriptor
      path = file.path
      self.file = consume file
    }

    func finish() throws { try file.take()?.finish() }
  }

  init(folder: String, replaces: Bool, mode: UInt32) {
    self.folder = folder
    self.replaces = replaces
    self.mode = mode
  }

  mutating func sink(for name: String) throws -> TextSink {
    let source = ExactText(name)
    if let last, last.source == source { return last.sink }
    let sink = if let known = files[source] { known.sink } else { try open(source) }
    last = (source, sink)
    return sink
  }

  private mutating func open(_ source: ExactText) throws -> TextSink {
    let file = OpenedFile(
      try NewFile(folder + "/" + name(of: source.text), replaces: replaces, mode: mode))
    let sink = TextSink(descriptor: file.descriptor)
    files[source] = (file, sink)
    return sink
  }

  /// The most bytes of a source's name in a file's, which may have 255 with what else is in it.
  private static let longestName = 200

  /// The source's name as one of a file: no path, not hidden, not too long, and no other source's.
  private mutating func name(of source: String) -> String {
    var base = String(source.drop { $0 == "/" || $0 == "." }.map { $0 == "/" ? "_" : $0 })
    if base.isEmpty { base = "log" }
    if base.hasSuffix(".log") { base.removeLast(4) }
    while base.utf8.count > Self.longestName { base.unicodeScalars.removeLast() }
    var name = base + ".log"
    var number = 2
    while !names.insert(ExactText(name)).inserted {
      name = "\(base)~\(number).log"
      number += 1
    }
    return name
  }

  consuming func finish() throws {
    for (file, sink) in files.values {
      try sink.finish(file.path)
      try file.finish()
    }
  }
}

extension TextSink {
  fileprivate func writeLine(_ row: borrowing Statement, _ column: Int32) {
    let text = row.bytes(column)
    unsafe text.withUnsafeBufferPointer { unsafe write($0) }
    write(0x0A)
  }

  /// Writes out what is left; `path` is the file's, or nil for standard output.
  fileprivate func finish(_ path: String?) throws {
    flush()
    if let code = failure {
      throw Failure(
        "cannot write \(path ?? "to standard output"): \(errorText(code))", status: .inputOutput)
    }
  }
}

/// Where `text` is a property's name.
private func errorText(_ code: Int32) -> String { text(code) }
