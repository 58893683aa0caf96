import SQLite

extension SQLiteError {
  /// The statement failed for what is in the file, and not for who else uses it.
  var isDamage: Bool { !isBusy && !isInterrupt && !isFull }
}
