internal import CSQLite

/// What a statement wants of a virtual table, and how the table will serve it.
@safe
package struct IndexPlan: ~Escapable {
  package enum Operator: Sendable, Equatable {
    case equal, greater, lessOrEqual, less, greaterOrEqual, notEqual
    case match, like, glob, regexp
    case `is`, isNot, isNull, isNotNull
    case limit, offset
    /// A function of the connection, by its number.
    case function(UInt8)
  }

  package struct Constraint: Sendable {
    /// The column, or −1 for the row id; without meaning for `limit` and `offset`.
    package let column: Int32
    package let `operator`: Operator
    /// Whether its value is known when the table is filtered; otherwise leave it alone.
    package let isUsable: Bool
    /// At which place `filter` gets the value, from 0 on without gaps; nil: not at all.
    package var argumentIndex: Int32?
    /// Whether an equality stands for an IN list that can be taken as a whole.
    package let isList: Bool
    /// The argument is the whole list, for `FunctionArguments.list`; only where `isList`.
    ///
    /// Otherwise the table is filtered once for each of its values.
    package var takesList = false
    /// The table checks the constraint itself for every row: SQLite need not.
    package var omitsCheck = false
  }

  package struct Order: Sendable {
    package let column: Int32
    package let isDescending: Bool
  }

  /// How much of the order SQLite needs (`sqlite3_vtab_distinct`).
  package enum Ordering: Sendable {
    /// All rows in the order of `orderBy`.
    case sorted
    /// Rows of equal values side by side: for GROUP BY.
    case grouped
    /// As `grouped`, and one row of equal values is enough: for DISTINCT.
    case distinct
    /// As `sorted`, and one row of equal values is enough: for DISTINCT with ORDER BY.
    case distinctSorted
  }

  /// The terms of WHERE (and LIMIT, OFFSET) that mention this table.
  package var constraints: [Constraint]
  package let orderBy: [Order]
  package let ordering: Ordering
  /// Bit *n* says that column *n* is used; the highest bit stands for all columns from 63 on.
  package let usedColumns: UInt64

  /// The rows come in the order wanted.
  package var isOrdered = false
  package var planNumber: Int32 = 0
  package var planText = ""
  /// In SQLite's unit: about one for each row touched.
  package var estimatedCost: Double
  package var estimatedRows: Int64
  /// At most one row is found.
  package var isUnique = false

  private let info: UnsafeMutablePointer<sqlite3_index_info>

  @_lifetime(immortal)
  init(_ info: UnsafeMutablePointer<sqlite3_index_info>) {
    unsafe self.info = unsafe info
    constraints = unsafe (0..<Int(info.pointee.nConstraint)).map { index in
      let constraint = unsafe info.pointee.aConstraint[index]
      return Constraint(
        column: constraint.iColumn, operator: Operator(constraint.op),
        isUsable: constraint.usable != 0,
        isList: unsafe sqlite3_vtab_in(info, Int32(index), -1) != 0)
    }
    orderBy = unsafe (0..<Int(info.pointee.nOrderBy)).map { index in
      let term = unsafe info.pointee.aOrderBy[index]
      return Order(column: term.iColumn, isDescending: term.desc != 0)
    }
    ordering =
      switch unsafe sqlite3_vtab_distinct(info) {
      case 1: .grouped
      case 2: .distinct
      case 3: .distinctSorted
      default: .sorted
      }
    usedColumns = unsafe info.pointee.colUsed
    estimatedCost = unsafe info.pointee.estimatedCost
    estimatedRows = unsafe info.pointee.estimatedRows
  }

  package func uses(column: Int32) -> Bool { usedColumns & (1 << UInt64(min(column, 63))) != 0 }

  /// The value that a constraint compares with, where the statement has it as a constant.
  package func value(of constraint: Int) -> ConstantValue? {
    precondition(constraints.indices.contains(constraint), "no such constraint")
    var value: OpaquePointer?
    guard unsafe sqlite3_vtab_rhs_value(info, Int32(constraint), &value) == SQLITE_OK else {
      return nil
    }
    return unsafe ConstantValue(value)
  }

  /// The collation that a comparison of text must follow, such as `BINARY` or `NOCASE`.
  package func collation(of constraint: Int) -> String {
    precondition(constraints.indices.contains(constraint), "no such constraint")
    return unsafe String(cString: sqlite3_vtab_collation(info, Int32(constraint)))
  }

  /// Hands the choice to SQLite.
  func write() -> Bool {
    for (index, constraint) in constraints.enumerated() {
      guard let place = constraint.argumentIndex else { continue }
      unsafe info.pointee.aConstraintUsage[index].argvIndex = place + 1
      if constraint.takesList { unsafe sqlite3_vtab_in(info, Int32(index), 1) }
      unsafe info.pointee.aConstraintUsage[index].omit = constraint.omitsCheck ? 1 : 0
    }
    unsafe info.pointee.idxNum = planNumber
    unsafe info.pointee.orderByConsumed = isOrdered ? 1 : 0
    unsafe info.pointee.estimatedCost = estimatedCost
    unsafe info.pointee.estimatedRows = estimatedRows
    if isUnique { unsafe info.pointee.idxFlags |= SQLITE_INDEX_SCAN_UNIQUE }
    guard !planText.isEmpty else { return true }
    unsafe info.pointee.idxStr = allocatedMessage(planText)
    unsafe info.pointee.needToFreeIdxStr = 1
    return unsafe info.pointee.idxStr != nil
  }
}

extension IndexPlan.Operator {
  init(_ code: UInt8) {
    self =
      switch Int32(code) {
      case SQLITE_INDEX_CONSTRAINT_EQ: .equal
      case SQLITE_INDEX_CONSTRAINT_GT: .greater
      case SQLITE_INDEX_CONSTRAINT_LE: .lessOrEqual
      case SQLITE_INDEX_CONSTRAINT_LT: .less
      case SQLITE_INDEX_CONSTRAINT_GE: .greaterOrEqual
      case SQLITE_INDEX_CONSTRAINT_MATCH: .match
      case SQLITE_INDEX_CONSTRAINT_LIKE: .like
      case SQLITE_INDEX_CONSTRAINT_GLOB: .glob
      case SQLITE_INDEX_CONSTRAINT_REGEXP: .regexp
      case SQLITE_INDEX_CONSTRAINT_NE: .notEqual
      case SQLITE_INDEX_CONSTRAINT_ISNOT: .isNot
      case SQLITE_INDEX_CONSTRAINT_ISNOTNULL: .isNotNull
      case SQLITE_INDEX_CONSTRAINT_ISNULL: .isNull
      case SQLITE_INDEX_CONSTRAINT_IS: .is
      case SQLITE_INDEX_CONSTRAINT_LIMIT: .limit
      case SQLITE_INDEX_CONSTRAINT_OFFSET: .offset
      default: .function(code)
      }
  }
}

/// A C string that SQLite will free.
func allocatedMessage(_ text: String) -> UnsafeMutablePointer<CChar>? {
  var text = text
  return text.withUTF8 { unsafe logbook_message($0.baseAddress, $0.count) }
}
