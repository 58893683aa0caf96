/// The tables, and indexes of them, that retention takes rows of lines and counts out of.
enum StoredTree: Int, CaseIterable {
  case chunk, chunkTime, chunkWord, templateUse
  case template, templatePattern, templateSkeleton
  case skeleton, skeletonPattern, skeletonSource, pattern
  case skeletonHour, skeletonMinute, lineCount

  /// Of a row without its data, or words, or counts.
  static let chunkLength: Int64 = 50
  static let wordLength: Int64 = 8

  /// As SQLite knows it.
  var name: String {
    switch self {
    case .chunk: "chunk"
    case .chunkTime: "chunk_time"
    case .chunkWord: "chunk_word"
    case .templateUse: "template_use"
    case .template: "template"
    case .templatePattern: "template_pattern"
    case .templateSkeleton: "template_skeleton"
    case .skeleton: "skeleton"
    case .skeletonPattern: "skeleton_pattern"
    case .skeletonSource: "skeleton_source"
    case .pattern: "pattern"
    case .skeletonHour: "skeleton_hour"
    case .skeletonMinute: "skeleton_minute"
    case .lineCount: "line_count"
    }
  }

  var table: String {
    switch self {
    case .chunkTime: "chunk"
    case .templatePattern, .templateSkeleton: "template"
    case .skeletonPattern: "skeleton"
    default: name
    }
  }

  /// Its pages are those of an index: tables without row ids are such, too.
  var isIndex: Bool {
    switch self {
    case .chunk, .chunkWord, .templateUse, .template, .skeleton, .pattern: false
    default: true
    }
  }

  /// Keys and lengths of all rows, in their order.
  var sql: String {
    switch self {
    case .chunk: "SELECT first_id, length(data) + \(Self.chunkLength) FROM chunk ORDER BY 1"
    case .chunkTime: "SELECT first_id, 25 FROM chunk ORDER BY max_us, min_us, source, first_id"
    case .chunkWord: "SELECT chunk, length(bits) + \(Self.wordLength) FROM chunk_word ORDER BY 1"
    case .templateUse:
      "SELECT chunk, length(counts) + \(Self.wordLength) FROM template_use ORDER BY 1"
    case .template: "SELECT id, \(Self.bytes) + 30 FROM template ORDER BY 1"
    case .templatePattern: "SELECT id, 13 FROM template ORDER BY pattern, id"
    case .templateSkeleton: "SELECT id, 13 FROM template ORDER BY skeleton, id"
    case .skeleton: "SELECT id, \(Self.bytes) + 20 FROM skeleton ORDER BY 1"
    case .skeletonPattern: "SELECT id, 18 FROM skeleton ORDER BY pattern, id"
    case .skeletonSource: "SELECT skeleton, 30 FROM skeleton_source ORDER BY 1, source, level"
    case .pattern: "SELECT id, \(Self.bytes) + 30 FROM pattern ORDER BY 1"
    case .skeletonHour:
      "SELECT \(Self.key("hour")), 36 FROM skeleton_hour ORDER BY hour, source, level, skeleton"
    case .skeletonMinute:
      """
      SELECT \(Self.key("hour")), length(lines) + 20 FROM skeleton_minute
      ORDER BY hour, source, level, skeleton
      """
    case .lineCount:
      "SELECT \(Self.key("(minute - ((minute % 60) + 60) % 60) / 60")), 14 FROM line_count ORDER BY minute, source, level"
    }
  }

  private static let bytes = "length(CAST(text AS BLOB))"

  /// A source's number has 27 bits.
  private static func key(_ hour: String) -> String { "\(hour) * (1 << 31) + source * 16 + level" }

  static func key(of group: Pruning.HourGroup) -> Int64 {
    group.hour * (1 << 31) + group.source * 16 + group.level
  }
}
