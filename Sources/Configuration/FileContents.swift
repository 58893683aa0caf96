import Glibc

struct SystemError: Error {
  var code: Int32
}

/// A file's bytes, at most the first 2 MiB: more than any configuration may have.
func contents(ofFile path: String) -> Result<[UInt8], SystemError> {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return .failure(SystemError(code: errno)) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count < 2 << 20 {
    let count = unsafe read(descriptor, &block, block.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { return .failure(SystemError(code: errno)) }
    guard count > 0 else { break }
    bytes += block[..<count]
  }
  return .success(bytes)
}
