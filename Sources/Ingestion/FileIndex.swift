import Storage

/// Finds the rows of a batch as the store's indexes find its own.
struct FileIndex {
  enum Key: Hashable {
    case inode(Int64, device: Int64)
    case head(UInt64, length: Int)
    case content(crc32: UInt32)
  }

  private var ids: [Key: Set<Int64>] = [:]
  private(set) var headLengths: Set<Int> = []

  subscript(key: Key) -> Set<Int64> { ids[key] ?? [] }

  /// The keys that a row had before stay.
  mutating func add(_ row: FileRow) {
    ids[.inode(row.inode, device: row.device), default: []].insert(row.id)
    ids[.content(crc32: row.crc32), default: []].insert(row.id)
    if row.openLine != nil { ids[.content(crc32: row.openCRC32), default: []].insert(row.id) }
    guard row.headLength > 0 else { return }
    ids[.head(row.headHash, length: row.headLength), default: []].insert(row.id)
    headLengths.insert(row.headLength)
  }
}
