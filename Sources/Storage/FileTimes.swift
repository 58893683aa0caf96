package import SQLite

/// When the files of one source have JSON records, to tell those of one file that another may have, too.
///
/// Only where files overlap in time can one hold a copy of the other's records.
package struct FileTimes: Sendable {
  private struct Entry: Sendable {
    var file: Int64
    var times: ClosedRange<Int64>
  }

  private var entries: [Entry] = []
  /// Whose records were asked for last.
  private var file: Int64 = 0
  /// Times at which no other file has records, and times at which one has.
  private var alone: Range<Int64> = 0..<0
  private var shared: Range<Int64> = 0..<0

  package init(source: Int64, reading db: borrowing Connection) throws(SQLiteError) {
    var row = try db.prepare(
      "SELECT id, min_us, max_us FROM file WHERE source = ? AND max_us IS NOT NULL")
    try row.bind(1, source)
    while try row.step() {
      let first = row.integer(1)
      entries.append(Entry(file: row.integer(0), times: first...max(first, row.integer(2))))
    }
  }

  /// Takes in what has been read of a generation.
  package mutating func note(_ row: FileRow) {
    guard let times = row.recordTimes else { return }
    if let known = entries.firstIndex(where: { $0.file == row.id }) {
      entries[known].times = times
    } else {
      entries.append(Entry(file: row.id, times: times))
    }
    file = 0
  }

  /// Whether another generation than `file` may have a record of this time.
  @inline(__always)
  package mutating func isShared(_ time: Int64, of file: Int64) -> Bool {
    if file == self.file {
      if alone.contains(time) { return false }
      if shared.contains(time) { return true }
    }
    return look(time, file)
  }

  private mutating func look(_ time: Int64, _ file: Int64) -> Bool {
    if file != self.file { (self.file, alone, shared) = (file, 0..<0, 0..<0) }
    var (start, end) = (Int64.min, Int64.max)
    for entry in entries where entry.file != file {
      if entry.times.contains(time) {
        shared = entry.times.lowerBound..<entry.times.upperBound + 1
        return true
      }
      if entry.times.upperBound < time {
        start = max(start, entry.times.upperBound + 1)
      } else {
        end = min(end, entry.times.lowerBound)
      }
    }
    alone = start..<end
    return false
  }
}

extension FileRow {
  /// From the earliest to the latest time of its JSON records; nil where it has none.
  var recordTimes: ClosedRange<Int64>? {
    guard let minTime, let maxTime else { return nil }
    return minTime...max(minTime, maxTime)
  }

  /// Takes in the time of one of its JSON records.
  @inline(__always)
  package mutating func noteRecord(at time: Int64) {
    if time < minTime ?? .max { minTime = time }
    if time > maxTime ?? .min { maxTime = time }
  }
}
