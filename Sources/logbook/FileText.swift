import Glibc

/// A file of some megabytes as text; `-` is standard input.
func readText(ofFile path: String) throws -> String {
  let isInput = path == "-"
  let descriptor = isInput ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw Failure("cannot read \(path): \(text(errno))", status: .inputOutput)
  }
  defer { if !isInput { close(descriptor) } }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe read(descriptor, &block, block.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else {
      throw Failure("cannot read \(path): \(text(errno))", status: .inputOutput)
    }
    guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
    guard bytes.count < 64 << 20 else {
      throw Failure("\(path): larger than 64 MiB, and no list of prices", status: .corruptInput)
    }
    bytes += block[..<count]
  }
}
