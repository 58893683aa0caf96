/// A compressed file's kind, by its first bytes and never by its name.
package enum Compression: String, Hashable, Sendable, CaseIterable {
  case gzip, zstd, bzip2, xz

  init?(magic head: Span<UInt8>) {
    let found = Self.allCases.first { kind in
      head.count >= kind.magic.count && kind.magic.indices.allSatisfy { head[$0] == kind.magic[$0] }
    }
    guard let found, found != .bzip2 || Self.isBzip2(head) else { return nil }
    self = found
  }

  var magic: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B, 0x08]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: [0x42, 0x5A, 0x68]
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    }
  }

  /// `BZh` alone could begin a text: the block size is a digit, and the first block starts with π.
  private static func isBzip2(_ head: Span<UInt8>) -> Bool {
    let pi: [UInt8] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]
    return head.count >= 10 && (0x31...0x39).contains(head[3])
      && pi.indices.allSatisfy { head[4 + $0] == pi[$0] }
  }
}
