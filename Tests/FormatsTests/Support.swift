import Formats
import Glibc
import LogModel

/// A line read by itself.
struct ReadLine {
  var head = LineHead()
  var outcome: LineParser.Outcome

  /// That is 2026-02-15T12:00:00Z.
  static let reference: Int64 = 1_771_156_800_000_000

  init(
    _ line: [UInt8], format: String, zone: Zone = .utc, reference: Int64 = Self.reference
  ) {
    var parser = LineParser(format: format, zone: zone, reference: reference, multiline: .auto)
    outcome = parser.parse(line.span, into: &head)
  }

  init(_ line: String, format: String, zone: Zone = .utc, reference: Int64 = Self.reference) {
    self.init(Array(line.utf8), format: format, zone: zone, reference: reference)
  }
}

/// The lines of a file without their line feeds.
func lines(ofFile path: String) -> [[UInt8]] {
  guard let stream = unsafe fopen(path, "r") else { return [] }
  defer { unsafe fclose(stream) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&buffer, 1, buffer.count, stream)
    if count == 0 { break }
    bytes.append(contentsOf: buffer[..<count])
  }
  var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
  if lines.last?.isEmpty == true { lines.removeLast() }
  return lines
}
