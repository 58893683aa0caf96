internal import CSQLite

/// The arguments of one call of an SQL function, or of one filter of a virtual table.
///
/// They count from 0 and live as long as the call. Nothing is copied unless a `String` is asked
/// for.
@safe
package struct FunctionArguments: ~Escapable {
  package let count: Int
  private let values: UnsafeMutablePointer<OpaquePointer?>?
  private let context: OpaquePointer?

  @_lifetime(immortal)
  init(
    count: Int32, values: UnsafeMutablePointer<OpaquePointer?>?, context: OpaquePointer? = nil
  ) {
    self.count = Int(count)
    unsafe self.values = unsafe values
    unsafe self.context = unsafe context
  }

  private func value(_ index: Int) -> OpaquePointer? {
    precondition(index >= 0 && index < count, "no such argument")
    return unsafe values?[index]
  }

  package func type(_ index: Int) -> StorageClass {
    StorageClass(unsafe sqlite3_value_type(value(index)))
  }

  package func isNull(_ index: Int) -> Bool {
    unsafe sqlite3_value_type(value(index)) == SQLITE_NULL
  }

  package func integer(_ index: Int) -> Int64 { unsafe sqlite3_value_int64(value(index)) }

  package func real(_ index: Int) -> Double { unsafe sqlite3_value_double(value(index)) }

  /// The value as text, with U+FFFD in place of what is not UTF-8; NULL is empty.
  package func text(_ index: Int) -> String {
    unsafe String(decoding: valueBuffer(value(index)), as: UTF8.self)
  }

  /// The bytes of a text or a blob where SQLite holds them, numbers as text; NULL is empty.
  @_lifetime(copy self)
  package func bytes(_ index: Int) -> Span<UInt8> {
    let span = unsafe Span(_unsafeElements: valueBuffer(value(index)))
    return unsafe _overrideLifetime(span, copying: self)
  }

  /// The values of an IN list that the plan asked for as a whole (`takesList`).
  package func list(_ index: Int) -> [ConstantValue] {
    var values: [ConstantValue] = []
    var value: OpaquePointer?
    var status = unsafe sqlite3_vtab_in_first(self.value(index), &value)
    while status == SQLITE_OK, let present = unsafe value {
      unsafe values.append(ConstantValue(present))
      status = unsafe sqlite3_vtab_in_next(self.value(index), &value)
    }
    return values
  }

  /// An object made from this argument, kept by SQLite while the argument is a constant of the
  /// statement: made once, for instance, for a pattern that every row is compared with.
  ///
  /// In a filter of a virtual table nothing is kept.
  package func cached<Object: AnyObject, Failure: Error>(
    _ index: Int, make: () throws(Failure) -> Object
  ) throws(Failure) -> Object {
    guard let context = unsafe context else { return try make() }
    let slot = Int32(truncatingIfNeeded: index)
    if let kept = unsafe sqlite3_get_auxdata(context, slot) {
      let object = unsafe Unmanaged<AnyObject>.fromOpaque(kept).takeUnretainedValue()
      // The usual case, without the search of a dynamic cast.
      if Swift.type(of: object) == Object.self {
        return unsafe unsafeDowncast(object, to: Object.self)
      }
      if let object = object as? Object { return object }
    }
    let object = try make()
    unsafe sqlite3_set_auxdata(
      context, slot, Unmanaged<AnyObject>.passRetained(object).toOpaque(), releaseObject)
    return object
  }
}

/// The bytes of a value.
///
/// A blob is read as a blob and everything else as text: mixing the two calls on one value would
/// let SQLite move it.
func valueBuffer(_ value: OpaquePointer?) -> UnsafeBufferPointer<UInt8> {
  let start =
    unsafe sqlite3_value_type(value) == SQLITE_BLOB
    ? unsafe sqlite3_value_blob(value)?.assumingMemoryBound(to: UInt8.self)
    : unsafe sqlite3_value_text(value)
  guard let start = unsafe start else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
  return unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
}

/// SQLite's destructor for an object that was handed to it retained.
func releaseObject(_ object: UnsafeMutableRawPointer?) {
  guard let object = unsafe object else { return }
  unsafe Unmanaged<AnyObject>.fromOpaque(object).release()
}
