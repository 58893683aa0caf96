import CLinux
import Glibc

/// A command that is run with this process' own standard input and output, and its standard error
/// passed on as it comes.
///
/// The command ends when its first process does: one that it has left in the background is not waited for,
/// and what it writes to standard error from then on is passed on by another process.
package struct ChildProcess {
  /// How it ended.
  package enum End: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It could not be started.
    case notStarted(errno: Int32)

    /// As a shell tells it.
    package var status: Int32 {
      switch self {
      case .exited(let status): status
      case .killed(let signal): 128 + signal
      case .notStarted(let code): code == ENOENT ? 127 : 126
      }
    }
  }

  package let end: End
  package let microseconds: Int64
  /// The last bytes of its standard error.
  package let errorTail: [UInt8]
  package let errorCount: Int

  /// So much of standard error is kept.
  package static let maxTail = 16 << 10

  /// Runs it to its end; what somebody sends to this process meanwhile is passed on to it.
  package init(_ arguments: [[UInt8]]) {
    let signals = PassedSignals()
    let started = Self.clock()
    var pipes: (read: Int32, write: Int32) = (-1, -1)
    var numbers: [Int32] = [-1, -1]
    if unsafe pipe(&numbers) == 0 { pipes = (numbers[0], numbers[1]) }
    for number in numbers where number >= 0 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    let child = Self.start(arguments, errors: pipes.write, signals)
    if pipes.write >= 0 { close(pipes.write) }
    var tail = ErrorTail(pipes.read)
    switch child {
    case .failure(let failure): end = .notStarted(errno: failure.code)
    case .success(let process):
      end = Self.wait(for: process, signals, &tail)
    }
    microseconds = Self.clock() - started
    tail.handOver()
    if pipes.read >= 0 { close(pipes.read) }
    signals.release()
    (errorTail, errorCount) = (tail.bytes, tail.count)
  }

  /// Lets SIGINT and SIGTERM act on this process again, which they do not from a command's start on.
  package static func acceptSignals() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, number) }
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  private struct StartFailure: Error { var code: Int32 }

  private static func start(
    _ arguments: [[UInt8]], errors: Int32, _ signals: borrowing PassedSignals
  ) -> Result<pid_t, StartFailure> {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    if errors >= 0 { unsafe posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
    // This process ignores it, which a command would inherit.
    var defaults = sigset_t()
    unsafe sigemptyset(&defaults)
    unsafe sigaddset(&defaults, SIGPIPE)
    var mask = signals.before
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    unsafe posix_spawnattr_setsigmask(&attributes, &mask)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var texts: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map {
      unsafe strdup($0.map { CChar(bitPattern: $0) } + [0])
    }
    unsafe texts.append(nil)
    defer { unsafe texts.forEach { unsafe free($0) } }
    guard let program = unsafe texts[0] else { return .failure(StartFailure(code: ENOMEM)) }
    var process = pid_t()
    let code = unsafe posix_spawnp(&process, program, &actions, &attributes, texts, environ)
    return code == 0 ? .success(process) : .failure(StartFailure(code: code))
  }

  private static func wait(
    for process: pid_t, _ signals: borrowing PassedSignals, _ tail: inout ErrorTail
  ) -> End {
    while true {
      var waited = [
        pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: tail.isOpen ? tail.descriptor : -1, events: Int16(POLLIN), revents: 0),
      ]
      // Without signals to read it looks again after a while.
      _ = unsafe poll(&waited, 2, signals.descriptor >= 0 ? -1 : 50)
      tail.pass()
      signals.pass(to: process)
      var status: Int32 = 0
      guard unsafe waitpid(process, &status, WNOHANG) == process else { continue }
      // What it wrote last is in the pipe.
      tail.pass()
      let signal = status & 0x7F
      return signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal)
    }
  }

  /// Microseconds of a clock that nobody sets.
  private static func clock() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}

/// Signals that are read here instead of acting on this process, while a command runs.
private struct PassedSignals: ~Copyable {
  /// -1 where there are no such descriptors.
  let descriptor: Int32
  /// The mask that the command gets.
  let before: sigset_t

  private static let numbers = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]

  init() {
    var signals = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&signals)
    // Ignored, as some programs leave it to others, it would not tell of the command's end.
    signal(SIGCHLD, SIG_DFL)
    for number in Self.numbers + [SIGCHLD] { unsafe sigaddset(&signals, number) }
    unsafe sigprocmask(SIG_BLOCK, &signals, &before)
    self.before = before
    descriptor = unsafe logbook_signal_descriptor(&signals)
  }

  /// Ends it; what has come since acts on nobody.
  consuming func release() {}

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// A terminal has sent to the command itself what it has sent here.
  func pass(to process: pid_t) {
    var code: Int32 = 0
    while descriptor >= 0 {
      let number = unsafe logbook_next_signal(descriptor, &code)
      guard number != 0 else { return }
      if number != SIGCHLD, code <= 0 { kill(process, number) }
    }
  }
}
