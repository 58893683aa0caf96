import Formats
import LogModel

extension FuzzTarget {
  /// Any text in every format: each finding lies inside the line, and a time that is said to be
  /// written in a layout is.
  static let formats = FuzzTarget("formats") { input in
    let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    let detection = Detector.detect(lines)
    try require(
      detection.matched <= detection.total && detection.total <= lines.count,
      "detection counts more lines than there are")
    let berlin = Zone(name: "Europe/Berlin") ?? .utc
    for name in Formats.names {
      var parser = LineParser(
        format: name, zone: berlin, reference: 1_771_156_800_000_000, multiline: .auto)
      for line in lines {
        var head = LineHead()
        _ = parser.parse(line.span, into: &head)
        try expectConsistent(head, line, name)
        _ = parser.explain(line.span)
      }
      try expectObject(parser.attributesJSON(of: input.span), name)
    }
  }

  private static func expectConsistent(
    _ head: LineHead, _ line: [UInt8], _ format: String
  ) throws {
    let whole = 0...line.count
    for range in [head.body, head.timeRange] {
      try require(
        whole.contains(range.lowerBound) && whole.contains(range.upperBound),
        "\(format): \(range) lies outside a line of \(line.count) bytes")
    }
    guard head.layout.kind != .none else {
      return try require(head.timeRange.isEmpty, "\(format): a time without a layout has a place")
    }
    guard let time = head.time else {
      throw Violation(description: "\(format): a layout without a time")
    }
    var rendered: [UInt8] = []
    head.layout.render(time, into: &rendered)
    try require(
      rendered == Array(line[head.timeRange]), "\(format): the layout renders another text")
  }

  /// The attributes are an object that the JSON format reads.
  private static func expectObject(_ text: String, _ format: String) throws {
    let object = Array(text.utf8)
    var json = LineParser(format: "json", zone: .utc, reference: 0, multiline: .auto)
    var head = LineHead()
    try require(
      json.parse(object.span, into: &head) == .parsed, "\(format): no JSON object: \(text)")
  }
}
