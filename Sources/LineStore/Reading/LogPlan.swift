import SQLite

enum LogColumn: Int32, CaseIterable {
  case id, time, microseconds, level, source, pattern, message, chunk, attributes, file, offset

  /// The columns that are known without reading a chunk.
  static let counted: [LogColumn] = [.level, .source, .pattern, .chunk]
}

/// How the rows of `log` are found, handed from `bestIndex` to `filter` as text.
struct LogPlan {
  enum Comparison: Character {
    case equal = "="
    case less = "<"
    case lessOrEqual = "("
    case greater = ">"
    case greaterOrEqual = ")"
    case list = "#"
    case glob = "*"
    case like = "%"
    case regexp = "~"
    case match = "?"
  }

  struct Term: Equatable {
    var column: LogColumn
    var comparison: Comparison
  }

  enum Rows: Int32 {
    /// Each row is read.
    case read
    /// Rows are repeated by the counts of `template_use`.
    case counted
    /// As `counted`, one row of equal ones.
    case countedOnce
  }

  var rows = Rows.read
  /// One for each argument.
  var terms: [Term] = []
  /// The order of the rows: of counted ones any, of read ones what `walk` says.
  var order: [Order] = []

  /// In which order rows are read.
  enum Walk: Equatable {
    /// Of the ids, within the sources by name or not.
    case upwards(bySource: Bool)
    /// Of the ids, the highest first.
    case downwards
    /// The newest first; of equal times the lowest id first or the highest.
    case newest(downwards: Bool)
  }

  var walk: Walk {
    switch order.first?.column {
    case nil: .upwards(bySource: false)
    case .source: .upwards(bySource: true)
    case .microseconds: .newest(downwards: order[1].isDescending)
    default: .downwards
    }
  }

  struct Order: Equatable {
    var column: LogColumn
    var isDescending: Bool
  }

  init() {}

  init?(number: Int32, text: String) {
    guard let rows = Rows(rawValue: number) else { return nil }
    self.rows = rows
    var letters = Array(text)
    while letters.count >= 2 {
      let second = letters.removeLast()
      let first = letters.removeLast()
      guard let column = LogColumn(letter: first) else { return nil }
      if second == "/" || second == "\\" {
        order.insert(Order(column: column, isDescending: second == "\\"), at: 0)
      } else {
        guard let comparison = Comparison(rawValue: second) else { return nil }
        terms.insert(Term(column: column, comparison: comparison), at: 0)
      }
    }
  }

  /// Two characters a term, and two a column of the order.
  var text: String {
    terms.map { "\($0.column.letter)\($0.comparison.rawValue)" }.joined()
      + order.map { "\($0.column.letter)\($0.isDescending ? "\\" : "/")" }.joined()
  }
}

extension LogColumn {
  fileprivate static let letters = Array("itulspmcafo")

  var letter: Character { Self.letters[Int(rawValue)] }

  init?(letter: Character) {
    guard let place = Self.letters.firstIndex(of: letter) else { return nil }
    self.init(rawValue: Int32(place))
  }
}

extension LogPlan {
  /// Chooses a plan and tells SQLite; every constraint is left to SQLite to check again, because its
  /// rules for types and collations are its own.
  ///
  /// `mayMerge` says whether all rows may come newest first, and not only those up to a LIMIT.
  init(_ plan: inout IndexPlan, mayMerge: () -> Bool) {
    let counted = LogColumn.counted.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
    rows = plan.usedColumns & ~counted == 0 ? .counted : .read
    for index in plan.constraints.indices {
      guard let term = Self.term(plan, index) else { continue }
      plan.constraints[index].argumentIndex = Int32(terms.count)
      plan.constraints[index].takesList = term.comparison == .list
      // SQLite has no function of that name.
      plan.constraints[index].omitsCheck = term.comparison == .match
      terms.append(term)
    }
    order(&plan, mayMerge)
    estimate(&plan)
    plan.planNumber = rows.rawValue
    plan.planText = text
  }

