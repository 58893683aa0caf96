import SQLite
package import Storage
package import Tailing

/// Proves that the store holds what it says: from the store alone, or from its files, too.
///
/// Everything is seen as it was at one moment, while others may write. Memory is bounded by the
/// largest chunk and by the numbers of sources, files, templates and chunks, not by that of lines; but for
/// the times of errors to the microsecond, of 8 bytes each.
package enum Verifier {
  /// Runs every check, in the order of their rows; `progress` counts chunks.
  ///
  /// Damage is a row that is not ok, and never an error: what throws is that the store cannot be
  /// asked, because it is busy or the caller interrupted it. With `encoding`, which says how the
  /// files of a source are read, the files that are still there are compared, too.
  package static func run(
    _ store: borrowing Store, progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in },
    comparingFiles encoding: ((_ source: String) -> TextEncoding)? = nil
  ) throws(StorageError) -> [Check] {
    try store.wrap { db throws(SQLiteError) in
      try db.execute("BEGIN")
      defer { db.rollBack() }
      return try checks(db, encoding, progress)
    }
  }

  /// The first fault of the pages or of the chunks: what lines could be lost by; nil where there is none.
  package static func damage(in store: borrowing Store) throws(StorageError) -> String? {
    try store.wrap { db throws(SQLiteError) in
      let integrity = try IntegrityCheck.run(db)
      guard integrity.isOK else { return integrity.detail }
      var audit = try ChunkAudit(Places(reading: db), TemplateIndex(reading: db))
      try audit.run(db, progress: { _, _ in })
      return audit.check.isOK ? nil : audit.check.detail
    }
  }

  private static func checks(
    _ db: borrowing Connection, _ encoding: ((String) -> TextEncoding)?,
    _ progress: (Int64, Int64) -> Void
  ) throws(SQLiteError) -> [Check] {
    let names = encoding == nil ? names : names + ["files"]
    var checks: [Check] = []
    checks.append(try check("integrity") { () throws(SQLiteError) in try IntegrityCheck.run(db) })
    let places: Places
    let templates: TemplateIndex
    do throws(SQLiteError) {
      places = try Places(reading: db)
      templates = try TemplateIndex(reading: db)
    } catch {
      guard error.isDamage else { throw error }
      // Without them no row can be judged.
      return checks
        + names.dropFirst().map {
          Check(
            name: $0, isOK: false,
            detail: "not checked: \(error.message) in source, file or template")
        }
    }
    var audit = ChunkAudit(places, templates)
    checks.append(
      try check("chunks") { () throws(SQLiteError) in
        try audit.run(db, progress: progress)
        return audit.check
      })
    checks.append(
      try check("chunk_template") { () throws(SQLiteError) in
        guard audit.isComplete else { return notCompared("chunk_template") }
        return try ChunkTemplateCheck.run(db, places, audit)
      })
    checks.append(audit.isComplete ? audit.words.check : notCompared("chunk_word"))
    checks.append(
      try check("extents") { () throws(SQLiteError) in
        guard audit.isComplete else { return notCompared("extents") }
        return try ExtentCheck.run(db, places, audit)
      })
    checks.append(
      try check("offsets") { () throws(SQLiteError) in try OffsetCheck.run(db, places) })
    checks.append(audit.isComplete ? LineCheck.run(places, audit) : notCompared("lines"))
    checks.append(
      try check("patterns") { () throws(SQLiteError) in
        guard audit.isComplete else { return notCompared("patterns") }
        return try PatternCheck.run(db, places, audit)
      })
    checks.append(
      try check("line_count") { () throws(SQLiteError) in try LineCountCheck.run(db, places) })
    checks.append(try check("templates") { () throws(SQLiteError) in try TemplateCheck.run(db) })
    checks.append(
      try check("turns") { () throws(SQLiteError) in
        guard checks.allSatisfy(\.isOK) else {
          return Check(
            name: "turns", isOK: false, detail: "not compared: first repair what is damaged above")
        }
        return try TurnCheck.run(db, places)
      })
    checks.append(
      try check("errors") { () throws(SQLiteError) in
        guard checks.dropLast().allSatisfy(\.isOK) else {
          return Check(
            name: "errors", isOK: false, detail: "not compared: first repair what is damaged above")
        }
        return try ErrorCheck.run(db, places)
      })
    checks.append(
      try check("metrics") { () throws(SQLiteError) in
        guard checks.dropLast(2).allSatisfy(\.isOK) else {
          return Check(
            name: "metrics", isOK: false, detail: "not compared: first repair what is damaged above"
          )
        }
        return try MetricCheck.run(db, places)
      })
    if let encoding {
      checks.append(
        try check("files") { () throws(SQLiteError) in
          try FileCheck.run(db, places, encoding: encoding)
        })
    }
    return checks
  }

  private static let names = [
    "integrity", "chunks", "chunk_template", "chunk_word", "extents", "offsets", "lines",
    "patterns", "line_count", "templates", "turns", "errors", "metrics",
  ]

  private static func notCompared(_ name: String) -> Check {
    Check(name: name, isOK: false, detail: "not compared: the chunks cannot be listed")
  }

  /// A statement that fails on what is in the file makes the check fail.
  private static func check(
    _ name: String, _ body: () throws(SQLiteError) -> Check
  ) throws(SQLiteError) -> Check {
    do throws(SQLiteError) {
      return try body()
    } catch {
      guard error.isDamage else { throw error }
      return Check(name: name, isOK: false, detail: error.message)
    }
  }
}
