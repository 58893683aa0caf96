import Glibc

/// A folder of its own for one test, removed when the value goes away.
package final class Scratch: Sendable {
  package let path: String

  package init() {
    var template = Array("/tmp/logbook-test-XXXXXX".utf8CString)
    let made = unsafe mkdtemp(&template) != nil
    precondition(made, "cannot make a folder in /tmp")
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    // The tree is ours and flat enough for rm; a failure leaves a folder in /tmp, nothing worse.
    _ = Command.run("/bin/rm", ["-rf", path])
  }

  package func file(_ name: String) -> String { path + "/" + name }

  /// Writes `bytes` as a new file (an existing one is truncated in place) and returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) -> String {
    let path = file(name)
    let stream = unsafe fopen(path, "w")
    guard let stream = unsafe stream else { preconditionFailure("cannot write \(path)") }
    let written = unsafe fwrite(bytes, 1, bytes.count, stream)
    let closed = unsafe fclose(stream)
    precondition(written == bytes.count && closed == 0, "cannot write \(path)")
    return path
  }

  @discardableResult
  package func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

  package func append(_ name: String, _ text: String) { append(name, Array(text.utf8)) }

  package func append(_ name: String, _ bytes: [UInt8]) {
    let path = file(name)
    let stream = unsafe fopen(path, "a")
    guard let stream = unsafe stream else { preconditionFailure("cannot append to \(path)") }
    let written = unsafe fwrite(bytes, 1, bytes.count, stream)
    let closed = unsafe fclose(stream)
    precondition(written == bytes.count && closed == 0, "cannot append to \(path)")
  }
}
