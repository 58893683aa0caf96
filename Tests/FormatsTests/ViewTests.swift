import Formats
import LogModel
import TestSupport
import Testing

/// The view `log` writes times with SQLite's date functions; the bytes must be those of the line.
@Suite struct ViewTests {
  /// The view's expression for a time, out of the migration that makes it.
  static func expression() throws -> String {
    let sql = lines(ofFile: Repository.root + "/migrations/v0001_lines.sql")
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    let start = try #require(sql.firstRange(of: "CASE kind WHEN 0")?.lowerBound)
    let end = try #require(sql[start...].firstRange(of: "|| suffix)")?.upperBound)
    return String(sql[start..<end].dropLast())
  }

  /// A time with a zone, a fraction and what may stand behind them.
  static func text(_ random: inout SeededRandom) -> [UInt8] {
    var layout = LayoutModelTests.layout(&random)
    var time = LayoutModelTests.instant(layout, &random)
    if layout.kind != .syslog, layout.kind != .epoch {
      if let edge = edges.randomElement(using: &random), Int.random(in: 0..<4, using: &random) == 0
      {
        time = edge + Int64.random(in: -100_000_000_000...100_000_000_000, using: &random)
      }
      if let suffix = LayoutModelTests.suffixes.randomElement(using: &random) {
        layout.offsetSeconds = suffix.offset
        layout.suffix = TimeLayout.Suffix(suffix.text) ?? .init()
      }
    }
    let lost = LayoutModelTests.lostDigits(layout, &random)
    let suffix = Array(layout.suffix.text.utf8)
    layout.suffix = .init()
    var text: [UInt8] = []
    layout.render(time, into: &text)
    return text + lost + suffix
  }

  /// 1970, 2000, the year 2100 without a leap day, and the ends of the four-digit years.
  static let edges: [Int64] = [
    0, 951_782_400_000_000, 4_107_542_400_000_000, 253_402_300_799_000_000,
    -62_135_596_800_000_000,
  ]

  @Test(arguments: [20_260_202, 17] as [UInt64])
  func `the sqlite3 program writes every time as it stood in its line`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var expected: [String] = []
    var rows: [String] = []
    var kinds: Set<TimeLayout.Kind> = []
    for round in 0..<1_500 {
      let name = LayoutModelTests.zones.randomElement(using: &random) ?? "UTC"
      let zone = try #require(Zone(name: name))
      let format = ["generic", "json", "docker", "cri", "access"][round % 5]
      let line = LayoutModelTests.embedded(Self.text(&random), in: format)
      let head = ReadLine(line, format: format, zone: zone).head
      guard head.layout.kind != .none, let time = head.time else { continue }
      let layout = head.layout
      kinds.insert(layout.kind)
      expected.append(String(decoding: line[head.timeRange], as: UTF8.self))
      rows.append(
        "(\(time), \(layout.kind.rawValue), \(Self.character(layout.separator)), "
          + "\(Self.character(layout.point)), \(layout.digits), \(layout.offsetSeconds), "
          + "'\(layout.suffix.text)')")
    }
    #expect(rows.count > 800)
    #expect(kinds == [.iso, .slash, .apache, .syslog, .epoch])
    let sql = """
      WITH row(us, kind, sep, point, digits, offset_s, suffix) AS (
        VALUES \(rows.joined(separator: ",\n")))
      SELECT \(try Self.expression()) FROM row;
      """
    let outcome = Command.run("sqlite3", [":memory:"], input: Array(sql.utf8))
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    let written = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().map { String($0) }
    #expect(written.count == expected.count)
    for (index, pair) in zip(written, expected).enumerated() where pair.0 != pair.1 {
      Issue.record("seed \(seed): \(rows[index]) gave \(pair.0), not \(pair.1)")
    }
  }

  private static func character(_ byte: UInt8) -> String {
    byte == 0 ? "''" : "char(\(byte))"
  }
}
