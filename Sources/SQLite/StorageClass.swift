internal import CSQLite

/// What a value is, as SQLite stores it.
package enum StorageClass: Sendable, Equatable {
  case null, integer, real, text, blob

  init(_ type: Int32) {
    self =
      switch type {
      case SQLITE_INTEGER: .integer
      case SQLITE_FLOAT: .real
      case SQLITE_TEXT: .text
      case SQLITE_BLOB: .blob
      default: .null
      }
  }
}
