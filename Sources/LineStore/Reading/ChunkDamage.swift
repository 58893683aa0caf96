import SQLite

/// Why a chunk cannot be read.
package enum ChunkDamage: Error, Equatable, CustomStringConvertible {
  /// The data do not have the checksum stored beside them.
  case checksum(chunk: Int64)
  case notInflatable(chunk: Int64)
  /// They are not the JSON that the store writes.
  case columns(chunk: Int64)
  /// Nor are its rows, from this one on.
  case malformed(chunk: Int64, row: Int)
  case rowCount(chunk: Int64, expected: Int, found: Int)
  case unknownTemplate(chunk: Int64, template: Int64)
  case parameterCount(chunk: Int64, row: Int, template: Int64)
  case unknownLayout(chunk: Int64, layout: Int64)
  case time(chunk: Int64, row: Int)
  /// What `template_use` says of it cannot be read.
  case templateCounts(chunk: Int64)

  package var description: String {
    switch self {
    case .checksum(let chunk): "chunk \(chunk) is damaged: its checksum differs"
    case .notInflatable(let chunk): "chunk \(chunk) is damaged: it cannot be inflated"
    case .columns(let chunk): "chunk \(chunk) is damaged: its columns cannot be read"
    case .malformed(let chunk, let row): "chunk \(chunk) is damaged at row \(row)"
    case .rowCount(let chunk, let expected, let found):
      "chunk \(chunk) is damaged: it holds \(found) rows instead of \(expected)"
    case .unknownTemplate(let chunk, let template):
      "chunk \(chunk) is damaged: there is no template \(template)"
    case .parameterCount(let chunk, let row, let template):
      "chunk \(chunk) is damaged: row \(row) does not fit template \(template)"
    case .unknownLayout(let chunk, let layout):
      "chunk \(chunk) is damaged: there is no time layout \(layout)"
    case .time(let chunk, let row): "chunk \(chunk) is damaged: row \(row) has an impossible time"
    case .templateCounts(let chunk): "the counts of templates of chunk \(chunk) are damaged"
    }
  }
}

extension SQLiteError {
  /// As SQLITE_CORRUPT.
  init(_ damage: ChunkDamage) { self.init(code: 11, message: damage.description) }
}
