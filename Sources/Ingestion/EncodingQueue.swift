import Glibc
import LineStore
import Synchronization

/// Encodes the lines of a run, in their order, and compresses their chunks, on another core while those behind
/// them are read.
///
/// Workers compress the chunks that wait, or encode the next block, of which one at a time can be under way: what is
/// oldest comes first. Bounded: where they are behind, `submit` does as they do, and waits only where there is nothing
/// to do.
final class EncodingQueue: Sendable {
  /// Records of a chunk, which may have begun before them and go on behind them.
  struct Block: Sendable {
    var records: RecordBlock
    var source: Int64
    var firstID: Int64
    var end: ChunkEnd?
  }

  struct ChunkEnd: Sendable {
    var isSealed: Bool
    /// False for an open record, which is alone in its chunk, see `LineEncoder.finishChunk`.
    var isCounted: Bool
  }

  /// The lines of a transaction.
  struct Batch: Sendable {
    var dictionary = DictionaryDraft()
    var chunks: [ChunkHeader] = []
    /// Of the first chunk, for `chunk`.
    fileprivate var firstIndex = 0
  }

  private enum Job: Sendable {
    case block(Block)
    case endOfBatch
  }

  private struct State: Sendable {
    var waiting: [Job] = []
    var batches: [Batch] = []
    /// Blocks whose memory can be used again.
    var empty: [RecordBlock] = []
    /// Whether somebody has the encoder.
    var isEncoding = false
    /// How many batches have been submitted, and how many are encoded.
    var submitted = 0
    var encoded = 0
    /// The last one that counted much, by its number.
    var crowded = -1
    var isStopping = false
  }

  private struct Encoding: ~Copyable {
    var encoder: LineEncoder
    var batch = Batch()
    /// Of the chunk at hand.
    var firstID: Int64 = 0

    /// The chunk, with its number among those of the run; nil where it has no rows.
    mutating func finishChunk(_ end: ChunkEnd) -> (draft: ChunkDraft, index: Int)? {
      let draft = encoder.finishChunk(
        firstID: firstID, sealed: end.isSealed, counting: end.isCounted)
      guard let draft else { return nil }
      batch.chunks.append(draft.header)
      return (draft, batch.firstIndex + batch.chunks.count - 1)
    }
  }

  private let state = Mutex(State())
  private let encoding: Mutex<Encoding>
  private let compression = CompressionQueue()
  private let threads = Mutex<[WorkerThread]?>(nil)
  /// How often something came that a worker can do, the blocks that may still wait, and the batches that are done.
  private let work = Semaphore()
  private let room = Semaphore()
  private let done = Semaphore()

  /// Beside the one that is being encoded.
  private static let maxBlocks = 2

  init(_ encoder: consuming sending LineEncoder) {
    encoding = Mutex(Encoding(encoder: encoder))
    for _ in 0..<Self.maxBlocks { room.signal() }
  }

  /// Whether the batch at hand counts much, as far as it has been encoded.
  var hasManyCounts: Bool { state.withLock { $0.crowded == $0.submitted } }

  /// A block without records.
  func emptyBlock() -> RecordBlock { state.withLock { $0.empty.popLast() } ?? RecordBlock() }

  /// Encodes a block, now or later.
  ///
  /// One that is not full is mostly the last one, and not worth a thread.
  func submit(_ block: consuming Block) {
    guard start(isWorth: block.records.isFull) else { return run(.block(block)) }
    while !room.tryWait() {
      if help() { continue }
      room.wait()
      break
    }
    enqueue(.block(block))
  }

  /// What has been submitted since the last call becomes a `batch`.
  func endBatch() {
    state.withLock { $0.submitted += 1 }
    if start(isWorth: false) { enqueue(.endOfBatch) } else { run(.endOfBatch) }
  }

