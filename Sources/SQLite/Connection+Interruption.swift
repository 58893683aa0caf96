internal import CSQLite
internal import Synchronization

/// Stops what a connection is running, from another thread or a signal handler: it only sets an
/// atomic flag, which the connection looks at while statements run.
///
/// Unlike `sqlite3_interrupt`, it is safe after the connection is closed, and it lasts: statements
/// that start later stop too (very short ones may still complete), until `clear`.
package final class InterruptHandle: Sendable {
  private let flag = Atomic<Bool>(false)

  package init() {}

  package func interrupt() { flag.store(true, ordering: .relaxed) }
  package func clear() { flag.store(false, ordering: .relaxed) }
  package var isInterrupted: Bool { flag.load(ordering: .relaxed) }
}

/// What SQLite's progress handler looks at.
final class ProgressMonitor {
  var interrupt: InterruptHandle?
  var deadline: ContinuousClock.Instant?

  /// Instructions of SQLite's machine between two looks: about ten microseconds.
  static let period: Int32 = 1_000

  var mustStop: Bool {
    if let interrupt, interrupt.isInterrupted { return true }
    if let deadline, ContinuousClock.now >= deadline { return true }
    return false
  }
}

extension Connection {
  /// Statements fail with `isInterrupt` once `handle` says so; nil removes the handle.
  package func setInterruptHandle(_ handle: InterruptHandle?) {
    let monitor = core.monitor ?? ProgressMonitor()
    monitor.interrupt = handle
    install(monitor)
  }

  /// Statements that still run when `limit` has passed from now fail with `isInterrupt`; nil
  /// removes the limit.
  package func setTimeLimit(_ limit: Duration?) {
    let monitor = core.monitor ?? ProgressMonitor()
    monitor.deadline = limit.map { ContinuousClock.now + $0 }
    install(monitor)
  }

  private func install(_ monitor: ProgressMonitor) {
    guard monitor.interrupt != nil || monitor.deadline != nil else {
      unsafe sqlite3_progress_handler(core.raw, 0, nil, nil)
      core.monitor = nil
      return
    }
    core.monitor = monitor
    unsafe sqlite3_progress_handler(
      core.raw, ProgressMonitor.period,
      { context in
        guard let context = unsafe context else { return 0 }
        let monitor = unsafe Unmanaged<ProgressMonitor>.fromOpaque(context)
        return unsafe monitor._withUnsafeGuaranteedRef { $0.mustStop } ? 1 : 0
      }, Unmanaged.passUnretained(monitor).toOpaque())
  }
}
