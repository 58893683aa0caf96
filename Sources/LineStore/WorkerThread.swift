import Glibc

/// A thread that runs one function; signals are for the program's own threads.
package struct WorkerThread: Sendable {
  private let handle: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Nil where no thread can be had.
  package init?(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(Body(run))
    var made = pthread_t()
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    let failed = unsafe pthread_create(
      &made, nil,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    guard failed == 0 else {
      unsafe body.release()
      return nil
    }
    handle = made
  }

  /// Waits for the function's end; to be called once.
  package func join() { pthread_join(handle, nil) }
}
