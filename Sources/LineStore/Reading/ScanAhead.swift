import Glibc
import SQLite
import Synchronization

/// Looks through chunks on other cores while SQLite takes the rows of earlier ones; the chunks come back
/// in the order in which they were submitted.
///
/// The threads never call SQLite: who asks for the rows fetches the chunks, too. Few chunks are under
/// way at a time, so that a scan which ends early has done little in vain.
final class ScanAhead: Sendable {
  /// A chunk on its way, with buffers that the next one uses again.
  ///
  /// It belongs to one thread at a time: `work` hands it to a worker and `done` back.
  final class Slot: @unchecked Sendable {
    /// The chunk's place among those to be scanned.
    var place = 0
    var packed = PackedChunk()
    var indexed = IndexedRows()
    /// Whether the chunk's bytes did not tell that it holds no match.
    var isWalked = false
    var rows: [WaitingRows.Row] = []
    /// Why the chunk could not be fetched, or not be looked through.
    var failure: SQLiteError?
    let done = Semaphore()
  }

  /// What one worker alone uses.
  fileprivate final class Worker: @unchecked Sendable {
    var filter: RowFilter
    let queue: ScanAhead

    init(_ filter: consuming RowFilter, _ queue: ScanAhead) {
      self.filter = filter
      self.queue = queue
    }
  }

  private static let maxWorkers = 4
  /// In which order SQLite's thread fills the slots and empties them.
  private let slots: [Slot]
  private let work = Semaphore()
  private let started = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)
  private let threads = Mutex<[WorkerThread]>([])

  /// How many threads are worth having; less than two are not.
  static var cores: Int { min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), maxWorkers) }

  /// Nil where no thread can be had; `makeFilter` is called once for each.
  init?(_ makeFilter: () -> RowFilter) {
    slots = (0..<2 * Self.cores).map { _ in Slot() }
    for _ in 0..<Self.cores { start(Worker(makeFilter(), self)) }
    if threads.withLock({ $0.isEmpty }) { return nil }
  }

  private func start(_ worker: Worker) {
    guard let thread = WorkerThread({ worker.run() }) else { return }
    threads.withLock { $0.append(thread) }
  }

  /// How many chunks can be under way.
  var capacity: Int { slots.count }

  /// The slot of a chunk, by how many were submitted before it.
  func slot(_ number: Int) -> Slot { slots[number % slots.count] }

  /// Hands the slot that follows to a worker.
  func submit() { work.signal() }

  func stop() {
    isStopping.store(true, ordering: .relaxed)
    let running = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for _ in running { work.signal() }
    for thread in running { thread.join() }
  }

  fileprivate func nextSlot() -> Slot? {
    work.wait()
    if isStopping.load(ordering: .relaxed) { return nil }
    return slot(started.add(1, ordering: .acquiringAndReleasing).oldValue)
  }
}

extension ScanAhead.Worker {
  fileprivate func run() {
    while let slot = queue.nextSlot() {
      slot.rows.removeAll(keepingCapacity: true)
      slot.isWalked = false
      if slot.failure == nil {
        do throws(SQLiteError) { try look(through: slot) } catch { slot.failure = error }
      }
      slot.done.signal()
    }
  }

  private func look(through slot: ScanAhead.Slot) throws(SQLiteError) {
    filter.reader.exchange(rows: &slot.indexed)
    defer { filter.reader.exchange(rows: &slot.indexed) }
    try filter.reader.open(slot.packed)
    guard try filter.enter() else { return }
    slot.isWalked = true
    while try filter.next() {
      slot.rows.append(
        WaitingRows.Row(
          time: filter.reader.time, chunk: slot.packed.header.id, index: filter.reader.index))
    }
  }
}
