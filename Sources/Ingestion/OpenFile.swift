import Extraction
import Formats
import LogModel
import Redaction
import Storage
import Tailing

/// A file in the middle of being read.
struct OpenFile: ~Copyable {
  var row: FileRow
  let status: FileStatus
  /// What the row said before: the summary counts the difference.
  let before: FileRow
  /// The line that is stored beyond the offset and is being read again.
  var replacing: Int64?
  var parser: LineParser
  /// False for plain text, of which every line is as it should be.
  let hasFormat: Bool
  /// A record that may go on.
  var pending: Pending?
  /// What its first line showed; not known in the midst of `readLines`, which has it then.
  var pendingHead = LineHead()
  /// It has ended since it would be longer than a line may be.
  var isFull = false
  /// The records in it, where they are those of two streams.
  var group = RecordGroup()
  /// What its records have said of turns so far.
  var turns: TurnExtractor.State
  /// And what the store knows of that.
  let storedTurns: TurnExtractor.State
  /// What takes out of its records what must not be stored.
  let redactor: Redactor?
  /// The rules of metrics that see its records; nil where none does.
  let metrics: Int?
  /// The first line that is counted without a rule.
  let countedFrom: Int64
  /// When other files of its source have records.
  var times: FileTimes
  /// The lines appended since the last one that was written.
  var extent: Extent?
  /// Behind the last record appended.
  var end: Int
  var records = 0
  /// What was cut off the records that were appended.
  var cut: Int64 = 0
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
    hasFormat: Bool, end: Int, turns: TurnExtractor.State,
    storedTurns: TurnExtractor.State, redactor: Redactor?, metrics: Int?, countedFrom: Int64,
    times: FileTimes
  ) {
    self.row = row
    self.status = status
    self.before = before
    self.replacing = replacing
    self.parser = parser
    self.hasFormat = hasFormat
    self.end = end
    self.turns = turns
    self.storedTurns = storedTurns
    self.redactor = redactor
    self.metrics = metrics
    self.countedFrom = countedFrom
    self.times = times
  }

  /// What this run has read of the file so far.
  struct Tally {
    var files = 0
    var lines = 0
    var records = 0
    var bytes: Int64 = 0
    var rejects = 0
    var holeBytes: Int64 = 0
    var cutBytes: Int64 = 0
    var sanitized = 0
  }

  var currentTally: Tally {
    let bytes = row.offset + row.openBytes - before.offset - before.openBytes
    // A record that was stored open was counted then.
    let known = before.openLine != nil && replacing == nil ? 1 : 0
    let cut = row.bytesCut - before.bytesCut
    return Tally(
      files: bytes > 0 ? 1 : 0, lines: Int(row.lines - before.lines), records: records - known,
      bytes: bytes, rejects: Int(row.rejects - before.rejects),
      holeBytes: row.bytesSkipped - before.bytesSkipped - cut, cutBytes: cut,
      sanitized: Int(row.sanitized - before.sanitized))
  }

  /// Where a line stands in the file, and what was passed over: holes.
  struct Line {
    let start: Int
    /// Behind its text, and behind its line end.
    let contentEnd: Int
    let end: Int
    let skippedBefore: Int
    let skippedBehind: Int
    let isTerminated: Bool
    /// False where it is not of the source's format.
    let isParsed: Bool
    /// True where it is UTF-16 in which something was replaced.
    let isRepaired: Bool
  }

  struct Pending {
    let start: Int
    private(set) var contentEnd: Int
    private(set) var end: Int
    private(set) var lines = 1
    /// Of them, those that are not of the source's format, and those in which something was replaced.
    private(set) var unparsed: Int
    private(set) var repaired: Int
    private(set) var isTerminated: Bool
    private let skippedBefore: Int
    private(set) var skippedBehind: Int

    init(_ line: Line) {
      start = line.start
      contentEnd = line.contentEnd
      end = line.end
      isTerminated = line.isTerminated
      skippedBefore = line.skippedBefore
      skippedBehind = line.skippedBehind
      unparsed = line.isParsed ? 0 : 1
      repaired = line.isRepaired ? 1 : 0
    }

    /// Bytes inside it that were passed over.
    var skipped: Int { skippedBehind - skippedBefore }

    mutating func extend(_ line: Line) {
      contentEnd = line.contentEnd
      end = line.end
      skippedBehind = line.skippedBehind
      isTerminated = line.isTerminated
      lines += 1
      if !line.isParsed { unparsed += 1 }
      if line.isRepaired { repaired += 1 }
    }
  }

  /// Begins a record, or a group of them, with the line that `head` tells of.
  mutating func begin(_ line: Line, _ head: LineHead) {
    pending = Pending(line)
    if head.part != nil { group.add(head, line) }
  }

  /// Adds such a line to it.
  mutating func extend(_ line: Line, _ head: LineHead) {
    pending?.extend(line)
    if head.part != nil || !group.isEmpty { group.add(head, line) }
  }

  /// It will be read again, and its lines be counted then.
  mutating func forget(_ record: Pending) {
    row.lines -= Int64(record.lines)
    row.unparsed -= Int64(record.unparsed)
    row.sanitized -= Int64(record.repaired)
    pending = nil
    if !group.isEmpty { group.removeAll() }
  }

  /// A record of several lines ends where it would be longer than a line may be; nothing of it is lost.
  func isPendingFull(contentEnd: Int, maxLine: Int) -> Bool {
    guard let pending else { return false }
    return contentEnd - pending.start > maxLine
  }
}
