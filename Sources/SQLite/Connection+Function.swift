internal import CSQLite

/// What SQLite may assume of a function.
package struct FunctionOptions: OptionSet, Sendable {
  package let rawValue: Int32
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The same arguments always give the same result: it may be computed once for many rows.
  package static let deterministic = FunctionOptions(rawValue: SQLITE_DETERMINISTIC)
  /// Harmless even where a schema that somebody else wrote calls it.
  package static let innocuous = FunctionOptions(rawValue: SQLITE_INNOCUOUS)
  /// Not to be called from views, triggers and other parts of a schema.
  package static let directOnly = FunctionOptions(rawValue: SQLITE_DIRECTONLY)
}

private final class FunctionBody {
  let body: (borrowing FunctionArguments, FunctionResult) throws -> Void

  init(_ body: @escaping (borrowing FunctionArguments, FunctionResult) throws -> Void) {
    self.body = body
  }
}

extension Connection {
  /// Defines a scalar SQL function, also over one of SQLite's own; `argumentCount` nil takes any
  /// number of arguments.
  ///
  /// An error that `body` throws ends the statement and becomes its message. SQLite owns the body
  /// until the function is redefined or the connection closes.
  package func createFunction(
    _ name: String, argumentCount: Int32?, options: FunctionOptions = [.deterministic],
    _ body: @escaping (borrowing FunctionArguments, FunctionResult) throws -> Void
  ) throws(SQLiteError) {
    let boxed = unsafe Unmanaged.passRetained(FunctionBody(body)).toOpaque()
    let status = unsafe sqlite3_create_function_v2(
      core.raw, name, argumentCount ?? -1, SQLITE_UTF8 | options.rawValue, boxed,
      { context, count, values in
        guard let boxed = unsafe sqlite3_user_data(context) else { return }
        let result = unsafe FunctionResult(context: context)
        do {
          try unsafe Unmanaged<FunctionBody>.fromOpaque(boxed)._withUnsafeGuaranteedRef {
            try unsafe $0.body(
              FunctionArguments(count: count, values: values, context: context), result)
          }
        } catch { result.set(thrown: error) }
      }, nil, nil, releaseObject)
    guard status == SQLITE_OK else { throw unsafe SQLiteError(latestOf: core.raw) }
  }
}
