import Formats
import LogModel
import Tailing

/// The order in which the files of one source are read: the oldest content first.
enum FileOrder {
  /// Rotators number in both directions, and copying a folder sets all its times anew; so the first
  /// time in the content decides, then the time of the last change, then the name.
  static func sorted(_ files: [Candidate], _ requests: [IngestRequest]) -> [Candidate] {
    guard files.count > 1 else { return files }
    let keyed = files.map { file in
      (file, firstTime(file, requests[file.request]), RotationName(file.path).rank)
    }
    return keyed.sorted { left, right in
      let leftTime = left.1 ?? left.0.status.mtimeMicroseconds
      let rightTime = right.1 ?? right.0.status.mtimeMicroseconds
      if leftTime != rightTime { return leftTime < rightTime }
      if left.2 != right.2 { return left.2 < right.2 }
      return left.0.path < right.0.path
    }.map(\.0)
  }

  /// The first lines, up to `limit` bytes of them; a line cut by the limit is left out.
  static func sample(_ source: consuming ByteSource, limit: Int) throws -> [[UInt8]] {
    var reader = try LineReader(source, maxLine: limit)
    var lines: [[UInt8]] = []
    while reader.lineEnd < limit, lines.count < 100, try reader.next() {
      let line = reader.line
      lines.append(TextSanitizer.clean(line))
    }
    return lines
  }

  private static func firstTime(_ file: Candidate, _ request: IngestRequest) -> Int64? {
    guard let descriptor = try? FileDescriptor(opening: file.path),
      var source = try? ByteSource(descriptor), let sample = try? source.headSample()
    else { return nil }
    let lines = sample.bytes.split(separator: 0x0A, omittingEmptySubsequences: true)
    if let time = firstTime(in: lines.map(Array.init), file, request) { return time }
    // A container's runtime writes the time behind a text that may be longer than that.
    guard let longer = try? Self.sample(source.reopened(), limit: 64 << 10) else { return nil }
    return firstTime(in: longer, file, request)
  }

  /// The first time that one of `lines` tells.
  static func firstTime(
    in lines: [[UInt8]], _ file: Candidate, _ request: IngestRequest
  ) -> Int64? {
    let format = request.format ?? Detector.detect(lines).name
    var parser = LineParser(
      format: format, zone: request.zone, reference: file.status.mtimeMicroseconds,
      multiline: .none)
    var head = LineHead()
    for line in lines {
      _ = parser.parse(line.span, into: &head)
      if let time = head.time { return time }
    }
    return nil
  }
}
