import Formats
import LogModel
import Storage
import Tailing

/// A file in the middle of being read.
struct OpenFile {
  var row: FileRow
  let status: FileStatus
  /// What the row said before: the summary counts the difference.
  let before: FileRow
  /// The line that is stored beyond the offset and is being read again.
  var replacing: Int64?
  var parser: LineParser
  /// False for plain text, of which every line is as it should be.
  let hasFormat: Bool
  var head = LineHead()
  /// A record that may go on.
  var pending: Pending?
  /// The lines appended since the last one that was written.
  var extent: Extent?
  /// Behind the last record appended.
  var end: Int
  var records = 0
  /// Bytes that the batch has counted.
  var counted: Int64 = 0
  /// The run stops behind the record that ends after so many bytes.
  var allowance = Int.max
  /// It has stopped there.
  var isStopped = false
  /// What the summary has counted.
  var tally = Tally()

  init(
    row: FileRow, status: FileStatus, before: FileRow, replacing: Int64?, parser: LineParser,
    hasFormat: Bool, end: Int
  ) {
    self.row = row
    self.status = status
    self.before = before
    self.replacing = replacing
    self.parser = parser
    self.hasFormat = hasFormat
    self.end = end
  }

  /// What this run has read of the file so far.
  struct Tally {
    var files = 0
    var lines = 0
    var records = 0
    var bytes: Int64 = 0
    var rejects = 0
  }

  var currentTally: Tally {
    let bytes = row.offset + row.openBytes - before.offset - before.openBytes
    // A record that was stored open was counted then.
    let known = before.openLine != nil && replacing == nil ? 1 : 0
    return Tally(
      files: bytes > 0 ? 1 : 0, lines: Int(row.lines - before.lines), records: records - known,
      bytes: bytes, rejects: Int(row.rejects - before.rejects))
  }

  struct Pending {
    let head: LineHead
    let start: Int
    /// Behind the text of the last line, and behind its line end.
    private(set) var contentEnd: Int
    private(set) var end: Int
    private(set) var lines = 1
    /// How many of them are not of the format.
    var unparsed = 0
    private(set) var isTerminated: Bool
    private let skippedBefore: Int
    /// Bytes inside it that were passed over: holes.
    private(set) var skipped: Int

    /// `skipped` counts from the beginning of the file.
    init(
      head: LineHead, start: Int, contentEnd: Int, end: Int, skippedBefore: Int, skipped: Int,
      isTerminated: Bool
    ) {
      self.head = head
      self.start = start
      self.contentEnd = contentEnd
      self.end = end
      self.skippedBefore = skippedBefore
      self.skipped = skipped - skippedBefore
      self.isTerminated = isTerminated
    }

    /// Adds a line that continues the record.
    mutating func extend(contentEnd: Int, end: Int, skipped: Int, isTerminated: Bool) {
      self.contentEnd = contentEnd
      self.end = end
      self.skipped = skipped - skippedBefore
      self.isTerminated = isTerminated
      lines += 1
    }
  }

  /// It will be read again, and its lines be counted then.
  mutating func forgetPending() {
    guard let record = pending else { return }
    row.lines -= Int64(record.lines)
    row.unparsed -= Int64(record.unparsed)
    pending = nil
  }

  /// A record of several lines ends where it would be longer than a line may be; nothing of it is lost.
  func isPendingFull(_ reader: borrowing LineReader) -> Bool {
    guard let pending else { return false }
    return reader.contentEnd - pending.start > reader.maxLine
  }
}
