internal import CSQLite

/// Lends the connection that a program loads an extension into, and says what SQLite wants to hear of
/// the outcome: a result code, and a message where `body` throws.
///
/// The connection stays the program's. What `body` registers on it lasts as long as it does.
package func enterExtension(
  _ database: OpaquePointer, message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ body: (borrowing Connection) throws -> Void
) -> Int32 {
  do {
    try body(Connection(core: unsafe ConnectionCore(host: database)))
    return SQLITE_OK
  } catch {
    unsafe message?.pointee = unsafe allocatedMessage(CallbackFailure(error).message)
    return SQLITE_ERROR
  }
}
