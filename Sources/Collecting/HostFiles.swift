import CLinux
import Glibc
import LogModel

/// The kernel's files below a root, which is that of the host, of a container that sees the host's, or
/// of a test.
struct HostFiles {
  typealias Word = ArraySlice<UInt8>

  let root: Path

  /// No file of the kernel that is read here is longer.
  private static let maxBytes = 1 << 20

  func path(_ name: String) -> Path { root.appending(name.utf8) }

  /// The words of each line; empty where there is no such file.
  func lines(_ name: String) -> [[Word]] {
    guard let bytes = contents(name) else { return [] }
    return bytes.split(separator: 0x0A).map { line in
      line.split { $0 == 0x20 || $0 == 0x09 }
    }
  }

  /// The first of these files that can be read and holds something.
  func firstLines(_ names: String...) -> [[Word]] {
    for name in names {
      let lines = lines(name)
      if !lines.isEmpty { return lines }
    }
    return []
  }

  func contents(_ name: String) -> [UInt8]? {
    let descriptor = unsafe path(name).withCString {
      unsafe logbook_open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0)
    }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 32 << 10)
    while bytes.count < Self.maxBytes {
      let count = unsafe read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += block[..<count]
    }
    return bytes
  }

  /// The names in a folder; nil where there is none.
  func names(_ folder: String) -> [[UInt8]]? {
    guard let directory = unsafe path(folder).withCString({ unsafe opendir($0) }) else {
      return nil
    }
    defer { unsafe closedir(directory) }
    var names: [[UInt8]] = []
    while let entry = unsafe readdir(directory) {
      unsafe withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
        unsafe names.append(Array(buffer.prefix { $0 != 0 }))
      }
    }
    return names
  }

  /// A whole number from 0 on.
  static func integer(_ word: some Collection<UInt8>) -> Int64? {
    guard !word.isEmpty, word.count <= 19 else { return nil }
    var value: Int64 = 0
    for byte in word {
      guard byte &- 0x30 <= 9 else { return nil }
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = tens.addingReportingOverflow(Int64(byte - 0x30))
      guard !isTooLarge, !isLarger else { return nil }
      value = sum
    }
    return value
  }

  /// A number from 0 on, with decimals or without.
  static func real(_ word: some Collection<UInt8>) -> Double? {
    guard !word.isEmpty, word.count <= 20,
      word.allSatisfy({ $0 &- 0x30 <= 9 || $0 == 0x2E })
    else { return nil }
    return Double(String(decoding: word, as: UTF8.self))
  }

  static func text(_ word: some Collection<UInt8>) -> String {
    String(decoding: word, as: UTF8.self)
  }
}

extension Path {
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let text = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe text.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("a text ends in a NUL") }
      return unsafe body(start)
    }
  }
}
