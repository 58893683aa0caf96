import LineStore
import Synchronization

/// Encodes the lines of a run, in their order, on another core while those behind them are read, and has the
/// chunks compressed.
///
/// Bounded: where the encoder is behind, `submit` waits for it.
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

    mutating func finishChunk(_ end: ChunkEnd, _ compression: CompressionQueue) {
      let draft = encoder.finishChunk(
        firstID: firstID, sealed: end.isSealed, counting: end.isCounted)
      guard let draft else { return }
      let index = batch.firstIndex + batch.chunks.count
      batch.chunks.append(draft.header)
      compression.submit(draft, index: index)
    }
  }

  private let state = Mutex(State())
  private let encoding: Mutex<Encoding>
  private let compression = CompressionQueue()
  private let thread = Mutex<WorkerThread?>(nil)
  /// Count the jobs that wait for the worker, the blocks that may wait, and the batches that are done.
  private let work = Semaphore()
  private let room = Semaphore()
  private let done = Semaphore()

  init(_ encoder: consuming sending LineEncoder) {
    encoding = Mutex(Encoding(encoder: encoder))
    room.signal()
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
    room.wait()
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
      done.wait()
    }
  }

  /// A chunk of a batch; waits until it is compressed, or does it.
  func chunk(_ index: Int, of batch: Batch) -> EncodedChunk {
    compression.result(batch.firstIndex + index)
  }

  /// Whether the worker runs; where none can be had, all is encoded by the submitter.
  private func start(isWorth: Bool) -> Bool {
    thread.withLock { thread in
      if thread == nil, isWorth { thread = WorkerThread { self.encodeAll() } }
      return thread != nil
    }
  }

  private func enqueue(_ job: consuming Job) {
    state.withLock { [job] in $0.waiting.append(job) }
    work.signal()
  }

  private func encodeAll() {
    while true {
      work.wait()
      let next = state.withLock { state in
        state.isStopping || state.waiting.isEmpty ? nil : state.waiting.removeFirst()
      }
      guard let next else { return }
      if case .block = next { room.signal() }
      run(next)
    }
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
        encoding.finishChunk(ChunkEnd(isSealed: !isOpen, isCounted: !isOpen), compression)
      }
      if let end = block.end { encoding.finishChunk(end, compression) }
      return encoding.encoder.hasManyCounts
    }
    block.records.removeAll()
    state.withLock { [records = block.records] state in
      state.empty.append(records)
      if hasManyCounts { state.crowded = state.encoded }
    }
  }

  /// Ends the worker; what has not been asked for is dropped.
  func stop() {
    state.withLock { $0.isStopping = true }
    work.signal()
    let worker = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    worker?.join()
    compression.stop()
  }
}
