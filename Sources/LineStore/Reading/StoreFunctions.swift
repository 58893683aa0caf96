import CDeflate
package import SQLite

/// Defines the functions that the store's views call and that SQLite's library lacks, as the shell
/// has them: `sqlar_uncompress(DATA, SIZE)`.
package func registerStoreFunctions(on db: borrowing Connection) throws(SQLiteError) {
  try db.createFunction(
    "sqlar_uncompress", argumentCount: 2, options: [.deterministic, .innocuous]
  ) { arguments, result in
    let data = arguments.bytes(0)
    let size = Int(Int32(truncatingIfNeeded: arguments.integer(1)))
    guard size != 0 && size != data.count else {
      switch arguments.type(0) {
      case .null: result.setNull()
      case .integer: result.set(arguments.integer(0))
      case .real: result.set(arguments.real(0))
      case .text: result.set(text: data)
      case .blob: result.set(blob: data)
      }
      return
    }
    guard let inflated = inflate(data, atMost: size) else {
      throw SQLiteError(code: 1, message: SQLiteError.inflating)
    }
    result.set(blob: inflated.span)
  }
}

private func inflate(_ data: Span<UInt8>, atMost size: Int) -> [UInt8]? {
  // DEFLATE makes no more than 1,032 bytes of one.
  guard size > 0, size / 1032 <= data.count,
    let decompressor = unsafe libdeflate_alloc_decompressor()
  else {
    return nil
  }
  defer { unsafe libdeflate_free_decompressor(decompressor) }
  var isWhole = false
  let output = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    let base = buffer.baseAddress
    isWhole = unsafe data.withUnsafeBufferPointer { input in
      unsafe libdeflate_zlib_decompress(
        decompressor, input.baseAddress, input.count, base, size, &count) == LIBDEFLATE_SUCCESS
    }
    if !isWhole { count = 0 }
  }
  return isWhole ? output : nil
}

extension SQLiteError {
  /// As the shell says it.
  fileprivate static let inflating = "error in uncompress()"

  /// A statement came upon a blob that cannot be inflated.
  package var isOfInflating: Bool { message == Self.inflating }
}
