import Glibc

/// Tells systemd how a service stands: datagrams to the socket of $NOTIFY_SOCKET, as sd_notify(3) sends them.
///
/// Without the variable nobody is told.
struct ServiceNotification {
  private let socketPath: String?

  init() { socketPath = Workspace.variable("NOTIFY_SOCKET") }

  /// It has begun, or has read its configuration again.
  func ready(_ status: String) { send("READY=1\nSTATUS=\(status)\n") }

  func reloading() {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    send("RELOADING=1\nMONOTONIC_USEC=\(now)\n")
  }

  func stopping() { send("STOPPING=1\n") }

  private func send(_ text: String) {
    guard let socketPath else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(socketPath.utf8)
    // An abstract name begins with a NUL, for which the variable has an at sign.
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard name.count < capacity else { return }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let isAbstract = name.first == 0
    let size = socklen_t(
      MemoryLayout<sockaddr_un>.size - capacity + name.count + (isAbstract ? 0 : 1))
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = unsafe sendto(
          descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, size)
      }
    }
  }
}
