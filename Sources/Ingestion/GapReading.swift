import LineStore
import LogModel
import SQLite
import Storage
import Tailing

// Bytes before a generation's first one that nobody has any more: another source held them, and was
// forgotten.

extension IngestRun {
  /// Reads what stands before the generation's first byte, where that is to be read; returns the row
  /// as it is then.
  mutating func readBeginning(
    of row: FileRow, _ bytes: borrowing ByteSource, _ candidate: Candidate, _ status: FileStatus,
    _ head: HeadSample, _ store: borrowing Store
  ) throws -> FileRow {
    guard row.start > 0, let origin = row.origin, let gap = try self.row(origin, store),
      gap.state == .unread
    else { return row }
    var known = row
    if let holder = try holder(of: row, bytes, candidate, head, store) {
      known.origin = holder.id
      batch.forgotten.append(gap.id)
    } else {
      try read(gap, upTo: row.start, bytes, candidate, status, head, store)
    }
    batch.adopt(row)
    batch.update(known)
    return known
  }

  /// A generation that has all of these bytes: the source may have been read again.
  private mutating func holder(
    of row: FileRow, _ bytes: borrowing ByteSource, _ candidate: Candidate, _ head: HeadSample,
    _ store: borrowing Store
  ) throws -> FileRow? {
    for known in try rows(head: head, store)
    where known.id != row.id && known.isPlausible && Int64(known.storedEnd) >= row.start {
      let shared = try sharedLength(with: known, before: row.start, bytes, candidate, store)
      if shared >= row.start { return known }
    }
    return nil
  }

  private mutating func read(
    _ gap: FileRow, upTo limit: Int64, _ bytes: borrowing ByteSource, _ candidate: Candidate,
    _ status: FileStatus, _ head: HeadSample, _ store: borrowing Store
  ) throws {
    var row = gap
    if gap.anchorLength == 0 {
      var content = try bytes.reopened()
      row.take(try content.content(upTo: Int(gap.offset)))
    }
    try read(bytes.reopened(), row, candidate, status, head, upTo: Int(limit), store)
  }
}
