internal import CZstd

@safe final class ZstdCodec: Codec {
  private let context: OpaquePointer
  /// What the library asks for next: the rest of a block.
  private var wanted = 1
  /// A part of a block may be left to give out.
  private var isFull = false

  /// Every level up to 20 stays below (the usual one, 3, has 2 MiB); `--ultra -22` and `--long` do not.
  private static let windowLog = 25

  init?() {
    guard let context = unsafe ZSTD_createDCtx() else { return nil }
    unsafe self.context = unsafe context
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(Self.windowLog))
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  func reset() {
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    (wanted, isFull) = (1, false)
  }

  /// Damage in what the library gets at once makes it keep silent about what it has put out: so it
  /// gets a block at a time, and none while a part of the last one is left.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep {
    if isFull {
      let rest = unsafe advance(UnsafeRawBufferPointer(rebasing: input[..<0]), output)
      if rest.produced > 0 { return rest }
    }
    return unsafe advance(UnsafeRawBufferPointer(rebasing: input.prefix(wanted)), output)
  }

  private func advance(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> CodecStep {
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = unsafe ZSTD_decompressStream(context, &target, &source)
    wanted = max(1, result)
    isFull = unsafe target.pos == target.size
    let outcome: CodecStep.Outcome =
      switch ZSTD_getErrorCode(result) {
      case ZSTD_error_no_error: result == 0 ? .endOfMember : .more
      case ZSTD_error_frameParameter_windowTooLarge: .refused(.window(limit: 1 << Self.windowLog))
      case ZSTD_error_dictionary_wrong: .refused(.dictionary)
      default: .corrupt
      }
    return unsafe CodecStep(consumed: source.pos, produced: target.pos, outcome: outcome)
  }
}
