/// A compressed file's kind, by its first bytes and never by its name.
package enum Compression: String, Hashable, Sendable, CaseIterable {
  case gzip, zstd, bzip2, xz

  /// What decompresses it; nil for a kind that is only told, and refused.
  var codec: (any Codec.Type)? {
    switch self {
    case .gzip: GzipCodec.self
    case .zstd: ZstdCodec.self
    case .bzip2, .xz: nil
    }
  }

  /// What the programs that write it put behind the name.
  package var suffix: String {
    switch self {
    case .gzip: ".gz"
    case .zstd: ".zst"
    case .bzip2: ".bz2"
    case .xz: ".xz"
    }
  }

  /// Every way in which a member begins.
  private var magics: [[ClosedRange<UInt8>]] {
    switch self {
    case .gzip: [[0x1F...0x1F, 0x8B...0x8B, 0x08...0x08]]
    case .zstd:
      [
        [0x28...0x28, 0xB5...0xB5, 0x2F...0x2F, 0xFD...0xFD],
        // A skippable frame (RFC 8878 §3.1.2), with which `pzstd` begins.
        [0x50...0x5F, 0x2A...0x2A, 0x4D...0x4D, 0x18...0x18],
      ]
    case .bzip2:
      // `BZh` alone could begin a text: behind the block size stands π, or √π where there is no block.
      [[0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]].map { digits in
        [0x42...0x42, 0x5A...0x5A, 0x68...0x68, 0x31...0x39] + digits.map { $0...$0 }
      }
    case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00].map { $0...$0 }]
    }
  }

  enum Beginning: Hashable { case none, cut, whole }

  /// Whether a member begins with these bytes; `cut` when they are too few to tell, and fit.
  func beginning(_ bytes: Span<UInt8>) -> Beginning {
    for magic in magics {
      let count = min(magic.count, bytes.count)
      guard (0..<count).allSatisfy({ magic[$0].contains(bytes[$0]) }) else { continue }
      return count == magic.count ? .whole : .cut
    }
    return .none
  }

  /// Nil for a plain file.
  ///
  /// Of a file that has just been begun the magic is not whole. Where that could be text, such as
  /// the one byte `(`, the name decides.
  init?(beginning head: Span<UInt8>, name: some Collection<UInt8>) {
    let isText = head.indices.allSatisfy { (0x20..<0x7F).contains(head[$0]) }
    let found = Self.allCases.first { kind in
      switch kind.beginning(head) {
      case .whole: true
      case .cut: head.count > 0 && (!isText || kind.isSuffix(of: name))
      case .none: false
      }
    }
    guard let found else { return nil }
    self = found
  }

  /// The name without the suffix; nil when it has another one.
  package func unpackedName(_ name: [UInt8]) -> [UInt8]? {
    isSuffix(of: name) ? name.dropLast(suffix.utf8.count) : nil
  }

  private func isSuffix(of name: some Collection<UInt8>) -> Bool {
    name.count > suffix.utf8.count && name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}
