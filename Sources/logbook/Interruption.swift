import Glibc
import SQLite
import Storage
import Synchronization

/// SIGINT and SIGTERM: noted by the handler, asked for at places where stopping loses nothing; and SIGHUP, where
/// it is a request to read the configuration again.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// Stops a statement that is running.
  static let handle = InterruptHandle()

  static func install() {
    // Made here, because a signal handler must not run a lazy initialiser.
    handle.clear()
    LockWaiting.begin()
    received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      Glibc.signal(number) { number in
        Interruption.received.store(number, ordering: .relaxed)
        Interruption.handle.interrupt()
        LockWaiting.end()
        Interruption.wake()
      }
    }
  }

  private static let isReloading = Atomic<Bool>(false)
  /// The end of a pipe into which every signal writes a byte; -1 as long as nobody waits.
  private static let pipeInput = Atomic<Int32>(-1)

  /// Notes SIGHUP, too, and returns what can be read once a signal has come.
  static func installWaking() -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return -1 }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    pipeInput.store(ends[1], ordering: .relaxed)
    install()
    Glibc.signal(SIGHUP) { _ in
      Interruption.isReloading.store(true, ordering: .relaxed)
      Interruption.wake()
    }
    return ends[0]
  }

  /// Whether SIGHUP came since this was asked last.
  static func takeReload() -> Bool { isReloading.exchange(false, ordering: .relaxed) }

  private static func wake() {
    let end = pipeInput.load(ordering: .relaxed)
    var byte: UInt8 = 0
    if end >= 0 { _ = unsafe write(end, &byte, 1) }
  }

  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  static var signal: Int32 {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? SIGINT : number
  }
}
