import Formats
import LogModel
import Testing
import TestSupport

/// Random instants, layouts and zones, written and read again.
@Suite struct LayoutModelTests {
  static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
  ]
  static let suffixes: [(text: String, offset: Int32)] = [
    ("", 0), ("Z", 0), ("+00:00", 0), ("-00:00", 0), ("+05:45", 20_700), ("-0330", -12_600),
    (" +0800", 28_800), ("+02", 7_200), (" UTC", 0), (" GMT", 0), (" PDT", -25_200),
    (" -03:30", -12_600),
  ]

  static func layout(_ random: inout SeededRandom) -> TimeLayout {
    let kinds: [TimeLayout.Kind] = [.iso, .slash, .apache, .syslog, .epoch]
    let kind = kinds[Int.random(in: 0..<kinds.count, using: &random)]
    var digits = Int.random(in: 0...6, using: &random)
    var point: UInt8 = digits == 0 ? 0 : 0x2E
    if digits == 3 || digits == 6, kind != .epoch, Bool.random(using: &random) { point = 0x2C }
    if kind == .syslog, digits > 0 { digits = 6 }
    let separators: [UInt8] =
      switch kind {
      case .iso, .slash: [0x54, 0x20, 0x5F]
      case .apache: [0x3A, 0x20]
      default: [0]
      }
    return TimeLayout(
      kind: kind, separator: separators[Int.random(in: 0..<separators.count, using: &random)],
      point: point, digits: UInt8(digits))
  }

  static func instant(_ layout: TimeLayout, _ random: inout SeededRandom) -> Int64 {
    let unit = (0..<(6 - Int(layout.digits))).reduce(Int64(1)) { result, _ in result * 10 }
    // A time without a year is read in the year before the reference.
    let range: ClosedRange<Int64> =
      layout.kind == .syslog
      ? ReadLine.reference - 364 * 86_400_000_000...ReadLine.reference
      : layout.kind == .epoch
        ? 1_000_000_000_000_000...9_999_999_999_000_000
        : 0...253_402_300_799_999_999
    return Int64.random(in: range, using: &random) / unit * unit
  }

  /// What a fraction may show behind the six digits that an instant holds.
  static func lostDigits(_ layout: TimeLayout, _ random: inout SeededRandom) -> [UInt8] {
    guard layout.digits == 6, Bool.random(using: &random) else { return [] }
    let count = layout.point == 0x2C ? 3 : Int.random(in: 1...6, using: &random)
    return (0..<count).map { _ in UInt8.random(in: 0x30...0x39, using: &random) }
  }

  @Test(arguments: [20_260_201, 7, 91] as [UInt64])
  func `a rendered time is read back as the same layout, instant and place`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for round in 0..<3_000 {
      let zone = try #require(
        Zone(name: Self.zones[Int.random(in: 0..<Self.zones.count, using: &random)]))
      var layout = Self.layout(&random)
      let time = Self.instant(layout, &random)
      if layout.kind == .iso || layout.kind == .slash || layout.kind == .apache {
        let suffix = Self.suffixes[Int.random(in: 0..<Self.suffixes.count, using: &random)]
        layout.suffix = try #require(TimeLayout.Suffix(suffix.text))
        layout.offsetSeconds = suffix.offset
      }
      if layout.suffix.count == 0, layout.kind != .epoch {
        layout.offsetSeconds = zone.offset(at: time.floorDivided(1_000_000))
      }
      // Digits that the instant does not hold are text, and so is the zone behind them.
      var behind = Self.lostDigits(layout, &random)
      if !behind.isEmpty {
        behind += Array(layout.suffix.text.utf8)
        layout.suffix = .init()
      }
      var text: [UInt8] = []
      layout.render(time, into: &text)
      let line = text + behind + Array(" INFO x".utf8)
      let read = ReadLine(line, format: "generic", zone: zone)
      let label: Comment =
        "seed \(seed) round \(round) \(zone.name) \(String(decoding: text, as: UTF8.self))"
      #expect(read.head.timeRange == 0..<text.count, label)
      #expect(read.head.body == line.count - 1..<line.count, label)
      #expect(read.head.layout.kind == layout.kind, label)
      if read.head.time != time {
        // Only the hour that a clock shows twice may be read as its other instant.
        let other = try #require(read.head.time, label)
        #expect(read.head.layout.offsetSeconds != layout.offsetSeconds, label)
        #expect(abs(other - time) <= 3_600_000_000, label)
      } else {
        #expect(read.head.layout == layout, label)
      }
      expectConsistent(read.head, line)
    }
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func `a damaged time is never claimed to be rebuilt`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let alphabet = Array("0123456789-/:.,TZ +abcJanFeb[]\"{}".utf8)
    for format in Formats.names {
      var parser = LineParser(
        format: format, zone: Zone(name: "Europe/Berlin") ?? .utc, reference: ReadLine.reference,
        multiline: .auto)
      for _ in 0..<3_000 {
        var layout = Self.layout(&random)
        layout.suffix = TimeLayout.Suffix("+0100") ?? TimeLayout.Suffix()
        layout.offsetSeconds = 3600
        var text: [UInt8] = []
        layout.render(Self.instant(layout, &random), into: &text)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let place = Int.random(in: 0..<text.count, using: &random)
          let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
          switch Int.random(in: 0..<3, using: &random) {
          case 0: text[place] = byte
          case 1: text.insert(byte, at: place)
          default: text.remove(at: place)
          }
        }
        let line = Self.embedded(text, in: format)
        var head = LineHead()
        _ = parser.parse(line.span, into: &head)
        expectConsistent(head, line)
      }
    }
  }

  /// A line of the format around a time.
  static func embedded(_ time: [UInt8], in format: String) -> [UInt8] {
    let (before, behind) =
      switch format {
      case "docker": (#"{"log":"x\n","stream":"stdout","time":""#, "\"}")
      case "cri": ("", " stdout F x")
      case "higress": (#"{"ai_log":"-","start_time":""#, "\"}")
      case "json": (#"{"msg":"x","time":""#, "\"}")
      case "rfc5424": ("<13>1 ", " host app - - - x")
      case "access": ("1.2.3.4 - - [", "] \"GET / HTTP/1.1\" 200 1")
      case "syslog": ("", " host app[1]: x")
      case "logfmt": ("level=info time=\"", "\" msg=x")
      default: ("", " INFO x")
      }
    return Array(before.utf8) + time + Array(behind.utf8)
  }
}

extension Int64 {
  func floorDivided(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
