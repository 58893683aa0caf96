import Glibc
package import SQLite
import Synchronization

/// Adds up all lines of chunks on several cores, in no order.
///
/// The threads never call SQLite: the caller's fetches the chunks, and hands them over.
package enum LineFold {
  private static let maxThreads = 4
  /// Fewer chunks are not worth a thread more.
  private static let chunksForThread = 16

  /// What each thread has made of its lines; `add` is given a line and its time in microseconds since 1970.
  ///
  /// - Parameters:
  ///   - chunks: their first ids; one that is gone is passed over.
  ///   - start: what each thread begins with.
  ///   - goesOn: asked before each chunk; where it says no, what is left is passed over.
  package static func run<Sum: Sendable>(
    _ chunks: [Int64], _ db: borrowing Connection, start: Sum, while goesOn: () -> Bool,
    add: @escaping @Sendable (inout Sum, Span<UInt8>, Int64) -> Void
  ) throws(SQLiteError) -> [Sum] {
    let catalog = try StoreCatalog(reading: db)
    let cores = min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), maxThreads)
    let count = chunks.count < 2 * chunksForThread ? 0 : cores
    let queue = FoldQueue(capacity: 4 * max(1, count))
    let workers = (0..<count).map { _ in FoldWorker(start, add, catalog, queue) }
    let running = workers.filter { $0.begin() }
    let own = running.isEmpty ? FoldWorker(start, add, catalog, queue) : nil
    var failure: SQLiteError?
    do throws(SQLiteError) {
      for chunk in chunks where !queue.hasFailed && goesOn() {
        var packed = PackedChunk()
        guard try packed.fetch(chunk, catalog, db) else { continue }
        if let own { try own.add(packed) } else { queue.put(packed) }
      }
    } catch { failure = error }
    queue.close(running.count)
    for worker in running { worker.join() }
    if let failure = failure ?? queue.failure { throw failure }
    return (own.map { [$0] } ?? running).map(\.sum)
  }
}

/// Chunks on their way to the threads: as many as fit, then the caller waits.
private final class FoldQueue: Sendable {
  private struct State: Sendable {
    var chunks: [PackedChunk] = []
    var failure: SQLiteError?
  }

  private let state = Mutex(State())
  private let filled = Semaphore()
  private let free = Semaphore()

  init(capacity: Int) { for _ in 0..<capacity { free.signal() } }

  func put(_ chunk: PackedChunk) {
    free.wait()
    state.withLock { $0.chunks.append(chunk) }
    filled.signal()
  }

  /// Nil when there are no more.
  func take() -> PackedChunk? {
    filled.wait()
    let chunk = state.withLock { $0.chunks.popLast() }
    free.signal()
    return chunk
  }

  func close(_ threads: Int) { for _ in 0..<threads { filled.signal() } }

  func fail(_ error: SQLiteError) {
    state.withLock { if $0.failure == nil { $0.failure = error } }
  }

  var failure: SQLiteError? { state.withLock(\.failure) }
  var hasFailed: Bool { failure != nil }
}

/// What one thread alone uses, until it is joined.
private final class FoldWorker<Sum: Sendable>: @unchecked Sendable {
  private(set) var sum: Sum
  private var work: FoldWork<Sum>
  private let queue: FoldQueue
  private var thread: WorkerThread?

  init(
    _ start: Sum, _ add: @escaping @Sendable (inout Sum, Span<UInt8>, Int64) -> Void,
    _ catalog: StoreCatalog, _ queue: FoldQueue
  ) {
    sum = start
    work = FoldWork(add: add, catalog: catalog)
    self.queue = queue
  }

  func add(_ chunk: PackedChunk) throws(SQLiteError) { try work.add(chunk, to: &sum) }

  /// False where no thread can be had.
  func begin() -> Bool {
    thread = WorkerThread { self.run() }
    return thread != nil
  }

  func join() { thread?.join() }

  private func run() {
    while let chunk = queue.take() {
      do throws(SQLiteError) { try add(chunk) } catch { queue.fail(error) }
    }
  }
}

/// Lines one after the other; a value, so that no line asks whether somebody else has it.
private struct FoldWork<Sum: Sendable>: ~Copyable {
  private let add: @Sendable (inout Sum, Span<UInt8>, Int64) -> Void
  private let catalog: StoreCatalog
  private var reader = ChunkReader()
  private var message = ByteBuffer()

  init(
    add: @escaping @Sendable (inout Sum, Span<UInt8>, Int64) -> Void, catalog: StoreCatalog
  ) {
    self.add = add
    self.catalog = catalog
  }

  /// Adds up the lines of a chunk.
  mutating func add(_ chunk: PackedChunk, to sum: inout Sum) throws(SQLiteError) {
    try reader.open(chunk)
    while try reader.next() {
      guard let template = catalog.index(ofTemplate: reader.row.template) else {
        throw SQLiteError(
          .unknownTemplate(chunk: chunk.header.id, template: reader.row.template))
      }
      try reader.render(catalog.templates[template], of: catalog, into: &message)
      add(&sum, message.span, reader.time)
    }
  }
}
