import Deflate
package import LogModel

/// A row of `chunk`, less what comes of its rows.
package struct ChunkHeader: Sendable {
  package var firstID: Int64
  package var source: Int64
  package var layout: TimeLayout
  package var count: Int
  package var unit: Int64
  package var minimum: Int64
  package var maximum: Int64
  package var isSealed: Bool
}

/// A chunk that is closed, but neither written as columns nor compressed: that can be done elsewhere.
package struct ChunkDraft: Sendable {
  package let header: ChunkHeader
  /// Where the rows' parameters lie in `parameters`, each with a comma before it.
  let rows: [Row]
  let times: [Int64]
  let parameters: [UInt8]
  /// Of those templates whose parameters are part of longer words.
  let seams: [Seams]

  struct Row: Sendable {
    var template: Int32
    var start: Int32
    var end: Int32
    /// The place in `seams`; -1 for none.
    var seams: Int32
  }

  /// Whether it is so little that handing it to another thread is more work.
  package var isSmall: Bool { byteCount < 4 * EncodedChunk.plainBytes }

  /// What it takes of memory.
  package var byteCount: Int { parameters.count + 20 * rows.count }

  package func encode(_ deflater: borrowing RowDeflater) -> EncodedChunk {
    var columns = ColumnWriter(rows: rows.count)
    let scale = TimeScale(minimum: header.minimum, unit: header.unit)
    for index in rows.indices {
      let row = rows[index]
      columns.append(
        offset: scale.offset(of: times[index]), template: Int64(row.template),
        parameters: Int(row.start)..<Int(row.end))
    }
    return EncodedChunk(
      &columns, of: parameters.span, isSealed: header.isSealed, deflater, words: words)
  }

  private func words() -> WordKeys {
    var keys = WordKeys()
    // Rows beside each other whose words do not reach beyond their parameters.
    var plain: Range<Int> = 0..<0
    for row in rows {
      let range = Int(row.start)..<Int(row.end)
      if row.seams >= 0 {
        keys.add(parameters.span.extracting(range), in: seams[Int(row.seams)])
      } else if range.lowerBound == plain.upperBound {
        plain = plain.lowerBound..<range.upperBound
      } else {
        keys.add(parameters.span.extracting(plain))
        plain = range
      }
    }
    keys.add(parameters.span.extracting(plain))
    return keys
  }
}

/// What a chunk's rows are in the store.
package struct EncodedChunk: Sendable {
  /// A chunk that may still grow stays as it is below this size: the shell and the next merge read it
  /// without inflating.
  package static let plainBytes = 4096

  package let data: [UInt8]
  /// The bytes of the columns.
  package let size: Int
  let crc32: UInt32
  /// Template and number of rows, ascending, for `template_use`.
  let templates: [(template: Int64, count: Int)]
  /// For `chunk_word`; nil for a chunk that is stored as it is, which is as quickly searched itself.
  let words: [UInt8]?

  /// `text` has the parameters of the rows that were appended to `writer`.
  init(
    _ writer: inout ColumnWriter, of text: Span<UInt8>, isSealed: Bool,
    _ deflater: borrowing RowDeflater, words: () -> WordKeys
  ) {
    let columns = writer.write(text)
    let isPlain = !isSealed && columns.count < Self.plainBytes
    let data = isPlain ? columns.copy() : deflater.compress(columns.span, rows: writer.rowCount)
    self.data = data
    self.words = isPlain ? nil : WordFilter.bits(words(), chunkSize: data.count)
    size = columns.count
    crc32 = Deflate.crc32(data.span)
    templates = writer.counted.sorted { $0.template < $1.template }
  }
}

/// A new row of the dictionary.
package struct TemplateDraft: Sendable {
  package var id: Int64
  package var skeleton: Int64
  package var level: UInt8
  /// The template of which it is a special case; 0 for none.
  package var base: Int64 = 0
  package var holes: Int
  package var isTimed: Bool
  /// The scanner's key; nil for a catch-all.
  package var hash: UInt64?
  package var text: String
}

/// A new row of `skeleton`.
package struct SkeletonDraft: Sendable {
  package var id: Int64
  package var text: String
}

/// What a batch adds to `template`, `skeleton` and their counts.
package struct DictionaryDraft: Sendable {
  package var templates: [TemplateDraft]
  package var skeletons: [SkeletonDraft]
  package var counts: SkeletonCounts

  package init(
    templates: [TemplateDraft] = [], skeletons: [SkeletonDraft] = [],
    counts: SkeletonCounts = SkeletonCounts()
  ) {
    (self.templates, self.skeletons, self.counts) = (templates, skeletons, counts)
  }
}
