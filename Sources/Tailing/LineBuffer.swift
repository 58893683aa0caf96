internal import Glibc

/// The part of a file that is in memory: bytes `base` and following, less the gaps.
///
/// An offset counts the file's bytes, an index those in the buffer. CRC-32 is computed when bytes
/// leave the buffer or when it is asked for, over long ranges; never per line.
@safe struct LineBuffer: ~Copyable {
  /// The offset of the byte at index 0.
  private(set) var base: Int
  private(set) var count = 0
  private(set) var capacity: Int
  private var storage: UnsafeMutablePointer<UInt8>
  /// Ascending and disjoint, all of them after `base`.
  private var gaps: [Gap] = []
  /// The total length of the gaps that lie before `base`.
  private var skippedBeforeBase: Int
  /// `crc` covers the bytes before this offset.
  private var crcOffset: Int
  private var crc: CRC32

  /// Starts at a checkpoint, with the bytes that stand before it.
  init(capacity: Int, history: [UInt8], checkpoint: Checkpoint) {
    self.capacity = max(capacity, history.count)
    unsafe storage = .allocate(capacity: self.capacity)
    base = checkpoint.offset - history.count
    crcOffset = checkpoint.offset
    crc = CRC32(checkpoint.crc32)
    skippedBeforeBase = checkpoint.bytesSkipped
    for byte in history {
      unsafe storage[count] = byte
      count += 1
    }
  }

  deinit { unsafe storage.deallocate() }

  subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return unsafe storage[index]
  }

  func firstIndex(of byte: UInt8, from start: Int, to end: Int) -> Int? {
    precondition(start >= 0 && start <= end && end <= count)
    guard let found = unsafe memchr(storage + start, Int32(byte), end - start) else { return nil }
    return unsafe found.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(storage)
  }

  /// Where the run of NULs that begins at `start` ends.
  func endOfNULs(from start: Int) -> Int {
    var index = start
    while index + 8 <= count,
      unsafe UnsafeRawPointer(storage + index).loadUnaligned(as: UInt64.self) == 0
    {
      index += 8
    }
    while unsafe index < count && storage[index] == 0 { index += 1 }
    return index
  }

  /// Behind the last byte that is not NUL.
  func endOfText(from start: Int, to end: Int) -> Int {
    precondition(start >= 0 && end <= count)
    var index = end
    while index - 8 >= start,
      unsafe UnsafeRawPointer(storage + index - 8).loadUnaligned(as: UInt64.self) == 0
    {
      index -= 8
    }
    while unsafe index > start && storage[index - 1] == 0 { index -= 1 }
    return index
  }

  @_lifetime(borrow self)
  func span(_ range: Range<Int>) -> Span<UInt8> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let span = unsafe Span(_unsafeStart: storage + range.lowerBound, count: range.count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  private func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe UnsafeRawBufferPointer(start: storage + range.lowerBound, count: range.count)
  }

  // MARK: Offsets

  func index(of offset: Int) -> Int {
    var index = offset - base
    for gap in gaps where gap.end <= offset { index -= gap.length }
    return index
  }

  func offset(at index: Int) -> Int {
    var offset = base + index
    for gap in gaps where gap.start <= offset { offset += gap.length }
    return offset
  }

  /// The offset behind the byte before `index`; before the gap, if one is there.
  func offset(behind index: Int) -> Int { index == 0 ? base : offset(at: index - 1) + 1 }

  func crc(at offset: Int) -> CRC32 {
    precondition(offset >= crcOffset, "the place has left the buffer")
    var (start, result) = (crcOffset, crc)
    if let gap = gaps.last(where: { $0.end <= offset }), gap.end > crcOffset {
      (start, result) = (gap.end, gap.crc)
    }
    unsafe result.update(bytes(index(of: start)..<index(of: offset)))
    return result
  }

  /// The file's last bytes before `offset`, at most 1,024.
  func anchor(at offset: Int) -> [UInt8] {
    let length = min(Checkpoint.anchorCapacity, offset)
    let gap = gaps.last { $0.end <= offset }
    let start = max(offset - length, gap?.end ?? base)
    let near = unsafe bytes(index(of: start)..<index(of: offset))
    return unsafe (gap?.tail.suffix(length - near.count) ?? []) + Array(near)
  }

  func bytesSkipped(before offset: Int) -> Int {
    guard !gaps.isEmpty else { return skippedBeforeBase }
    return gaps.reduce(skippedBeforeBase) { $1.end <= offset ? $0 + $1.length : $0 }
  }

  mutating func rememberCRC(_ value: CRC32, at offset: Int) { (crcOffset, crc) = (offset, value) }

  // MARK: Changes

  /// Appends at most `size` bytes; the number read, 0 at the end.
  mutating func append(_ size: Int, from source: inout ByteSource) throws(SourceError) -> Int {
    reserve(count + size)
    let read = try unsafe source.read(
      into: UnsafeMutableRawBufferPointer(start: storage + count, count: size))
    count += read
    return read
  }

  private mutating func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let larger = max(wanted, capacity + capacity / 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe moved.update(from: storage, count: count)
    unsafe storage.deallocate()
    unsafe storage = moved
    capacity = larger
  }

  /// Lets go of the bytes before `index`.
  mutating func discard(before index: Int) {
    let start = offset(at: index)
    if start > crcOffset { rememberCRC(crc(at: start), at: start) }
    for gap in gaps where gap.end <= start { skippedBeforeBase += gap.length }
    gaps.removeAll { $0.end <= start }
    move(from: index, to: 0)
    base = start
  }

  /// Moves what stands at `index` and behind it down over what stands between; offsets are the
  /// caller's affair.
  mutating func move(from index: Int, to target: Int) {
    unsafe memmove(storage + target, storage + index, count - index)
    count -= index - target
  }

  mutating func truncate(to index: Int) { count = index }

  /// Begins to leave out bytes from `offset` (at `index`) on.
  ///
  /// Gaps behind that place become part of the new one; the index is that of the first byte not yet
  /// in it.
  mutating func openGap(at index: Int, offset: Int) -> (gap: Gap, next: Int) {
    guard let last = gaps.last, last.start >= offset else {
      let gap = Gap(start: offset, end: offset, crc: crc(at: offset), tail: anchor(at: offset))
      return (gap, index)
    }
    let next = self.index(of: last.end)
    gaps.removeAll { $0.start >= offset }
    return (Gap(start: offset, end: last.end, crc: last.crc, tail: last.tail), next)
  }

  func extend(_ gap: inout Gap, over range: Range<Int>) { unsafe gap.extend(bytes(range)) }

  /// The byte at `next` is the one behind the gap and goes to `index`.
  mutating func close(_ gap: Gap, at index: Int, next: Int) {
    move(from: next, to: index)
    if gap.length > 0 { gaps.append(gap) }
  }

  /// Many gaps cost time: the caller then discards early.
  var hasManyGaps: Bool { gaps.count > 32 }
}
