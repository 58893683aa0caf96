internal import CZlib

@safe final class GzipCodec: Codec {
  private let stream: UnsafeMutablePointer<z_stream>

  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 + 16: the largest window, gzip framing only.
    guard unsafe logbook_inflateInit2(stream, 31) == Z_OK else { return nil }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func reset() { unsafe inflateReset(stream) }

  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep {
    let source = unsafe input.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
    unsafe stream.pointee.avail_in = UInt32(input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(output.count)
    let outcome: CodecStep.Outcome =
      switch unsafe inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: .more
      case Z_STREAM_END: .endOfMember
      default: .corrupt
      }
    return unsafe CodecStep(
      consumed: input.count - Int(stream.pointee.avail_in),
      produced: output.count - Int(stream.pointee.avail_out), outcome: outcome)
  }
}
