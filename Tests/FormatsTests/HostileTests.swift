import Formats
import LogModel
import Testing
import TestSupport

@Suite struct HostileTests {
  /// Lines of every format, to be damaged.
  static let seeds: [[UInt8]] =
    (LineTableTests.generic + LineTableTests.json + LineTableTests.access + LineTableTests.others)
    .map { Array($0.line.utf8) } + LineTableTests.levels.map { Array($0.line.utf8) }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `no bytes crash a format or lead it outside the line`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for name in Formats.names {
      var parser = LineParser(
        format: name, zone: Zone(name: "Europe/Berlin") ?? .utc, reference: ReadLine.reference,
        multiline: .auto)
      for round in 0..<1_500 {
        let line = Self.line(&random)
        var head = LineHead()
        _ = parser.parse(line.span, into: &head)
        expectConsistent(head, line)
        if round % 4 == 0 {
          let object = Array(parser.attributesJSON(of: line.span).utf8)
          var json = LineParser(format: "json", zone: .utc, reference: 0, multiline: .auto)
          let outcome = json.parse(object.span, into: &head)
          #expect(
            outcome == .parsed,
            "seed \(seed) \(name) \(line) gave \(String(decoding: object, as: UTF8.self))")
        }
      }
    }
  }

  @Test(arguments: [31, 32] as [UInt64])
  func `what was read before changes no time`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let zone = try #require(Zone(name: "America/New_York"))
    for name in Formats.names {
      var used = LineParser(
        format: name, zone: zone, reference: ReadLine.reference, multiline: .auto)
      for round in 0..<1_500 {
        let line = Self.line(&random)
        var head = LineHead()
        used.previous = nil
        _ = used.parse(line.span, into: &head)
        let fresh = ReadLine(line, format: name, zone: zone).head
        let isSame =
          head.time == fresh.time && head.layout == fresh.layout
          && head.timeRange == fresh.timeRange && head.severity == fresh.severity
          && head.body == fresh.body
        #expect(isSame, "seed \(seed) round \(round) \(name): \(line)")
      }
    }
  }

  static func line(_ random: inout SeededRandom) -> [UInt8] {
    if Int.random(in: 0..<4, using: &random) == 0 {
      let count = Int.random(in: 0..<80, using: &random)
      return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    var line = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<Int.random(in: 1...4, using: &random) where !line.isEmpty {
      let place = Int.random(in: 0..<line.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: line[place] = UInt8.random(in: 0...255, using: &random)
      case 1: line.removeSubrange(place...)
      case 2: line.removeSubrange(..<place)
      case 3: line.insert(Array("\"\\{}[]: =".utf8)[place % 9], at: place)
      default:
        let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
        line.insert(contentsOf: other.prefix(place), at: place)
      }
    }
    return line
  }
}
