import SQLite
import Storage

/// The conservation law: every byte of a generation that was read is stored or was passed over.
struct OffsetCheck {
  /// A head and an anchor cover at most so many bytes.
  private static let sample: Int64 = 1024

  static func run(_ db: borrowing Connection, _ places: Places) throws(SQLiteError) -> Check {
    var faults = Faults()
    var files = 0
    var bytes: Int64 = 0
    var row = try db.prepare(
      """
      SELECT id, state, start, offset, bytes_stored, bytes_skipped, lost_bytes, head_length,
        anchor_length, open_line, open_bytes, open_lines, open_anchor_length, size, lines, unparsed,
        sanitized, rejects, origin,
        origin IS NULL OR EXISTS (SELECT 1 FROM file o WHERE o.id = f.origin), bytes_cut
      FROM file f ORDER BY id
      """)
    while try row.step() {
      files += 1
      let id = row.integer(0)
      let state = FileRow.State(rawValue: row.text(1))
      let start = row.integer(2)
      let offset = row.integer(3)
      let stored = row.integer(4)
      let skipped = row.integer(5)
      let openLine = row.optionalInteger(9)
      let openBytes = row.integer(10)
      bytes &+= stored

      func fault(_ text: String) { faults.add("\(places.file(id, db)): \(text)") }

      if state == nil { fault("its state \(row.text(1)) is unknown") }
      // Larger than any file, and small enough for sums.
      let sizes: [Int32] = [2, 3, 4, 5, 6, 10, 11, 13, 14, 15, 16, 17, 20]
      if let wrong = sizes.first(where: { !(0..<1 << 60).contains(row.integer($0)) }) {
        fault("\(row.columnName(wrong)) is \(row.integer(wrong))")
        continue
      }
      if stored + skipped != offset - start {
        let from = start == 0 ? "" : ", read from \(start) on,"
        fault("offset \(offset)\(from) but \(stored) bytes stored and \(skipped) skipped")
      }
      if row.integer(20) > skipped {
        fault("\(row.integer(20)) bytes cut off, but \(skipped) skipped")
      }
      if row.integer(19) == 0 {
        fault(
          "its first \(counted(start, "byte")) are of file \(row.integer(18)), which does not exist"
        )
      }
      if state == .copy && (stored != 0 || skipped != 0 || openLine != nil) {
        fault("is a copy, and \(stored + openBytes) bytes of it are stored")
      }
      if !(0...sample).contains(row.integer(7)) { fault("head_length is \(row.integer(7))") }
      if row.integer(8) != min(sample, offset) {
        fault(
          "anchor_length is \(row.integer(8)), and \(min(sample, offset)) bytes stand before the offset"
        )
      }
      if openLine == nil {
        if openBytes != 0 || row.integer(11) != 0 || row.integer(12) != 0 {
          fault("no line is open, but \(counted(openBytes, "byte")) of one")
        }
      } else {
        if openBytes == 0 || row.integer(11) == 0 { fault("a line is open, and has no bytes") }
        if row.integer(12) != min(sample, offset + openBytes) {
          fault(
            "open_anchor_length is \(row.integer(12)), and \(min(sample, offset + openBytes)) bytes stand there"
          )
        }
      }
    }
    return faults.check(
      "offsets", scope: "\(counted(files, "file")), \(counted(bytes, "byte")) stored")
  }
}
