/// One cell of a result: SQLite's storage classes.
package enum Value: Sendable, Equatable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
  /// Text that already is a JSON document, such as the labels of a series: JSON output embeds it.
  case json(String)
}
