import CISAL

/// zlib streams by ISA-L, whole buffers at a time; used by one thread at a time.
///
/// They are some 5 % longer than those of libdeflate's first level, and take half of the time. Which bytes they have
/// may depend on the processor.
@safe package struct QuickDeflater: ~Copyable, @unchecked Sendable {
  private let state: UnsafeMutablePointer<logbook_igzip>

  package init() {
    guard let made = unsafe logbook_igzip_alloc() else {
      preconditionFailure("there is no memory to compress")
    }
    unsafe state = made
  }

  deinit { unsafe state.deallocate() }

  /// A zlib stream, or the bytes themselves where that is not shorter.
  package func compress(_ bytes: Span<UInt8>) -> [UInt8] {
    unsafe bytes.withUnsafeBufferPointer { input in
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: input.count) { buffer in
        let count = unsafe logbook_igzip_compress(
          state, input.baseAddress, input.count, buffer.baseAddress, buffer.count)
        return unsafe count == 0 || count >= input.count
          ? Array(input) : Array(UnsafeBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }
}
