import Deflate

/// Compresses the rows of chunks; used by one thread at a time.
///
/// By what, and how well, depends on the mean length of a row. The measurements are in docs/decisions/0002 and 0044.
package struct RowDeflater: ~Copyable, Sendable {
  private let short = QuickDeflater()
  private let middle = Deflater(level: 4)
  private let long = Deflater(level: 2)
  private let longest = Deflater(level: 1)

  package init() {}

  /// Below it templates have made rows so small that there is room to spare.
  private static let shortRow = 64
  /// From it on rows are mostly text that no template holds, in which a longer search finds little.
  private static let longRow = 512

  /// A zlib stream, or the bytes themselves where that is not shorter.
  package func compress(_ bytes: Span<UInt8>, rows: Int) -> [UInt8] {
    if bytes.count < rows * Self.shortRow { return short.compress(bytes) }
    if bytes.count < rows * Self.longRow { return middle.compress(bytes) }
    // Every other chunk, about: a level between the two, which a gateway's file has room for and no other.
    return rows.isMultiple(of: 2) ? long.compress(bytes) : longest.compress(bytes)
  }
}
