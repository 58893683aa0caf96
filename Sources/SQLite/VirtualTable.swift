/// A virtual table: rows that Swift code computes.
package protocol VirtualTableModule: AnyObject {
  /// The columns, as `CREATE TABLE x(a, b HIDDEN)`. Hidden columns are also the arguments of the
  /// table in call form.
  var declaration: String { get }

  /// Chooses how the rows asked for are found, or says with false that these constraints cannot be
  /// served (an argument is missing, for instance).
  ///
  /// It is called several times for one statement, with different constraints usable.
  func bestIndex(_ plan: inout IndexPlan) throws -> Bool

  func makeCursor() throws -> any VirtualTableCursor
}

/// One pass over a virtual table.
///
/// After `filter` and after each `next` it stands on a row, or at the end.
package protocol VirtualTableCursor: AnyObject {
  /// Starts over with the plan that `bestIndex` chose and the values of the constraints it asked
  /// for, in its order.
  func filter(planNumber: Int32, planText: String, arguments: borrowing FunctionArguments) throws
  func next() throws
  var isAtEnd: Bool { get }
  func column(_ index: Int32, into result: FunctionResult) throws
  var rowID: Int64 { get }
}
