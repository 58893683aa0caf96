/// What is to be counted in which records, and by what.
package struct MetricRule: Sendable, Equatable {
  package enum Function: String, Sendable, CaseIterable {
    case count, sum, avg, min, max, histogram
  }

  package struct Label: Sendable, Hashable {
    package var name: String
    /// A regular expression whose group is the value, or the name of a parsed field.
    package var text: String

    package init(name: String, text: String) {
      self.name = name
      self.text = text
    }

    /// A field's name has no group.
    package var isField: Bool {
      text.utf8.allSatisfy { Word.holds($0) || ".-@/".utf8.contains($0) }
    }
  }

  package var name: String
  package var help = ""
  package var function = Function.count
  /// Names of sources, `*` standing for any text; empty for all.
  package var sources: [String] = []
  /// Globs of files; empty for all.
  package var paths: [String] = []
  /// Where paths begin that are not absolute: the configuration's folder, which may move.
  package var folder = ""
  /// A regular expression: the group `value`, or else the first one, is the value.
  package var pattern: String?
  /// A regular expression; what it matches is not counted.
  package var exclude: String?
  /// The parsed field that is the value.
  package var field: String?
  /// Sorted by name; names are unique.
  package var labels: [Label] = []
  /// Of parsed fields, such as `status>=500`; all must hold.
  package var conditions: [String] = []
  /// The width of a bucket, in microseconds.
  package var step: Int64 = 60_000_000

  package init(name: String) { self.name = name }

  /// Of everything that the configuration says of what is counted, and how.
  package var hash: Int64 {
    var hash = StableHash()
    hash.add(name)
    hash.add(function.rawValue)
    for texts in [sources, paths, conditions] {
      hash.add(UInt64(texts.count))
      for text in texts { hash.add(text) }
    }
    for text in [pattern, exclude, field] { hash.add(text) }
    for label in labels {
      hash.add(label.name)
      hash.add(label.text)
    }
    hash.add(UInt64(bitPattern: step))
    return hash.value
  }

  /// The beginning of the bucket that an instant is in.
  package func bucket(_ time: Int64) -> Int64 { floorDivide(time, step).0 * step }
}

/// A rule as the store knows it.
package struct ActiveMetricRule: Sendable, Equatable {
  package var id: Int64
  package var version: Int64 = 1
  package var rule: MetricRule
  /// Values that were no numbers.
  package var rejects: Int64 = 0
  /// Lines on which its expressions took too many steps.
  package var limitHits: Int64 = 0
  /// By source, the first line that the rule has seen; 0 where there is no entry.
  package var starts: [Int64: Int64] = [:]
  /// Of the labels of its series.
  package var labelHashes: Set<Int64> = []

  package init(id: Int64, rule: MetricRule) {
    self.id = id
    self.rule = rule
  }

  /// Of a series' labels.
  package static func hash(ofLabels labels: Span<UInt8>) -> Int64 {
    var hash = StableHash()
    hash.add(labels)
    return hash.value
  }
}
