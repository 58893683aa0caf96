import LineStore
import Synchronization

/// Chunks that wait to be encoded and compressed, by whoever has nothing else to do; results come back in order.
///
/// Bounded: where too many wait, `submit` compresses by itself instead of queueing more.
final class CompressionQueue: Sendable {
  /// Bytes of drafts: enough for a worker not to wait.
  private static let capacity = 2 << 20

  private struct State: Sendable {
    var waiting: [(index: Int, chunk: ChunkDraft)] = []
    var waitingBytes = 0
    var results: [Int: EncodedChunk] = [:]
  }

  private let state = Mutex(State())
  /// At least as often as a chunk was finished that somebody may wait for.
  private let done = Semaphore()
  private let own = Mutex(DeflaterBox())

  /// A deflater for those who have none.
  private struct DeflaterBox: ~Copyable, Sendable {
    let deflater = RowDeflater()
  }

  /// Encodes `chunk`, now or, where somebody is there to do it, later; the result is `result(index)`.
  ///
  /// Whether it is later.
  func submit(_ chunk: ChunkDraft, index: Int, hasWorker: Bool) -> Bool {
    let isQueued = state.withLock { state in
      guard hasWorker, !chunk.isSmall, state.waitingBytes < Self.capacity else { return false }
      state.waiting.append((index, chunk))
      state.waitingBytes += chunk.byteCount
      return true
    }
    if !isQueued { own.withLock { compress(chunk, index, $0.deflater) } }
    return isQueued
  }

  /// The chunk of `index`; waits for it where others compress it, and helps them.
  func result(_ index: Int) -> EncodedChunk {
    while true {
      if let stored = state.withLock({ $0.results.removeValue(forKey: index) }) { return stored }
      if !help() { done.wait() }
    }
  }

  /// Compresses a chunk that waits; false where there is none.
  func compressNext(_ deflater: borrowing RowDeflater) -> Bool {
    let next = state.withLock { state in
      guard !state.waiting.isEmpty else { return nil as (index: Int, chunk: ChunkDraft)? }
      let next = state.waiting.removeFirst()
      state.waitingBytes -= next.chunk.byteCount
      return next
    }
    guard let next else { return false }
    compress(next.chunk, next.index, deflater)
    return true
  }

  /// The same for those who have no deflater; false, too, where another one of them is helping.
  func help() -> Bool {
    own.withLockIfAvailable { compressNext($0.deflater) } ?? false
  }

  private func compress(_ chunk: ChunkDraft, _ index: Int, _ deflater: borrowing RowDeflater) {
    let stored = chunk.encode(deflater)
    state.withLock { $0.results[index] = stored }
    done.signal()
  }
}
