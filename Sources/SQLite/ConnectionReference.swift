/// A way back to a connection for what the connection itself calls: modules, cursors, functions.
///
/// It does not keep the connection open; using it after the connection's end traps.
package struct ConnectionReference {
  private unowned let core: ConnectionCore
  /// Of a host's connection nobody else keeps it.
  private let kept: ConnectionCore?

  package init(_ connection: borrowing Connection) {
    core = connection.core
    kept = connection.core.isHosts ? connection.core : nil
  }

  package func withConnection<R: ~Copyable, E: Error>(
    _ body: (borrowing Connection) throws(E) -> R
  ) throws(E) -> R {
    try body(Connection(core: core))
  }
}