  /// What of the constraint helps to find rows.
  private static func term(_ plan: borrowing IndexPlan, _ index: Int) -> Term? {
    let constraint = plan.constraints[index]
    guard constraint.isUsable, let column = LogColumn(rawValue: constraint.column) else {
      return nil
    }
    let comparison: Comparison
    switch constraint.operator {
    case .equal: comparison = constraint.isList ? .list : .equal
    case .less: comparison = .less
    case .lessOrEqual: comparison = .lessOrEqual
    case .greater: comparison = .greater
    case .greaterOrEqual: comparison = .greaterOrEqual
    case .glob: comparison = .glob
    case .like: comparison = .like
    case .regexp: comparison = .regexp
    case .match: comparison = .match
    default: return nil
    }
    let isRange = [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(comparison)
    let isEquality = comparison == .equal || comparison == .list
    switch column {
    case .id: guard isRange || isEquality else { return nil }
    case .microseconds: guard isRange || comparison == .equal else { return nil }
    case .chunk, .pattern: guard isEquality else { return nil }
    case .time:
      guard isRange || comparison == .equal, plan.collation(of: index) == "BINARY" else {
        return nil
      }
    case .level, .source:
      guard isEquality, plan.collation(of: index) == "BINARY" else { return nil }
    case .message:
      // LIKE, GLOB and REGEXP know no collations.
      guard
        [.glob, .like, .regexp].contains(comparison)
          || comparison == .equal && plan.collation(of: index) == "BINARY"
      else { return nil }
    case .attributes: guard comparison == .match else { return nil }
    case .file, .offset: return nil
    }
    return Term(column: column, comparison: comparison)
  }

  /// Takes over what can be had of the order.
  ///
  /// Also for GROUP BY and DISTINCT the order is the one asked for, not only equal values side by
  /// side: SQLite 3.40 takes an ORDER BY of the same columns for satisfied then.
  private mutating func order(_ plan: inout IndexPlan, _ mayMerge: () -> Bool) {
    var wanted: [Order] = []
    for term in plan.orderBy {
      guard let column = LogColumn(rawValue: term.column) else { return }
      wanted.append(Order(column: column, isDescending: term.isDescending))
    }
    guard !wanted.isEmpty else { return }
    if rows == .read {
      guard let walk = Self.order(ofReading: wanted, plan, mayMerge) else { return }
      plan.isOrdered = true
      order = walk
      return
    }
    guard wanted.allSatisfy({ $0.column != .chunk }) else { return }
    plan.isOrdered = true
    order = wanted
    let ordered = wanted.reduce(UInt64(0)) { $0 | 1 << UInt64($1.column.rawValue) }
    let takesOne = plan.ordering == .distinct || plan.ordering == .distinctSorted
    if takesOne && plan.usedColumns & ~ordered == 0 { rows = .countedOnce }
  }

  /// What of `wanted` tells how to walk; nil where it takes sorting.
  private static func order(
    ofReading wanted: [Order], _ plan: borrowing IndexPlan, _ mayMerge: () -> Bool
  ) -> [Order]? {
    let isDescending = wanted[0].isDescending
    let columns = wanted.prefix { $0.isDescending == isDescending }.map(\.column)
    if isDescending, columns[0] == .microseconds || columns[0] == .time {
      // SQLite does not tell of a LIMIT beside every condition.
      let hasLimit = plan.constraints.contains { $0.operator == .limit }
      guard hasLimit || mayMerge() else { return nil }
      guard wanted.count > 1 else { return newest(Order(column: .id, isDescending: true)) }
      return wanted[1].column == .id ? newest(wanted[1]) : nil
    }
    var place = 0
    if columns[0] == .source {
      if isDescending { return nil }
      place += 1
    }
    if place < columns.count, columns[place] == .chunk { place += 1 }
    // Behind the id nothing counts any more.
    let isWhole = place < columns.count && columns[place] == .id
    guard isWhole || place == wanted.count else { return nil }
    if isDescending { return [Order(column: .id, isDescending: true)] }
    return columns[0] == .source ? [wanted[0]] : []
  }

  private static func newest(_ id: Order) -> [Order] {
    [Order(column: .microseconds, isDescending: true), id]
  }

  /// Nothing is known of the store here: the numbers only have to rank the plans of one statement.
  private func estimate(_ plan: inout IndexPlan) {
    var touched = 1_000_000.0
    var found = 1.0
    for term in terms {
      switch (term.column, term.comparison) {
      case (.id, .equal):
        touched = 4096
        found = 0
      case (.id, .list), (.chunk, .list): touched = min(touched, 64 * 4096)
      case (.chunk, _): touched = min(touched, 4096)
      case (.id, _), (.time, _), (.microseconds, _), (.source, _): touched = max(touched / 4, 4096)
      case (.level, _): found /= 4
      case (.pattern, _):
        touched = max(touched / 4, 4096)
        found /= 4
      // They stand beside a condition that finds nearly the same.
      case (_, .regexp), (_, .match): break
      default: found /= 100
      }
    }
    let isRendered = plan.uses(column: LogColumn.message.rawValue)
    plan.isUnique = found == 0
    plan.estimatedRows = max(1, Int64(touched * found))
    plan.estimatedCost =
      touched * (rows == .read ? 1 : 0.01) + Double(plan.estimatedRows) * (isRendered ? 4 : 1)
  }
}
