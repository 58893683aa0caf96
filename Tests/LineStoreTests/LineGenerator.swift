import LogModel
import TestSupport

/// A record as the formats hand it to the store.
struct TestRecord {
  var bytes: [UInt8]
  var timeRange = 0..<0
  var layout = TimeLayout.none
  var body: Range<Int>
  var time: Int64
  var severity: Severity?
}

/// Makes lines that are hard to store: the same seed gives the same lines.
struct LineGenerator {
  var random: SeededRandom
  private var now: Int64 = 1_767_225_600_000_000
  private var lastID = ""
  var layouts = Self.allLayouts

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  static let allLayouts: [TimeLayout] = [
    layout(.iso, "T", ".", 3, 0, "Z"), layout(.iso, "T", ".", 6, 0, "Z"),
    layout(.iso, " ", ",", 3, 0, ""), layout(.iso, " ", "", 0, 28_800, "+08:00"),
    layout(.iso, "T", ".", 1, -12_600, "-03:30"), layout(.apache, ":", "", 0, 3600, " +0100"),
    layout(.syslog, "", "", 0, 0, ""), layout(.epoch, "", ".", 3, 0, ""),
    layout(.epoch, "", "", 0, 0, ""), layout(.slash, " ", ".", 6, 0, ""),
  ]

  private static func layout(
    _ kind: TimeLayout.Kind, _ separator: String, _ point: String, _ digits: UInt8, _ offset: Int32,
    _ suffix: String
  ) -> TimeLayout {
    TimeLayout(
      kind: kind, separator: separator.utf8.first ?? 0, point: point.utf8.first ?? 0,
      digits: digits, offsetSeconds: offset, suffix: TimeLayout.Suffix(suffix) ?? .init())
  }

