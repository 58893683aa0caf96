package import SQLite

/// The lines of a store as the table `log`: the rows of the view of that name, found and rebuilt
/// without SQL, so that chunks which cannot hold a match are not opened.
///
/// Its columns have the affinities of the view's, so that the same SQL compares in the same way, and
/// it has no row id, as a view has none. The hidden columns are the table's own:
/// - `attributes`: the line's fields as a JSON object,
/// - `file`: the path of the file generation that the line was read from,
/// - `offset`: where in that (decompressed) file the line begins; NULL unless it is the first of the
///   lines that were read in one go, the only ones for which the store keeps it.
///
/// `attributes MATCH 'status>=500'` leaves out lines that cannot satisfy it; lines of which that is not told at a glance
/// stay, so that it stands beside a condition that does tell.
package final class LogTable: VirtualTableModule {
  package typealias Attributes = (_ sourceFormat: String?, _ message: Span<UInt8>) -> String

  /// Whether a message may satisfy `REGEXP pattern`; nil where nothing is known of the pattern.
  package typealias Regexp = (_ pattern: String) -> ((_ message: Span<UInt8>) -> Bool)?

  /// Whether a line of a source of that format may satisfy a condition on a field; nil where the text is none.
  ///
  /// What it makes is used by one thread.
  package typealias FieldTest =
    (_ text: String) -> ((_ message: Span<UInt8>, _ sourceFormat: String?) -> Bool)?

  package static let moduleName = "logbook_log"

  package let declaration = """
    CREATE TABLE x(id PRIMARY KEY, time, time_us, level, source TEXT, pattern_id INTEGER, message,
      chunk INTEGER, attributes TEXT HIDDEN, file TEXT HIDDEN, offset INTEGER HIDDEN) WITHOUT ROWID
    """

  let connection: ConnectionReference
  let attributes: Attributes
  let regexp: Regexp
  let fieldTest: FieldTest
  /// By pattern: a join begins to read many times.
  private var expressions: [String: (Span<UInt8>) -> Bool] = [:]
  private static let maxExpressions = 16
  /// Chunks inflated since the table was installed.
  package internal(set) var inflatedChunks = 0
  /// Chunks whose rows were looked at: the others told by their bytes that they hold no match.
  package internal(set) var walkedChunks = 0

  private var cached: (catalog: StoreCatalog, state: State)?

  /// What tells whether the store has changed since.
  private struct State: Equatable {
    var dataVersion: Int64
    var ownChanges: Int
  }

  private init(
    _ connection: ConnectionReference, _ regexp: @escaping Regexp,
    _ fieldTest: @escaping FieldTest, _ attributes: @escaping Attributes
  ) {
    self.connection = connection
    self.regexp = regexp
    self.fieldTest = fieldTest
    self.attributes = attributes
  }

  /// Makes `log` the table instead of the view, for this connection.
  ///
  /// `regexp` is asked before SQLite calls the function of that name, which has the last word.
  /// Afterwards `main.log` is the view. The connection must not be reading only yet
  /// (`permitReadingOnly`, `query_only`).
  @discardableResult
  package static func install(
    on db: borrowing Connection, regexp: @escaping Regexp = { _ in nil },
    fieldTest: @escaping FieldTest = { _ in nil }, attributes: @escaping Attributes
  ) throws(SQLiteError) -> LogTable {
    let table = LogTable(ConnectionReference(db), regexp, fieldTest, attributes)
    try db.registerModule(moduleName, table)
    try db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.log USING \(moduleName)")
    return table
  }

  package func bestIndex(_ plan: inout IndexPlan) throws -> Bool {
    // SQLite could not check it by itself.
    if plan.constraints.contains(where: { $0.operator == .match && !$0.isUsable }) { return false }
    _ = LogPlan(&plan, mayMerge: hasFewSources)
    return true
  }

  /// So few that the chunks which overlap in time can be kept inflated.
  private func hasFewSources() -> Bool {
    let count = try? connection.withConnection { db throws(SQLiteError) in
      try db.integer("SELECT count(*) FROM (SELECT 1 FROM source LIMIT \(ChunkReader.maxKept))")
    }
    return (count ?? nil).map { $0 < ChunkReader.maxKept / 2 } ?? false
  }

  package func makeCursor() throws -> any VirtualTableCursor { try LogCursor(self) }

  /// What lines must satisfy besides: expressions of REGEXP, and conditions on fields.
  ///
  /// - Parameter isShared: whether the thread of the connection asks, which keeps expressions.
  func expressions(
    _ conditions: LogConditions, isShared: Bool
  ) throws(SQLiteError) -> [RowFilter.Expression] {
    var expressions: [RowFilter.Expression] = []
    for pattern in conditions.expressions {
      guard let regexp = isShared ? expression(pattern) : regexp(pattern) else { continue }
      expressions.append { message, _ in regexp(message) }
    }
    for text in conditions.fieldTests {
      guard let test = fieldTest(text) else {
        throw SQLiteError(code: 1, message: "no condition on a field: '\(text)'")
      }
      expressions.append(test)
    }
    return expressions
  }

  private func expression(_ pattern: String) -> ((Span<UInt8>) -> Bool)? {
    if let known = expressions[pattern] { return known }
    if expressions.count >= Self.maxExpressions { expressions = [:] }
    expressions[pattern] = regexp(pattern)
    return expressions[pattern]
  }

  /// The catalog as of now: read again when the store may have changed.
  func catalog(_ db: borrowing Connection) throws(SQLiteError) -> StoreCatalog {
    let state = Self.state(db)
    if let cached, let state, cached.state == state { return cached.catalog }
    let catalog = try StoreCatalog(reading: db)
    cached = state.map { (catalog, $0) }
    return catalog
  }

  /// Nil where it cannot be told: the authorizer denies the pragma, or the connection's own changes
  /// may yet be rolled back.
  private static func state(_ db: borrowing Connection) -> State? {
    guard db.isAutocommit || db.totalChanges == 0 else { return nil }
    let version: Int64?
    do throws(SQLiteError) { version = try db.integer("PRAGMA data_version") } catch { return nil }
    return version.map { State(dataVersion: $0, ownChanges: db.totalChanges) }
  }
}
