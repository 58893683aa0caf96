import Formats
import LogModel
import Tailing

/// A line as ingestion hands it to the encoder.
struct Record {
  /// Valid UTF-8 without NUL.
  var text: [UInt8]
  var head: LineHead
  /// `.none` where the instant is none that a store can keep.
  var layout: TimeLayout
  var time: Int64

  /// The first instant that has no four-digit year.
  private static let endOfTime: Int64 = 253_402_300_800_000_000

  /// The lines of a text, read in the format that they seem to have.
  static func all(of bytes: [UInt8]) -> [Record] {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      let line = Array(line)
      return TextSanitizer.isClean(line.span) ? line : TextSanitizer.clean(line.span)
    }
    var parser = LineParser(
      format: Detector.detect(lines).name, zone: .utc, reference: 1_771_156_800_000_000,
      multiline: .auto)
    var last: Int64 = 0
    return lines.map { line in
      var head = LineHead()
      _ = parser.parse(line.span, into: &head)
      var layout = TimeLayout.none
      if let time = head.time, time >= 0, time < endOfTime {
        last = time
        layout = head.layout
      }
      return Record(text: line, head: head, layout: layout, time: last)
    }
  }
}
