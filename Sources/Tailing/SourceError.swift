/// Why the bytes of a file cannot be had.
package enum SourceError: Error, Hashable, Sendable {
  case file(FileError)
  /// A FIFO, a socket, a device or a directory.
  case notRegular(FileStatus.Kind)
  case unsupported(Compression)
  /// The content ends at this offset, before the checkpoint.
  case shorterThanCheckpoint(end: Int)
  /// What was decompressed up to the checkpoint is not what had been read: another CRC-32.
  case otherThanCheckpoint(crc32: UInt32)
}

extension SourceError {
  /// The file is not the one that the checkpoint was made of.
  package var isOtherContent: Bool {
    switch self {
    case .shorterThanCheckpoint, .otherThanCheckpoint: true
    case .file, .notRegular, .unsupported: false
    }
  }
}

extension SourceError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .notRegular(.directory): "is a directory"
    case .notRegular: "is not a regular file"
    case .unsupported(let compression):
      "is compressed with \(compression.rawValue), which is not supported"
    case .shorterThanCheckpoint(let end):
      "ends at byte \(end), before the place where reading stopped"
    case .otherThanCheckpoint: "begins with other bytes than those that were read before"
    }
  }
}
