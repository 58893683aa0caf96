import LineStore
import LogModel
import Recomputation
import Storage

/// What one transaction writes beside the lines (`EncodingQueue.Batch`): everything else that they say, and
/// the offsets.
struct BatchRows: Sendable {
  /// Whether there are lines.
  var hasChunks = false
  var extents: [(extent: Extent, isOpen: Bool)] = []
  /// Lines at which another generation goes on, with the byte where each begins.
  var splits: [(line: Int64, offset: Int64)] = []
  var rejects: [RejectRow] = []
  var turns: [TurnRow] = []
  /// By generation, see `TurnStateTable`.
  var turnStates: [Int64: [UInt8]] = [:]
  private(set) var errors: [ErrorRow] = []
  /// About what they take in memory, more where several say the same.
  private(set) var errorBytes = 0
  var increments = MetricIncrements()
  /// Records that other files may have, too.
  private(set) var shared: [SharedRecord] = []
  /// About what they take in memory.
  private(set) var sharedBytes = 0
  /// Open records that were read again: their chunk and extent go.
  var replaced: [Int64] = []
  /// Open records that are complete as they stand.
  var closed: [Int64] = []
  /// Generations that nothing refers to any more.
  var forgotten: [Int64] = []
  /// Lines that were emitted, and are in a source now.
  var emitted: [Int64] = []
  /// Sources in whose lines something was replaced.
  var marked: Set<Int64> = []

  // What `Batch.take` adds.

  var sources: [SourceChange] = []
  /// Sources that are not counted without a rule any more.
  var uncounted: [Int64] = []
  var files: [FileChange] = []

  mutating func add(_ record: SharedRecord) {
    shared.append(record)
    sharedBytes += record.bytes
  }

  mutating func add(_ row: ErrorRow) {
    errors.append(row)
    let error = row.error
    errorBytes += MemoryLayout<ErrorRow>.stride + error.text.utf8.count
    for frame in error.frames {
      errorBytes += MemoryLayout<String>.stride + 32 + frame.utf8.count
    }
  }

  struct SourceChange: Sendable {
    var row: SourceRow
    /// The next line that the store has; nil for a new source.
    var expectedLine: Int64?
    /// From which line on it is counted without a rule, where that is another one than before.
    var countedFrom: Int64??
  }

  struct FileChange: Sendable {
    var row: FileRow
    /// The offset that the store has; nil for a new generation.
    var expectedOffset: Int64?
  }
}
