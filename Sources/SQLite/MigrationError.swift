/// Why a database was not migrated.
package enum MigrationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file belongs to another program, whose mark is 0 where it sets none.
  case foreignFile(applicationID: Int32)
  /// A newer program has applied `found` steps; this one knows `known`.
  case newerVersion(found: Int, known: Int)
  /// The file's steps are not the first of ours.
  case differentHistory(found: [String], expected: [String])
  /// A step failed and left nothing behind.
  case step(name: String, SQLiteError)
  /// The file could not be read or written outside a step.
  case database(SQLiteError)

  package var description: String {
    switch self {
    case .foreignFile(let id): "the database belongs to another program (application_id \(id))"
    case .newerVersion(let found, let known):
      "the database has schema version \(found), and this program knows \(known)"
    case .differentHistory(let found, let expected):
      "the database was migrated by \(found.joined(separator: ", ")) and not by "
        + expected.joined(separator: ", ")
    case .step(let name, let error): "migration \(name): \(error)"
    case .database(let error): error.description
    }
  }
}
