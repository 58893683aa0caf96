internal import Glibc

/// Decompresses the members of a file one after the other, as `gzip -d` and `zstd -d` do.
@safe final class Decompressor {
  /// Nil until the end is reached.
  private(set) var end: SourceEnd?
  /// Bytes behind the last member that are neither zero padding nor a member.
  private(set) var trailingBytes = 0
  private(set) var members = 0
  /// Decompressed bytes so far.
  private(set) var produced = 0

  private let compression: Compression
  private let codec: any Codec
  private let input: UnsafeMutableRawBufferPointer
  /// The compressed bytes that are not used yet, as indices of `input`.
  private var unused = 0..<0
  private var isBetweenMembers = false
  private var refills = 0

  private static let inputCapacity = 256 << 10
  /// The first read is short: often only the head is wanted.
  private static let firstInput = 16 << 10
  private static let longestMagic = 10

  /// Nil when there is no memory.
  init?(_ compression: Compression, _ codec: any Codec.Type) {
    guard let codec = codec.init() else { return nil }
    self.compression = compression
    self.codec = codec
    unsafe input = .allocate(byteCount: Self.inputCapacity, alignment: 16)
  }

  deinit { unsafe input.deallocate() }

  func rewind() {
    codec.reset()
    end = nil
    (trailingBytes, members, produced, refills) = (0, 0, 0, 0)
    unused = 0..<0
    isBetweenMembers = false
  }

  /// Fills `output` with decompressed bytes, which it takes from `raw`; 0 at the end only.
  func read(from raw: inout RawInput, into output: UnsafeMutableRawBufferPointer)
    throws(SourceError)
    -> Int
  {
    let start = produced
    while end == nil, produced - start < output.count {
      if isBetweenMembers {
        try findMember(&raw)
        continue
      }
      let step = unsafe codec.decode(
        UnsafeRawBufferPointer(rebasing: input[unused]),
        into: UnsafeMutableRawBufferPointer(rebasing: output[(produced - start)...]))
      unused = unused.dropFirst(step.consumed)
      produced += step.produced
      switch step.outcome {
      case .more where step.consumed > 0 || step.produced > 0: break
      case .more: if try fill(&raw) == 0 { end = .incomplete }
      case .endOfMember:
        members += 1
        isBetweenMembers = true
      case .corrupt: end = .corrupt(at: produced)
      case .refused(let reason): end = .refused(reason, at: produced)
      }
    }
    return produced - start
  }

  /// Behind a member: zero padding, another member, garbage, or the end.
  private func findMember(_ raw: inout RawInput) throws(SourceError) {
    while true {
      if unused.isEmpty, try fill(&raw) == 0 {
        end = .complete
        return
      }
      if unsafe input[unused.lowerBound] != 0 { break }
      unused = unused.dropFirst()
    }
    while unused.count < Self.longestMagic, try fill(&raw) > 0 {}
    let rest = unsafe UnsafeBufferPointer(
      rebasing: input.assumingMemoryBound(to: UInt8.self)[unused])
    switch unsafe compression.beginning(rest.span) {
    case .whole:
      codec.reset()
      isBetweenMembers = false
    case .cut: end = .incomplete
    case .none:
      repeat {
        trailingBytes += unused.count
        unused = 0..<0
      } while try fill(&raw) > 0
      end = .complete
    }
  }

  /// Adds compressed bytes behind those not used yet.
  private func fill(_ raw: inout RawInput) throws(SourceError) -> Int {
    guard let base = unsafe input.baseAddress else { return 0 }
    let rest = unused.count
    if rest > 0 { unsafe memmove(base, base + unused.lowerBound, rest) }
    unused = 0..<rest
    let wanted = refills == 0 ? Self.firstInput : Self.inputCapacity - rest
    let count = try unsafe raw.read(
      into: UnsafeMutableRawBufferPointer(start: base + rest, count: wanted))
    refills += 1
    unused = 0..<(rest + count)
    return count
  }
}
