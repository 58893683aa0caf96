import Glibc
import SQLite
import Synchronization

/// SIGINT and SIGTERM: noted by the handler, asked for at places where stopping loses nothing.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// Stops a statement that is running.
  static let handle = InterruptHandle()

  static func install() {
    // Made here, because a signal handler must not run a lazy initialiser.
    handle.clear()
    received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number) { number in
        Interruption.received.store(number, ordering: .relaxed)
        Interruption.handle.interrupt()
      }
    }
  }

  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  static var signal: Int32 {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? SIGINT : number
  }
}
