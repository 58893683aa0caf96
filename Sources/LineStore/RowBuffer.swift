/// Writes the text that `ChunkRows` walks.
struct RowBuffer: ~Copyable {
  private(set) var text: ByteBuffer
  private(set) var count = 0
  private var last: Int64 = 0

  init(capacity: Int = 4096) {
    text = ByteBuffer(capacity: capacity)
    text.append(UInt8(ascii: "["))
  }

  /// `parameters` is JSON text with a comma before each; `offset` counts from the chunk's earliest time.
  mutating func append(offset: Int64, template: Int64, parameters: Span<UInt8>) {
    separate()
    text.append(UInt8(ascii: "["))
    text.append(decimal: offset - last)
    last = offset
    text.append(UInt8(ascii: ","))
    text.append(decimal: template)
    text.append(parameters)
    text.append(UInt8(ascii: "]"))
  }

  /// Appends a row in the place of one that is gone, whose record had so many lines.
  mutating func append(droppedLines lines: Int64) {
    separate()
    if lines > 1 { text.append(decimal: lines) } else { text.append("null") }
  }

  private mutating func separate() {
    if count > 0 { text.append(UInt8(ascii: ",")) }
    count += 1
  }

  /// Ends the list.
  mutating func close() { text.append(UInt8(ascii: "]")) }
}
