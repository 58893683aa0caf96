import SQLite
import Storage

// Events of errors, and samples of metrics: each has an age of its own.

extension Pruning {
  mutating func pruneEvents(_ store: borrowing Store) throws {
    guard let time = limits.events else { return }
    try noteEscalations(store)
    var chunks = try store.wrap { db throws(SQLiteError) in
      try ErrorPruning().chunks(before: time, in: db)
    }[...]
    while let next = chunks.popFirst() {
      try pause(store)
      let part: (count: Int64, damage: String?) = try store.write { db throws(SQLiteError) in
        do throws(SQLiteError) {
          return (try ErrorPruning().remove(chunk: next, before: time, in: db), nil)
        } catch {
          guard error.isCorrupt else { throw error }
          return (0, error.message)
        }
      }
      removed.events += part.count
      removed.damaged[next] = part.damage ?? removed.damaged[next]
    }
    // Those that an interrupted one has left, too.
    let unused = try store.wrap { db throws(SQLiteError) in
      try ErrorPruning().unusedVariants(in: db)
    }
    try store.write { db throws(SQLiteError) in
      try ErrorPruning().remove(variants: unused, in: db)
    }
  }

  /// Errors that were ignored until they escalate, and did: what showed it may go.
  private func noteEscalations(_ store: borrowing Store) throws(StorageError) {
    let escaped = try store.wrap { db throws(SQLiteError) in
      try ErrorDecisions().escalated(in: db)
    }
    guard !escaped.isEmpty else { return }
    try store.write { db throws(SQLiteError) in
      for error in escaped { try ErrorDecisions().reopen(error, in: db) }
    }
  }

  mutating func pruneSamples(_ store: borrowing Store) throws {
    guard let time = limits.samples else { return }
    while try store.wrap({ db throws(SQLiteError) in
      try SamplePruning().isDue(before: time, in: db)
    }) {
      try pause(store)
      removed.samples += try store.write { db throws(SQLiteError) in
        try SamplePruning().remove(before: time, limit: 5000, in: db)
      }
    }
  }
}
