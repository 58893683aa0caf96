internal import CSQLite

// Columns count from 0, as in SQLite. They are read between a step that gave a row and the next
// call that changes the statement; a value of another storage class is converted as SQLite does.

extension Statement {
  package var columnCount: Int32 { unsafe sqlite3_column_count(raw) }

  package func columnName(_ index: Int32) -> String {
    guard let name = unsafe sqlite3_column_name(raw, index) else { return "" }
    return unsafe String(cString: name)
  }

  /// The storage class of the value in the present row.
  package func columnType(_ index: Int32) -> StorageClass {
    StorageClass(unsafe sqlite3_column_type(raw, index))
  }

  package func isNull(_ index: Int32) -> Bool {
    unsafe sqlite3_column_type(raw, index) == SQLITE_NULL
  }

  package func integer(_ index: Int32) -> Int64 { unsafe sqlite3_column_int64(raw, index) }

  package func int(_ index: Int32) -> Int { Int(unsafe sqlite3_column_int64(raw, index)) }

  package func real(_ index: Int32) -> Double { unsafe sqlite3_column_double(raw, index) }

  /// The value as text, with U+FFFD in place of what is not UTF-8; NULL is empty.
  package func text(_ index: Int32) -> String {
    unsafe String(decoding: buffer(index), as: UTF8.self)
  }

  package func optionalInteger(_ index: Int32) -> Int64? { isNull(index) ? nil : integer(index) }

  package func optionalReal(_ index: Int32) -> Double? { isNull(index) ? nil : real(index) }

  package func optionalText(_ index: Int32) -> String? { isNull(index) ? nil : text(index) }

  /// The bytes of a text or a blob where SQLite holds them; NULL is empty.
  @_lifetime(borrow self)
  package func bytes(_ index: Int32) -> Span<UInt8> {
    let span = unsafe Span(_unsafeElements: buffer(index))
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  // A blob is read as a blob and everything else as text: mixing the two calls on one value would
  // let SQLite move it while a span still points at it.
  private func buffer(_ index: Int32) -> UnsafeBufferPointer<UInt8> {
    let start =
      unsafe sqlite3_column_type(raw, index) == SQLITE_BLOB
      ? unsafe sqlite3_column_blob(raw, index)?.assumingMemoryBound(to: UInt8.self)
      : unsafe sqlite3_column_text(raw, index)
    guard let start = unsafe start else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(raw, index)))
  }
}
