internal import CSQLite

// Parameters count from 1, as in SQLite. Text and blobs are copied by SQLite.

extension Statement {
  @_lifetime(self: copy self)
  package mutating func bind(null index: Int32) throws(SQLiteError) {
    try check(unsafe sqlite3_bind_null(raw, index))
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: Int64) throws(SQLiteError) {
    try check(unsafe sqlite3_bind_int64(raw, index, value))
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: Int) throws(SQLiteError) {
    try check(unsafe sqlite3_bind_int64(raw, index, Int64(value)))
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: Bool) throws(SQLiteError) {
    try check(unsafe sqlite3_bind_int64(raw, index, value ? 1 : 0))
  }

  /// NaN is stored as NULL, as SQLite does.
  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: Double) throws(SQLiteError) {
    try check(unsafe sqlite3_bind_double(raw, index, value))
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: String) throws(SQLiteError) {
    var value = value
    try check(
      value.withUTF8 {
        unsafe logbook_bind_text(raw, index, $0.baseAddress, UInt64($0.count))
      })
  }

  /// Binds bytes as text, unchecked: SQLite stores what is not UTF-8 too.
  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, text: Span<UInt8>) throws(SQLiteError) {
    try check(
      unsafe text.withUnsafeBufferPointer {
        unsafe logbook_bind_text(raw, index, $0.baseAddress, UInt64($0.count))
      })
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, blob: Span<UInt8>) throws(SQLiteError) {
    try check(
      unsafe blob.withUnsafeBufferPointer {
        unsafe logbook_bind_blob(raw, index, $0.baseAddress, UInt64($0.count))
      })
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: Int64?) throws(SQLiteError) {
    if let value { try bind(index, value) } else { try bind(null: index) }
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: Int?) throws(SQLiteError) {
    if let value { try bind(index, value) } else { try bind(null: index) }
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: Double?) throws(SQLiteError) {
    if let value { try bind(index, value) } else { try bind(null: index) }
  }

  @_lifetime(self: copy self)
  package mutating func bind(_ index: Int32, _ value: String?) throws(SQLiteError) {
    if let value { try bind(index, value) } else { try bind(null: index) }
  }

  /// Makes every parameter NULL.
  @_lifetime(self: copy self)
  package mutating func clearBindings() {
    unsafe sqlite3_clear_bindings(raw)
  }

  /// Runs the statement with one more parameter, a blob that SQLite does not copy first.
  ///
  /// Afterwards that parameter is NULL.
  @_lifetime(self: copy self)
  package mutating func run(_ index: Int32, uncopiedBlob blob: Span<UInt8>) throws(SQLiteError) {
    let raw = unsafe self.raw
    let status = unsafe blob.withUnsafeBufferPointer { bytes in
      var status = unsafe logbook_bind_blob_uncopied(
        raw, index, bytes.baseAddress, UInt64(bytes.count))
      guard status == SQLITE_OK else { return status }
      repeat { status = unsafe sqlite3_step(raw) } while status == SQLITE_ROW
      return status
    }
    let error = status == SQLITE_DONE ? nil : latestError
    unsafe sqlite3_reset(raw)
    unsafe sqlite3_bind_null(raw, index)
    if let error { throw error }
  }

  /// The number of a named parameter, its mark included (`:name`), or nil.
  package func parameterIndex(_ name: String) -> Int32? {
    let index = unsafe sqlite3_bind_parameter_index(raw, name)
    return index == 0 ? nil : index
  }

  package var parameterCount: Int32 { unsafe sqlite3_bind_parameter_count(raw) }
}
