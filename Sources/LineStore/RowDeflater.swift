import Deflate

/// Compresses the rows of chunks; used by one thread at a time.
package struct RowDeflater: ~Copyable, Sendable {
  private let short: Deflater
  private let long: Deflater

  /// Levels are libdeflate's, 0 to 12: that for chunks of short rows, and that for those of long ones.
  ///
  /// The measurement is in docs/decisions/0002.
  package init(level: Int32 = 5, ofLongRows longLevel: Int32 = 2) {
    short = Deflater(level: level)
    long = Deflater(level: longLevel)
  }

  /// From this mean on rows are mostly text that no template holds, in which a longer search finds little.
  private static let longRow = 512

  /// A zlib stream, or the bytes themselves where that is not shorter.
  package func compress(_ bytes: Span<UInt8>, rows: Int) -> [UInt8] {
    bytes.count >= rows * Self.longRow ? long.compress(bytes) : short.compress(bytes)
  }
}
