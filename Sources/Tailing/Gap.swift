/// Bytes of the file that the buffer leaves out: a NUL hole, or the rest of an over-long line.
struct Gap {
  var start: Int
  var end: Int
  /// Of all bytes before `end`.
  var crc: CRC32
  /// The file's bytes before `end`, as many as an anchor takes.
  var tail: [UInt8]

  var length: Int { end - start }

  mutating func extend(_ bytes: UnsafeRawBufferPointer) {
    unsafe crc.update(bytes)
    end += bytes.count
    let added = bytes.count - max(0, bytes.count - Checkpoint.anchorCapacity)
    tail.removeFirst(max(0, tail.count + added - Checkpoint.anchorCapacity))
    unsafe tail.append(contentsOf: bytes[(bytes.count - added)...])
  }

  mutating func extend(zeros count: Int) {
    crc.update(zeros: count)
    end += count
    let added = min(count, Checkpoint.anchorCapacity)
    tail.removeFirst(max(0, tail.count + added - Checkpoint.anchorCapacity))
    tail.append(contentsOf: repeatElement(0, count: added))
  }
}
