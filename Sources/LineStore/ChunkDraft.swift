package import LogModel

/// A chunk that is ready to be stored, but for its compression.
package struct ChunkDraft: Sendable {
  package var firstID: Int64
  package var source: Int64
  package var layout: TimeLayout
  package var count: Int
  package var unit: Int64
  package var minimum: Int64
  package var maximum: Int64
  package var isSealed: Bool
  /// The JSON array of rows; empty once it has been handed to a compressor.
  package var rows: [UInt8]
  /// The bytes of the JSON array.
  package var size: Int
  /// Template and number of rows, for `chunk_template`.
  package var templates: [(template: Int64, count: Int)]
}

/// A new row of the dictionary.
package struct TemplateDraft: Sendable {
  package var id: Int64
  package var pattern: Int64
  package var level: UInt8
  package var holes: Int
  package var isTimed: Bool
  /// The scanner's key; nil for a catch-all.
  package var hash: UInt64?
  package var text: String
}

/// What a batch adds to a pattern.
package struct PatternDraft: Sendable {
  package var id: Int64
  package var text: String
  package var level: UInt8
  package var first: Int64
  package var last: Int64
  package var count: Int
}

/// Where a batch's lines are counted.
package struct PatternBucket: Hashable, Sendable {
  package var minute: Int64
  package var source: Int64
  package var level: UInt8
  package var pattern: Int64
}
