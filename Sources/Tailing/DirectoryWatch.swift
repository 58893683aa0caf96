internal import Glibc
package import LogModel

/// Tells that something has happened to files in some folders: inotify(7).
///
/// It may tell too much and, of network file systems or when too many folders are watched, nothing:
/// it shortens the time until the next look, and replaces none.
package struct DirectoryWatch: ~Copyable {
  /// Why a wait has ended.
  package enum End: Sendable {
    case changed
    case woken
    case timedOut
  }

  private let descriptor: Int32
  private var folders: [Int32: Path] = [:]
  private var watches: [Path: Int32] = [:]

  package init() {
    descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Watches these folders from now on, and no others.
  ///
  /// One that cannot be watched is passed over.
  package mutating func watch(_ wanted: Set<Path>) {
    for (path, watch) in watches where !wanted.contains(path) {
      inotify_rm_watch(descriptor, watch)
      watches[path] = nil
      folders[watch] = nil
    }
    for path in wanted where watches[path] == nil {
      let events = UInt32(
        IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MOVE_SELF | IN_ONLYDIR)
      let watch = unsafe path.withCString {
        unsafe inotify_add_watch(descriptor, $0, events)
      }
      guard watch >= 0 else { continue }
      watches[path] = watch
      folders[watch] = path
    }
  }

  /// Waits until something happened that `matters`, `wakeup` can be read, or so much time has passed.
  ///
  /// `matters` is told the path, and whether the file is only written to.
  package mutating func wait(
    milliseconds: Int, wakeup: Int32, matters: (_ file: Path, _ isWrite: Bool) -> Bool
  ) -> End {
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(milliseconds)
    while true {
      let left = max(0, (deadline - clock.now) / .milliseconds(1))
      var descriptors = [
        pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = unsafe poll(&descriptors, 2, Int32(min(left.rounded(.up), 1e9)))
      if descriptors[0].revents != 0 || count < 0 { return .woken }
      if count == 0 { return .timedOut }
      if takeEvents(matters) { return .changed }
    }
  }

  /// Whether one of those that have come matters; all of them are taken.
  package mutating func takeEvents(_ matters: (Path, Bool) -> Bool) -> Bool {
    var isFound = false
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return isFound }
      var start = 0
      // struct inotify_event: watch, mask, cookie and the length of the name behind them.
      while start + 16 <= count {
        let watch = Int32(bitPattern: Self.word(buffer, at: start))
        let mask = Self.word(buffer, at: start + 4)
        let length = Int(Self.word(buffer, at: start + 12))
        let name = buffer[(start + 16)...].prefix(length).prefix { $0 != 0 }
        start += 16 + length
        if mask & UInt32(IN_Q_OVERFLOW) != 0 {
          isFound = true
        } else if mask & UInt32(IN_IGNORED | IN_MOVE_SELF) != 0 {
          // Its name may soon be another folder's.
          if mask & UInt32(IN_MOVE_SELF) != 0 { inotify_rm_watch(descriptor, watch) }
          if let path = folders.removeValue(forKey: watch) { watches[path] = nil }
          isFound = true
        } else if let folder = folders[watch] {
          isFound = isFound || matters(folder.appending(name), mask & UInt32(IN_MODIFY) != 0)
        }
      }
    }
  }

  private static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << (8 * $1) }
  }
}
