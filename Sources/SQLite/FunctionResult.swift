internal import CSQLite

/// Where a function, or a column of a virtual table, puts its value; without one it is NULL.
@safe
package struct FunctionResult: ~Escapable {
  private let context: OpaquePointer?

  @_lifetime(immortal)
  init(context: OpaquePointer?) { unsafe self.context = unsafe context }

  package func setNull() { unsafe sqlite3_result_null(context) }

  package func set(_ value: Int64) { unsafe sqlite3_result_int64(context, value) }

  package func set(_ value: Int) { unsafe sqlite3_result_int64(context, Int64(value)) }

  package func set(_ value: Bool) { unsafe sqlite3_result_int(context, value ? 1 : 0) }

  package func set(_ value: Double) { unsafe sqlite3_result_double(context, value) }

  package func set(_ value: String) {
    var value = value
    value.withUTF8 {
      unsafe logbook_result_text(context, $0.baseAddress, UInt64($0.count))
    }
  }

  /// Without a copy.
  package func set(constant text: StaticString) {
    unsafe logbook_result_constant(context, text.utf8Start, UInt64(text.utf8CodeUnitCount))
  }

  /// Copies bytes as text, unchecked.
  package func set(text bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe logbook_result_text(context, $0.baseAddress, UInt64($0.count))
    }
  }

  package func set(blob bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe logbook_result_blob(context, $0.baseAddress, UInt64($0.count))
    }
  }

  /// Ends the statement with this message.
  package func set(error message: String, code: Int32 = 1) {
    var message = message
    message.withUTF8 { bytes in
      let start = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      if let start = unsafe start {
        unsafe sqlite3_result_error(context, start, Int32(truncatingIfNeeded: bytes.count))
      }
    }
    unsafe sqlite3_result_error_code(context, code)
  }

  func set(thrown error: any Error) {
    let failure = CallbackFailure(error)
    set(error: failure.message, code: failure.code)
  }
}

/// What SQLite is told of an error that a callback threw.
struct CallbackFailure {
  let code: Int32
  let message: String

  init(_ error: any Error) {
    if let error = error as? SQLiteError {
      code = error.code
      message = error.message
    } else {
      code = SQLITE_ERROR
      message = String(describing: error)
    }
  }
}
