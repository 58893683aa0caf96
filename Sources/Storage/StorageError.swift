package import SQLite

/// What can be wrong with a store as a file; the prose is the command line's.
package enum StorageError: Error {
  case missing(path: String)
  /// Not an SQLite file, or a damaged one.
  case notADatabase(path: String)
  /// What a row holds cannot be read; the error says which.
  case damaged(path: String, SQLiteError)
  /// An SQLite file of another program.
  case foreign(path: String)
  /// Made by a newer logbook.
  case newerSchema(path: String, found: Int, known: Int)
  /// Not migrated yet, and opened for reading only.
  case olderSchema(path: String, found: Int, known: Int)
  case cannotOpen(path: String, errno: Int32)
  case cannotLock(path: String, errno: Int32)
  /// Another process holds the lock.
  case locked(path: String)
  /// Somebody asked to stop while a lock was waited for.
  case interrupted
  case diskFull(path: String)
  case readOnly(path: String)
  case database(path: String, SQLiteError)

}

extension StorageError {
  /// Sorts an error of SQLite by what the user can do about it.
  package init(_ error: SQLiteError, path: String) {
    if error.isFull {
      self = .diskFull(path: path)
    } else if error.isReadOnly {
      self = .readOnly(path: path)
    } else if error.code == SQLiteError.damagedPart {
      self = .damaged(path: path, error)
    } else if error.isCorrupt {
      self = .notADatabase(path: path)
    } else if error.isBusy {
      self = .locked(path: path)
    } else {
      self = .database(path: path, error)
    }
  }
}
