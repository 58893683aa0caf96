internal import CZlib
internal import Glibc

/// Inflates the members of a gzip file one after the other, as `gzip -d` does.
@safe final class GzipInflater {
  /// Nil until the end is reached.
  private(set) var end: SourceEnd?
  /// Bytes behind the last member that are neither zero padding nor a member.
  private(set) var trailingBytes = 0
  private(set) var members = 0
  /// Decompressed bytes so far.
  private(set) var produced = 0

  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private var isBetweenMembers = false
  private var refills = 0

  private static let inputCapacity = 256 << 10
  /// The first read is short: often only the head is wanted.
  private static let firstInput = 16 << 10

  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe input = .allocate(capacity: Self.inputCapacity)
    // 15 + 16: the largest window, gzip framing only.
    guard unsafe logbook_inflateInit2(stream, 31) == Z_OK else { return nil }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe input.deallocate()
  }

  func rewind() {
    unsafe inflateReset(stream)
    unsafe stream.pointee.avail_in = 0
    end = nil
    (trailingBytes, members, produced, refills) = (0, 0, 0, 0)
    isBetweenMembers = false
  }

  /// Fills `output` with decompressed bytes, which it takes from `raw`; 0 at the end only.
  func read(from raw: inout RawInput, into output: UnsafeMutableRawBufferPointer)
    throws(SourceError)
    -> Int
  {
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(output.count)
    while end == nil, unsafe stream.pointee.avail_out > 0 {
      if isBetweenMembers {
        try findMember(&raw)
      } else if unsafe stream.pointee.avail_in == 0, try fill(&raw) == 0 {
        end = .incomplete
      } else {
        inflateSome(into: output.count)
      }
    }
    let count = unsafe output.count - Int(stream.pointee.avail_out)
    produced += count
    return count
  }

  private func inflateSome(into capacity: Int) {
    switch unsafe inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      members += 1
      isBetweenMembers = true
    default: end = .corrupt(at: produced + capacity - Int(unsafe stream.pointee.avail_out))
    }
  }

  /// Behind a member: zero padding, another member, garbage, or the end.
  private func findMember(_ raw: inout RawInput) throws(SourceError) {
    while true {
      if unsafe stream.pointee.avail_in == 0, try fill(&raw) == 0 {
        end = .complete
        return
      }
      if unsafe stream.pointee.next_in.pointee != 0 { break }
      unsafe stream.pointee.next_in += 1
      unsafe stream.pointee.avail_in -= 1
    }
    let magic = Compression.gzip.magic
    while unsafe stream.pointee.avail_in < magic.count, try fill(&raw) > 0 {}
    let available = unsafe min(magic.count, Int(stream.pointee.avail_in))
    let isMagic = (0..<available).allSatisfy { unsafe stream.pointee.next_in[$0] == magic[$0] }
    if isMagic && available == magic.count {
      unsafe inflateReset(stream)
      isBetweenMembers = false
    } else if isMagic {
      end = .incomplete
    } else {
      trailingBytes = unsafe Int(stream.pointee.avail_in)
      unsafe stream.pointee.avail_in = 0
      while case let count = try fill(&raw), count > 0 {
        trailingBytes += count
        unsafe stream.pointee.avail_in = 0
      }
      end = .complete
    }
  }

  /// Adds compressed bytes behind those not used yet.
  private func fill(_ raw: inout RawInput) throws(SourceError) -> Int {
    guard let base = unsafe input.baseAddress else { return 0 }
    let rest = unsafe Int(stream.pointee.avail_in)
    if rest > 0 { unsafe memmove(base, stream.pointee.next_in, rest) }
    let capacity = refills == 0 ? Self.firstInput : Self.inputCapacity - rest
    let count = try unsafe raw.read(
      into: UnsafeMutableRawBufferPointer(start: base + rest, count: capacity))
    refills += 1
    unsafe stream.pointee.next_in = base
    unsafe stream.pointee.avail_in = UInt32(rest + count)
    return count
  }
}
