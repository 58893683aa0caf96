package import SQLite

/// The turns in chunks as a virtual table, which finds and unpacks them without SQL.
///
/// `install` puts it behind `turn`, a view, and the views over that.
package final class PackedTurnTable: VirtualTableModule {
  private static let moduleName = "logbook_turn"

  package let declaration =
    "CREATE TABLE x(id INTEGER PRIMARY KEY, log_id, time_us, "
    + PackedTurn.Column.allCases.map(\.name).joined(separator: ", ") + ")"

  let connection: ConnectionReference

  private init(_ connection: ConnectionReference) { self.connection = connection }

  /// Makes `turn`, and the views over it, read chunks natively, for this connection.
  ///
  /// The connection must not be reading only yet (`permitReadingOnly`, `query_only`).
  package static func install(on db: borrowing Connection) throws(SQLiteError) {
    let isInstalled = try db.integer("SELECT 1 FROM temp.sqlite_schema WHERE name = 'turn'") != nil
    guard !isInstalled else { return }
    try db.registerModule(moduleName, PackedTurnTable(ConnectionReference(db)))
    try db.execute("CREATE VIRTUAL TABLE temp.packed_turn USING \(moduleName)")
    var columns: [String] = []
    do {
      var row = try db.prepare("SELECT name FROM pragma_table_info('turn_row')")
      while try row.step() { columns.append(row.text(0)) }
    }
    let packed = Set(["id", "log_id", "time_us"] + PackedTurn.Column.allCases.map(\.name))
    let all = columns.joined(separator: ", ")
    let some = columns.map { packed.contains($0) ? $0 : "NULL" }.joined(separator: ", ")
    try db.execute(
      """
      CREATE TEMP VIEW turn AS SELECT \(all) FROM main.turn_row UNION ALL SELECT \(some) FROM temp.packed_turn
      """)
    for view in ["turns", "sessions", "costs"] {
      let text = try db.text("SELECT sql FROM main.sqlite_schema WHERE name = ?", view)
      guard let text, text.hasPrefix("CREATE VIEW ") else { continue }
      try db.execute("CREATE TEMP VIEW " + text.dropFirst("CREATE VIEW ".utf8.count))
    }
  }

  // MARK: Plans

  /// The arguments of `filter`, in this order, as far as a plan has them.
  enum Argument: Int, CaseIterable {
    case session, leastLine, mostLine, leastTime, mostTime
  }

  package func bestIndex(_ plan: inout IndexPlan) throws -> Bool {
    var arguments: [Argument] = []
    for index in plan.constraints.indices where plan.constraints[index].isUsable {
      let constraint = plan.constraints[index]
      let argument: Argument? =
        switch (constraint.column, constraint.operator) {
        case (3, .equal): .session
        case (1, .equal), (1, .greaterOrEqual), (1, .greater): .leastLine
        case (1, .less), (1, .lessOrEqual): .mostLine
        case (2, .greaterOrEqual), (2, .greater): .leastTime
        case (2, .less), (2, .lessOrEqual): .mostTime
        default: nil
        }
      guard let argument, !arguments.contains(argument) else { continue }
      plan.constraints[index].argumentIndex = Int32(arguments.count)
      arguments.append(argument)
    }
    plan.planText = arguments.map { String($0.rawValue) }.joined()
    plan.estimatedRows = arguments.isEmpty ? 1 << 20 : 1 << 12
    plan.estimatedCost = arguments.isEmpty ? 1e6 : 1e5
    return true
  }

  package func makeCursor() throws -> any VirtualTableCursor { PackedTurnCursor(self) }
}

/// One pass over the turns in chunks; what it is given as bounds leaves out some turns, SQLite the others.
private final class PackedTurnCursor: VirtualTableCursor {
  private let table: PackedTurnTable
  private let chunkTable = TurnChunkTable()
  private var chunks: [Int64] = []
  private var nextChunk = 0
  /// `PackedRows.width` of each turn of the chunk at hand, and where those of the turn begin.
  private var numbers: [Int64] = []
  private var start = 0
  private var session: Int64?
  private var extent = TurnChunkTable.Extent()

  init(_ table: PackedTurnTable) { self.table = table }

  func filter(planNumber: Int32, planText: String, arguments: borrowing FunctionArguments) throws {
    extent = .init()
    session = nil
    for (place, digit) in planText.utf8.enumerated() {
      let value = arguments.integer(place)
      // Another comparison than that of numbers is SQLite's to make.
      guard arguments.type(place) == .integer else { continue }
      switch PackedTurnTable.Argument(rawValue: Int(digit) - 0x30) {
      case .session: session = value
      case .leastLine: extent.lines = value...max(value, extent.lines.upperBound)
      case .mostLine: extent.lines = min(value, extent.lines.lowerBound)...value
      case .leastTime: extent.times = value...max(value, extent.times.upperBound)
      case .mostTime: extent.times = min(value, extent.times.lowerBound)...value
      case nil: break
      }
    }
    let extent = extent
    chunks = try table.connection.withConnection { db throws(SQLiteError) in
      try chunkTable.chunks(extent, in: db)
    }
    (nextChunk, numbers, start) = (0, [], 0)
    try settle()
  }

  var isAtEnd: Bool { start >= numbers.count }

  func next() throws {
    start += PackedRows.width
    try settle()
  }

  /// Goes on to a turn that may be asked for.
  private func settle() throws {
    while true {
      while start < numbers.count {
        guard let session, numbers[start + 3] != session else { return }
        start += PackedRows.width
      }
      guard nextChunk < chunks.count else { return }
      let chunk = chunks[nextChunk]
      nextChunk += 1
      numbers = try table.connection.withConnection { db throws(SQLiteError) in
        try chunkTable.numbers(of: chunk, in: db)
      }
      start = 0
    }
  }

  func column(_ column: Int32, into result: FunctionResult) throws {
    let number = numbers[start + Int(column)]
    if number == PackedTurn.absent { result.setNull() } else { result.set(number) }
  }

  var rowID: Int64 { numbers[start] }
}
