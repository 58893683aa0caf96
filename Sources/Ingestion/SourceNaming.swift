import LogModel
import SQLite
import Storage
import Tailing

// Which source a file's lines go to.

extension IngestRun {
  /// The source that a new file belongs to.
  mutating func source(
    of candidate: Candidate, _ store: borrowing Store
  ) throws -> Int64 {
    let request = request(candidate)
    let isStream = candidate.path == standardInput
    let family = isStream ? Path("stdin") : Self.family(of: candidate.path)
    let key = request.source.map { Path($0) } ?? Path(bytes: [0] + family.bytes)
    if let id = sourceNames[key] { return id }
    let row: SourceRow
    if let name = request.source {
      row =
        try store.wrap { db throws(SQLiteError) in try SourceTable().row(name: name, in: db) }
        ?? batch.addSource(name: name, kind: isStream ? "stdin" : "file", family: nil)
    } else if isStream {
      let name = family.description
      row =
        try store.wrap { db throws(SQLiteError) in try SourceTable().row(name: name, in: db) }
        ?? batch.addSource(name: name, kind: "stdin", family: nil)
    } else {
      let absolute = family.absolute
      let found = try store.wrap { db throws(SQLiteError) in
        try SourceTable().row(family: absolute, in: db)
      }
      if let found {
        row = found
      } else {
        // A relative name that another folder's family has already is told apart by its whole path.
        let name = family.description
        let isTaken = try store.wrap { db throws(SQLiteError) in
          try SourceTable().row(name: name, in: db) != nil
        }
        let isNew = batch.newNames.contains(ExactText(name))
        row = batch.addSource(
          name: isTaken || isNew ? absolute.description : name, kind: "file", family: absolute)
      }
    }
    batch.adopt(row)
    sourceNames[key] = row.id
    return row.id
  }

  /// The path less its rotation suffix; of a rotated file in a folder of old ones, that of the file
  /// in the folder above (logrotate's `olddir`).
  static func family(of path: Path) -> Path {
    let name = RotationName(path)
    guard name.rank != .active, (try? FileStatus(of: name.family)) == nil else {
      return name.family
    }
    let above = path.directory.directory.appending(name.family.name)
    return (try? FileStatus(of: above))?.kind == .regular ? above : name.family
  }
}
