import SQLite

/// The integers from 0 up to a hidden bound; it notes what it was asked and how many rows it gave.
final class IntegerSeries: VirtualTableModule {
  struct Refusal: Error {}

  let declaration = "CREATE TABLE x(value INTEGER, name TEXT, bound INTEGER HIDDEN)"
  var rowsGiven = 0
  var plans: [String] = []
  let onEnd: () -> Void

  init(onEnd: @escaping () -> Void = {}) { self.onEnd = onEnd }
  deinit { onEnd() }

  func bestIndex(_ plan: inout IndexPlan) throws -> Bool {
    var arguments: Int32 = 0
    var number: Int32 = 0
    for index in plan.constraints.indices {
      let constraint = plan.constraints[index]
      let bit: Int32 =
        switch (constraint.column, constraint.operator) {
        case (2, .equal): 1
        case (0, .greaterOrEqual): 2
        case (0, .equal): constraint.isList ? 8 : 4
        case (1, .like): throw Refusal()
        default: 0
        }
      guard bit != 0, number & bit == 0 else { continue }
      if bit == 1 && !constraint.isUsable { return false }
      guard constraint.isUsable else { continue }
      plan.constraints[index].argumentIndex = arguments
      plan.constraints[index].omitsCheck = true
      plan.constraints[index].takesList = bit == 8
      plan.planText += bit == 1 ? "b" : bit == 2 ? "g" : bit == 4 ? "e" : "l"
      arguments += 1
      number |= bit
    }
    guard number & 1 != 0 else { return false }
    plan.planNumber = number
    plan.isUnique = number & 4 != 0
    plan.estimatedCost = number & 4 != 0 ? 1 : 1_000
    if plan.orderBy.count == 1, plan.orderBy[0].column == 0, !plan.orderBy[0].isDescending {
      plan.isOrdered = true
    }
    return true
  }

  func makeCursor() throws -> any VirtualTableCursor { Cursor(of: self) }

  final class Cursor: VirtualTableCursor {
    private let series: IntegerSeries
    private var value: Int64 = 0
    private var end: Int64 = 0
    private var list: Set<ConstantValue>?

    init(of series: IntegerSeries) { self.series = series }

    func filter(
      planNumber: Int32, planText: String, arguments: borrowing FunctionArguments
    ) throws {
      series.plans.append(planText)
      value = 0
      end = 0
      for (index, letter) in planText.enumerated() {
        let argument = arguments.integer(index)
        switch letter {
        case "b":
          if argument < 0 { throw SQLiteError(code: 1, message: "a bound below zero") }
          end = argument
        case "g": value = max(value, argument)
        case "l": list = Set(arguments.list(index))
        default:
          value = argument
          end = min(end, argument + 1)
        }
      }
      if list?.contains(.integer(value)) == false { try next() }
    }

    func next() throws {
      repeat { value += 1 } while !isAtEnd && list?.contains(.integer(value)) == false
      if value == 1_000 { throw Refusal() }
    }

    var isAtEnd: Bool { value >= end }
    var rowID: Int64 { value }

    func column(_ index: Int32, into result: FunctionResult) throws {
      series.rowsGiven += index == 0 ? 1 : 0
      switch index {
      case 0: result.set(value)
      case 1 where value == 13: throw Refusal()
      case 1: result.set("n\(value)")
      default: result.set(end)
      }
    }
  }
}
