import LineStore
import Synchronization

/// Encodes and compresses chunks on a second core while the first goes on reading; results come back in order.
///
/// Bounded: when the worker is behind, `submit` does it by itself instead of queueing more.
final class CompressionQueue: Sendable {
  /// Bytes of drafts: enough for the worker not to wait.
  private static let capacity = 2 << 20

  private struct State: Sendable {
    var waiting: [(index: Int, chunk: ChunkDraft)] = []
    var waitingBytes = 0
    var results: [Int: EncodedChunk] = [:]
    var isStopping = false
  }

  private let state = Mutex(State())
  /// Counts what waits for the worker, and what it has finished.
  private let work = Semaphore()
  private let done = Semaphore()
  private let own = Mutex(DeflaterBox())
  private let thread = Mutex<WorkerThread?>(nil)

  /// A deflater for those who help the worker.
  private struct DeflaterBox: ~Copyable, Sendable {
    let deflater = RowDeflater()
  }

  /// Encodes `chunk`, now or later; the result is `result(index)`.
  func submit(_ chunk: ChunkDraft, index: Int) {
    let hasWorker = !chunk.isSmall && start()
    let isQueued = state.withLock { state in
      guard hasWorker, state.waitingBytes < Self.capacity else { return false }
      state.waiting.append((index, chunk))
      state.waitingBytes += chunk.byteCount
      return true
    }
    if isQueued {
      work.signal()
    } else {
      let stored = own.withLock { chunk.encode($0.deflater) }
      state.withLock { $0.results[index] = stored }
    }
  }

  /// The chunk of `index`; waits for the worker where it has to, and helps it.
  func result(_ index: Int) -> EncodedChunk {
    while true {
      if let stored = state.withLock({ $0.results.removeValue(forKey: index) }) { return stored }
      if let next = takeWaiting() {
        let stored = own.withLock { next.chunk.encode($0.deflater) }
        state.withLock { $0.results[next.index] = stored }
      } else {
        done.wait()
      }
    }
  }

  /// False where no thread can be had: then everything is compressed by the submitter.
  private func start() -> Bool {
    thread.withLock { thread in
      if thread == nil { thread = WorkerThread { self.run() } }
      return thread != nil
    }
  }

  private func takeWaiting() -> (index: Int, chunk: ChunkDraft)? {
    state.withLock { state in
      guard !state.waiting.isEmpty else { return nil }
      let next = state.waiting.removeFirst()
      state.waitingBytes -= next.chunk.byteCount
      return next
    }
  }

  private func run() {
    let deflater = RowDeflater()
    while true {
      work.wait()
      guard let next = takeWaiting() else {
        if state.withLock({ $0.isStopping }) { return }
        continue
      }
      let stored = next.chunk.encode(deflater)
      state.withLock { $0.results[next.index] = stored }
      done.signal()
    }
  }

  /// Ends the worker; nothing may be submitted after it.
  func stop() {
    state.withLock { $0.isStopping = true }
    work.signal()
    let worker = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    worker?.join()
  }
}
