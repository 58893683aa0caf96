import Glibc
import LogModel
import Tailing

/// A file without a name.
final class NamelessFile {
  let size: Int
  private let number: Int32

  init(_ bytes: [UInt8]) throws {
    var name = Array("/tmp/fuzz-XXXXXX".utf8CString)
    number = unsafe mkstemp(&name)
    unsafe unlink(name)
    size = bytes.count
    let written = unsafe bytes.isEmpty ? 0 : write(number, bytes, bytes.count)
    try require(number >= 0 && written == bytes.count, "there is no room for a file")
  }

  deinit { close(number) }

  /// Nil where the compression is none that is read.
  func source() throws -> ByteSource? {
    do throws(SourceError) {
      return try ByteSource(descriptor())
    } catch {
      guard case .unsupported = error else { throw error }
      return nil
    }
  }

  private func descriptor() throws(SourceError) -> FileDescriptor {
    do throws(FileError) {
      return try FileDescriptor(opening: Path("/proc/self/fd/\(number)"))
    } catch { throw .file(error) }
  }
}
