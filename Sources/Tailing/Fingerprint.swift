internal import LogModel

/// The hash of the first `length` bytes of a file's content.
package struct Fingerprint: Hashable, Sendable {
  package var length: Int
  package var hash: UInt64

  package init(length: Int, hash: UInt64) {
    self.length = length
    self.hash = hash
  }
}

/// The first bytes of a file's (decompressed) content.
package struct HeadSample: Hashable, Sendable {
  /// A sample is as long as the file, but not longer than this.
  package static let capacity = 1024

  package var bytes: [UInt8]

  package init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes.prefix(Self.capacity)) }

  package var fingerprint: Fingerprint { fingerprint(length: bytes.count) }

  /// `length` must not exceed the sample.
  package func fingerprint(length: Int) -> Fingerprint {
    Fingerprint(length: length, hash: SHA256.prefix64(of: bytes.span.extracting(first: length)))
  }

  /// The hash of the first bytes, by their number; `lengths` ascend and do not exceed the sample.
  package func hashes(lengths: [Int]) -> [Int: UInt64] {
    let hashes = SHA256.prefixes64(of: bytes.span, lengths: lengths)
    return Dictionary(uniqueKeysWithValues: zip(lengths, hashes))
  }

  /// The file still begins with what `known` was made of; it may have grown since.
  package func continues(_ known: Fingerprint) -> Bool {
    known.length <= bytes.count && fingerprint(length: known.length) == known
  }
}
