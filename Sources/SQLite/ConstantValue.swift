internal import CSQLite

/// A copy of a value of SQLite.
package enum ConstantValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  init(_ value: OpaquePointer?) {
    self =
      switch StorageClass(unsafe sqlite3_value_type(value)) {
      case .null: .null
      case .integer: .integer(unsafe sqlite3_value_int64(value))
      case .real: .real(unsafe sqlite3_value_double(value))
      case .text: unsafe .text(String(decoding: valueBuffer(value), as: UTF8.self))
      case .blob: unsafe .blob(Array(valueBuffer(value)))
      }
  }
}
