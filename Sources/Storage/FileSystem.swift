import CLinux

/// Where the database lies, as far as SQLite must know: a write-ahead log needs memory that all
/// processes share, and over a network there is none.
package enum FileSystem {
  /// The name of a network file system by `statfs`'s magic number; nil of all others.
  ///
  /// FUSE may be anything, so it counts.
  package static func network(magic: UInt32) -> String? {
    switch magic {
    case 0x6969: "NFS"
    case 0x517B: "SMB"
    case 0xFF53_4D42: "CIFS"
    case 0xFE53_4D42: "SMB2"
    case 0x0102_1997: "9p"
    case 0x6573_5546: "FUSE"
    case 0x5346_414F: "AFS"
    case 0x00C3_6400: "Ceph"
    default: nil
    }
  }

  /// The network file system that a path lies on; nil also where that cannot be told.
  static func network(of path: String) -> String? {
    network(magic: unsafe logbook_file_system(path))
  }
}