  mutating func next() -> TestRecord {
    advanceClock()
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return plain(junk(Int.random(in: 0..<80, using: &random)))
    case 1: return plain(Self.oddLines.randomElement(using: &random) ?? "")
    case 2: return plain(number())
    case 3: return timed("\u{1}", junk(10))
    case 4: return timed(junk(3), junk(30))
    case 5: return manyHoles()
    case 6 where Int.random(in: 0..<40, using: &random) == 0: return long()
    case 6: return json()
    case 7: return Bool.random(using: &random) ? json() : nested()
    case 8, 9: return logfmt()
    default: return application()
    }
  }

  private mutating func advanceClock() {
    switch Int.random(in: 0..<200, using: &random) {
    case 0: now = Int64.random(in: 0..<253_402_300_000_000_000, using: &random)
    case 1: now = [0, 1, 999_999, 253_402_214_400_000_000].randomElement(using: &random) ?? 0
    case 2: now = 1_767_225_600_000_000
    default:
      now += Int64.random(in: 0..<5000, using: &random) * 1000
      if Int.random(in: 0..<3, using: &random) == 0 { now += 1 }
    }
  }

  static let oddLines = [
    "", " ", "%", "%%", "%s", "%d%s%%", "\"", "\\", "\\\"", "'", "''", "\u{1}", "\u{1}%s\u{1}",
    "\t",
    "\r", "\u{1F}\u{1B}[0m", "a\u{8}b", "\u{7F}", "é", "日本語 123 日本語", "🙂", "x🙂1🙂", "null", "[", "]",
    "],[",
    "\",\"", "[0,1,\"x\"]", "\u{FFFD}\u{FFFE}", "a=\"", "a='b", "\\u0041 \\n 5", "x1\\",
    "\"1\\\\\"",
    "/a/b-/c-5", "/", "//", "1.2.3.4:80", "2026-01-01T00:00:00Z", "caf\u{65}\u{301} 1", "%5", "5%",
    "100%d",
  ]

  private mutating func number() -> String {
    let count = Int.random(in: 1...22, using: &random)
    let digits = (0..<count).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
    return ["", "", "0", "00", "-", "+", "0x"].randomElement(using: &random).map { $0 + digits }
      ?? ""
  }

  mutating func junk(_ count: Int) -> String {
    let alphabet = Array("aZ09%s\"\\'/:.-=_ \t\u{1}\u{2}\u{1F},;[](){}é日🙂\u{FFFF}#&?@")
    return String((0..<count).map { _ in alphabet.randomElement(using: &random) ?? "a" })
  }

  private mutating func plain(_ text: String) -> TestRecord {
    let bytes = Array(text.utf8)
    return TestRecord(bytes: bytes, body: body(0, bytes.count), time: now, severity: severity())
  }

  /// The whole line, or what stands behind its head.
  private mutating func body(_ start: Int, _ end: Int) -> Range<Int> {
    Bool.random(using: &random) ? start..<end : 0..<end
  }

  private mutating func severity() -> Severity? {
    Bool.random(using: &random) ? nil : Severity.allCases.randomElement(using: &random)
  }

  /// A line with a time that its layout rebuilds.
  mutating func timed(_ before: String, _ after: String, severity: Severity? = nil) -> TestRecord {
    let layout = layouts.randomElement(using: &random) ?? .none
    var bytes = Array(before.utf8)
    let start = bytes.count
    layout.render(now, into: &bytes)
    let end = bytes.count
    bytes += Array(after.utf8)
    // What the layout does not show is lost, as in a real line.
    var shown: Int64 = 1
    for _ in layout.digits..<6 { shown *= 10 }
    return TestRecord(
      bytes: bytes, timeRange: start..<end, layout: layout, body: end..<bytes.count,
      time: now / shown * shown, severity: severity)
  }

  static let words = [
    "connected", "refused", "user", "order", "Timeout", "cache", "worker", "Zebra", "quota",
    "retry",
    "x", "id", "GET", "done",
  ]

  mutating func word() -> String { Self.words.randomElement(using: &random) ?? "" }

  private mutating func int(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  private mutating func application() -> TestRecord {
    let severity = Severity.allCases.randomElement(using: &random)
    let level = severity?.name.uppercased() ?? "INFO"
    let text =
      switch int(10) {
      case 0:
        "\(level) [worker-\(int(8))] user \(int(1000)) connected from 10.0.\(int(4)).\(int(200)):\(int(65536))"
      case 1: "\(level) order ord_\(int(99999)) took \(int(900))ms \(int(100))% done"
      case 2: "\(level) cache miss for key '\(word()):\(int(50))' ttl=\(int(60))s"
      case 3:
        "\(level) GET /api/v\(int(3))/\(word())/\(int(1000))?q=\(word()) \(200 + int(4) * 100)"
      case 4: "\(level) retry \(int(5)) of \(int(5)): connection refused"
      case 5: "\(level) request 3f2a\(int(90000))-9b-\(word()) finished, \(word()) \(word())"
      case 6: "\(level) a\(int(9))b\(int(9)) \"\(word()) \\\"\(int(9))\\\" \(word())\" end"
      case 7: "\(level) Zebra\(int(3)) quota-\(int(9))x%s\(int(5))"
      case 8 where int(2) == 0:
        "\(level) job_\(int(99999)) of batch_\(int(9))_'\(word())_\(int(9))'_x"
      case 8: "\(level) /var/log/\(word())-\(int(9)).log/\(int(3)) rotated"
      default: "\(level) done"
      }
    let before = ["", "", "[", "\"", "host-\(int(3)) "].randomElement(using: &random) ?? ""
    return timed(
      before, ["] ", " ", "\" ", "", ": "].randomElement(using: &random).map { $0 + text } ?? "",
      severity: severity)
  }

  private mutating func json() -> TestRecord {
    let message =
      [
        "\(word()) \(int(100)) \\\"\(word())\\\" \\\\ \\n", "\(word())", "",
        "\(junkless()) \\u0007 \(int(9))",
      ].randomElement(using: &random) ?? ""
    var record = timed("{\"time\":\"", "\",\"level\":\"\(word())\",\"n\":\(int(1000)),\"msg\":\"")
    let start = record.bytes.count
    record.bytes += Array(message.utf8)
    record.body = start..<record.bytes.count
    record.bytes += Array(
      "\",\"o\":{\"a\":[\(int(9)),\"\(word())\"],\"b\":\"\(word())/\(int(9))\"}}".utf8)
    return record
  }

  /// A line of a session's file: it names the line before it, and says twice what a tool said.
  mutating func conversation() -> TestRecord {
    advanceClock()
    let parent = lastID
    lastID = (0..<36).map { _ in String(int(16), radix: 16) }.joined()
    let said = (0..<int(120)).map { _ in word() }.joined(separator: " ")
    return timed(
      "{\"parent\":\"\(parent)\",\"time\":\"",
      int(4) == 0
        ? "\",\"id\":\"\(lastID)\"}"
        : "\",\"content\":\"\(said)\",\"n\":\(int(9)),\"result\":\"\(said)\",\"id\":\"\(lastID)\"}")
  }

  /// A JSON text in a string, as in the access logs of gateways; some of it is broken.
  private mutating func nested() -> TestRecord {
    var record = timed(
      int(2) == 0 ? "{\"time\":\"" : "{\"log\":\"\(nestedText())\",\"time\":\"",
      "\",\"log\":\"\(nestedText())\(["\",", "\"", "", "\"/a/1", "\"://b"].randomElement(using: &random) ?? "")"
    )
    record.bytes += Array(
      "\"route\":\"\(word())-\(int(9))\",\"again\":\"{\\\"n\\\":\(int(99))}\"}".utf8)
    if Bool.random(using: &random) { record.body = 0..<record.bytes.count }
    return record
  }

  private mutating func nestedText() -> String {
    let values = [
      "\\\"\(word()) \\\\\\\"\(int(9))\\\\\\\" \\\\n\(word())\\\"", "\(int(1000))", "null",
      "\\\"\\\"", "[]",
      "\\\"\(word())\\\\\\\\\\\"", "\\\"a\\\":\\\"b\\\"", "\\\"\(int(9))\\\"://\(word())",
      "/x/\(int(9))",
      "[{\\\"role\\\":\\\"\(word())\\\"},[\(int(9)),\\\"]\\\"]]", "[\(int(9))",
      "{\\\"k\\\":\(int(9))}", "-\(int(9)).5",
      "\\\"{\\\\\\\"cached\\\\\\\":\(int(9))}\\\"", "\\\"open \(int(9))", "\\\\", "日\(int(9))",
      "'\(word())'", "\\u00e9\\\"",
    ]
    let members = (0..<int(5)).map {
      "\\\"\(Self.words[$0])\\\":\(values.randomElement(using: &random) ?? "")"
    }
    return
      "{\(members.joined(separator: ["," , ", "].randomElement(using: &random) ?? ","))\(int(9) == 0 ? "" : "}")"
  }

  private mutating func junkless() -> String { "\(word())-\(word())_\(int(9))" }

  private mutating func logfmt() -> TestRecord {
    var record = timed("time=\"", "\" level=\(word()) msg=\"")
    let start = record.bytes.count
    record.bytes += Array("\(word()) \(word()) \(int(50))".utf8)
    record.body = start..<record.bytes.count
    record.bytes += Array(
      "\" dur=\(int(90)).\(int(9))ms id=\(word())\(int(1000)) path=/\(word())/\(int(9))".utf8)
    return record
  }

  private mutating func manyHoles() -> TestRecord {
    let count = [62, 63, 64, 65, 100].randomElement(using: &random) ?? 64
    let text = (0..<count).map { "k\($0 % 3 == 0 ? "" : "=")\(int(10))" }.joined(separator: " ")
    return Bool.random(using: &random) ? plain(text) : timed("", " " + text)
  }

  private mutating func long() -> TestRecord {
    let count = [8191, 8192, 8193, 9000, 60_000].randomElement(using: &random) ?? 0
    let text = (0..<count / 8).map { _ in "ab\(int(10))\"\\ %s" }.joined()
    return Bool.random(using: &random) ? plain(text) : timed("", text)
  }
}
