import CDeflate

/// zlib streams by libdeflate, whole buffers at a time; used by one thread at a time.
@safe package struct Deflater: ~Copyable, @unchecked Sendable {
  private let compressor: OpaquePointer

  /// Levels are libdeflate's, 0 to 12.
  package init(level: Int32) {
    guard let made = unsafe libdeflate_alloc_compressor(level) else {
      preconditionFailure("libdeflate has no memory for level \(level)")
    }
    unsafe compressor = made
  }

  deinit { unsafe libdeflate_free_compressor(compressor) }

  /// A zlib stream, or the bytes themselves where that is not shorter.
  package func compress(_ bytes: Span<UInt8>) -> [UInt8] {
    unsafe bytes.withUnsafeBufferPointer { input in
      // An array of its final size: some wait for long to be written.
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: input.count) { buffer in
        let count = unsafe libdeflate_zlib_compress(
          compressor, input.baseAddress, input.count, buffer.baseAddress, buffer.count)
        return unsafe count == 0 || count >= input.count
          ? Array(input) : Array(UnsafeBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }
}

@safe package struct Inflater: ~Copyable {
  private let decompressor: OpaquePointer

  package init() {
    guard let made = unsafe libdeflate_alloc_decompressor() else {
      preconditionFailure("libdeflate has no memory")
    }
    unsafe decompressor = made
  }

  deinit { unsafe libdeflate_free_decompressor(decompressor) }

  /// Inflates into `output`, whose contents are replaced; false when `data` is no stream of `size` bytes.
  ///
  /// Data of exactly `size` bytes is stored as it is, as in SQLite's sqlar archives.
  package func inflate(_ data: Span<UInt8>, size: Int, into output: inout [UInt8]) -> Bool {
    if output.count < size {
      output = [UInt8](repeating: 0, count: size)
    } else if output.count > size {
      output.removeLast(output.count - size)
    }
    return unsafe data.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { buffer in
        if input.count == size {
          if let target = buffer.baseAddress, let source = input.baseAddress {
            unsafe target.update(from: source, count: size)
          }
          return true
        }
        var actual = 0
        let result = unsafe libdeflate_zlib_decompress(
          decompressor, input.baseAddress, input.count, buffer.baseAddress, size, &actual)
        return result == LIBDEFLATE_SUCCESS && actual == size
      }
    }
  }
}

/// CRC-32 as in gzip and zlib, of a whole buffer.
package func crc32(_ bytes: Span<UInt8>) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer { unsafe libdeflate_crc32(0, $0.baseAddress, $0.count) }
}
