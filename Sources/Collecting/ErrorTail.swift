import CLinux
import Glibc

/// Standard error on its way from a command to where this process' goes.
struct ErrorTail {
  /// Of the pipe that the command writes to; -1 for none.
  let descriptor: Int32
  /// Somebody may still write to it.
  private(set) var isOpen: Bool
  private(set) var count = 0
  private var kept: [UInt8] = []
  private var canWrite = true

  private static let blockSize = 64 << 10
  /// All that a pipe can hold, by the kernel's limit.
  private static let blocksOfPipe = 16

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    isOpen = descriptor >= 0
    if isOpen { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
  }

  var bytes: [UInt8] { Array(kept.suffix(ChildProcess.maxTail)) }

  /// Passes on what is there; not all that comes meanwhile, which may have no end.
  mutating func pass() {
    guard isOpen else { return }
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    for _ in 0..<Self.blocksOfPipe {
      let count = unsafe read(descriptor, &block, block.count)
      guard count > 0 else {
        isOpen = count < 0 && (errno == EAGAIN || errno == EINTR)
        return
      }
      self.count += count
      kept += block[..<count]
      if kept.count > 4 * ChildProcess.maxTail {
        kept.removeFirst(kept.count - ChildProcess.maxTail)
      }
      if canWrite { canWrite = Self.write(block[..<count]) }
    }
  }

  /// Has a `cat` pass on what is still to come: who writes it would be killed where nobody reads.
  ///
  /// It ends with the last of those who write. Without a `cat` nobody reads.
  mutating func handOver() {
    guard isOpen else { return }
    isOpen = false
    _ = fcntl(descriptor, F_SETFL, 0)
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
    // What ends this process' group, but not the one who writes, is not to end it.
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &all)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let name = unsafe strdup("cat")
    defer { unsafe free(name) }
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [name, nil]
    var process = pid_t()
    _ = unsafe posix_spawnp(&process, "cat", &actions, &attributes, &arguments, environ)
  }

  /// False where nobody reads any more.
  private static func write(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = Array(bytes)
    while !rest.isEmpty {
      let written = unsafe Glibc.write(STDERR_FILENO, rest, rest.count)
      if written >= 0 {
        rest.removeFirst(written)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var wait = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      default: return false
      }
    }
    return true
  }
}
