import LogModel

/// The format that fits a sample of lines, and how well.
package struct Detection: Sendable, Equatable {
  /// Nil when nothing fits well: every line is text.
  package var name: String?
  /// How many lines of the sample are of the format.
  package var matched: Int
  /// How many lines of the sample are not blank.
  package var total: Int
  /// One sentence.
  package var why: String
}

/// Finds the format of a file from its first lines.
package enum Detector {
  /// Of the formats that fit, the first in `Formats.all` unless a later one fits a tenth more of
  /// the lines.
  ///
  /// A format of single lines fits when at least half of the lines that are not indented are of it.
  /// Because traces are long, a multi-line format needs one in ten, or the first line and another
  /// one; a date at the top of a text is no format.
  package static func detect(_ lines: [[UInt8]]) -> Detection {
    let sample = lines.filter { line in line.contains { $0 > 0x20 } }
    let indented = sample.count { $0.first == 0x20 || $0.first == 0x09 }
    var best: (name: String, matched: Int)?
    for type in Formats.all where type != Raw.self {
      let (matched, first) = count(sample, type)
      guard fits(matched, of: sample.count - indented, isFirst: first, type) else { continue }
      guard let found = best else {
        best = (type.name, matched)
        continue
      }
      // A multi-line format reads traces between its lines: it never wins over one that fits.
      if !type.isMultiline, (matched - found.matched) * 10 > sample.count {
        best = (type.name, matched)
      }
    }
    guard let best else {
      let why = sample.isEmpty ? "there is no text" : "no format fits \(sample.count) lines"
      return Detection(name: nil, matched: 0, total: sample.count, why: why)
    }
    return Detection(
      name: best.name, matched: best.matched, total: sample.count,
      why: "\(best.matched) of \(sample.count) lines are \(best.name)")
  }

  private static func count(
    _ lines: [[UInt8]], _ type: any Format.Type
  ) -> (matched: Int, isFirst: Bool) {
    var format = type.init()
    var context = TimeContext(zone: .utc, reference: 4_102_444_800_000_000)
    var matched = 0
    var isFirst = false
    for (index, line) in lines.enumerated() {
      var head = LineHead()
      guard format.parse(line.span, &context, into: &head) else { continue }
      matched += 1
      if index == 0 { isFirst = true }
    }
    return (matched, isFirst)
  }

  private static func fits(
    _ matched: Int, of total: Int, isFirst: Bool, _ type: any Format.Type
  ) -> Bool {
    guard matched > 0 else { return false }
    return type.isMultiline
      ? isFirst && matched > 1 || matched * 10 >= total : matched * 2 >= total
  }
}