  /// The next batch; waits until it is encoded.
  func batch() -> Batch {
    while true {
      let next = state.withLock { $0.batches.isEmpty ? nil : $0.batches.removeFirst() }
      if let next { return next }
      if !help() { done.wait() }
    }
  }

  /// Does a job of the workers'; false where there is none.
  func help() -> Bool { compression.help() || encodeNext() }

  /// A chunk of a batch; waits until it is compressed, or does it.
  func chunk(_ index: Int, of batch: Batch) -> EncodedChunk {
    compression.result(batch.firstIndex + index)
  }

  /// Whether there are workers; where none can be had, all is done by the submitter.
  private func start(isWorth: Bool) -> Bool {
    threads.withLock { threads in
      if threads == nil, isWorth {
        threads = (0..<Self.workers).compactMap { _ in WorkerThread { self.workOn() } }
      }
      return threads?.isEmpty == false
    }
  }

  /// Beside the thread that reads: one encodes, another one compresses.
  private static var workers: Int { max(1, min(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)) }

  private func enqueue(_ job: consuming Job) {
    state.withLock { [job] in $0.waiting.append(job) }
    work.signal()
  }

  private func workOn() {
    let deflater = RowDeflater()
    while true {
      work.wait()
      repeat {
        if state.withLock({ $0.isStopping }) { return }
      } while compression.compressNext(deflater) || encodeNext()
    }
  }

  /// Does the next job of those that have an order; false where there is none, or somebody does one.
  private func encodeNext() -> Bool {
    let next = state.withLock { state in
      guard !state.isEncoding, !state.waiting.isEmpty else { return nil as Job? }
      state.isEncoding = true
      return state.waiting.removeFirst()
    }
    guard let next else { return false }
    if case .block = next { room.signal() }
    run(next)
    let isMore = state.withLock { state in
      state.isEncoding = false
      return !state.waiting.isEmpty
    }
    if isMore { work.signal() }
    return true
  }

  private func run(_ job: consuming Job) {
    switch consume job {
    case .block(let block): encode(block)
    case .endOfBatch:
      let batch = encoding.withLock { encoding in
        var batch = encoding.batch
        batch.dictionary = encoding.encoder.takeDictionary()
        encoding.batch = Batch(firstIndex: batch.firstIndex + batch.chunks.count)
        return batch
      }
      state.withLock { state in
        state.batches.append(batch)
        state.encoded += 1
      }
      done.signal()
    }
  }

  private func encode(_ block: consuming Block) {
    // However long it is: it is not complete.
    let isOpen = block.end?.isCounted == false
    let hasManyCounts = encoding.withLock { encoding in
      var next = 0
      while next < block.records.count {
        if encoding.encoder.rowCount == 0 {
          encoding.encoder.begin(source: block.source)
          encoding.firstID = block.firstID + Int64(next)
        }
        next = encoding.encoder.append(block.records, from: next)
        guard encoding.encoder.isFull else { break }
        compress(encoding.finishChunk(ChunkEnd(isSealed: !isOpen, isCounted: !isOpen)))
      }
      if let end = block.end { compress(encoding.finishChunk(end)) }
      return encoding.encoder.hasManyCounts
    }
    block.records.removeAll()
    state.withLock { [records = block.records] state in
      state.empty.append(records)
      if hasManyCounts { state.crowded = state.encoded }
    }
  }

  private func compress(_ chunk: (draft: ChunkDraft, index: Int)?) {
    guard let chunk else { return }
    let isLater = compression.submit(
      chunk.draft, index: chunk.index, hasWorker: start(isWorth: !chunk.draft.isSmall))
    if isLater { work.signal() }
  }

  /// Ends the workers; what has not been asked for is dropped.
  func stop() {
    state.withLock { $0.isStopping = true }
    let ended = threads.withLock { threads in
      defer { threads = nil }
      return threads ?? []
    }
    for _ in ended { work.signal() }
    for thread in ended { thread.join() }
  }
}
