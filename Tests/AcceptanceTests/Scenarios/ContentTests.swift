import TestSupport
import Testing

/// What stands in the lines, and where they are cut.
@Suite struct `Content` {
  /// A file that is written in pieces, with a run after each.
  struct Pieces: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var pieces: [String]
    var records: [String]

    init(_ name: String, _ pieces: [String], _ records: [String]) {
      testDescription = name
      self.pieces = pieces
      self.records = records
    }
  }

  static let time = "2026-01-01T00:00:00Z INFO"
  static let pieces = [
    Pieces("completed in the next run", ["\(time) on", "e\n"], ["\(time) one"]),
    Pieces(
      "completed in three runs", ["\(time) on", "e t", "w", "o\n\(time) x\n"],
      ["\(time) one two", "\(time) x"]),
    Pieces(
      "cut in a carriage return and line feed", ["\(time) a\r", "\n\(time) b\r\n"],
      ["\(time) a", "\(time) b"]),
    Pieces(
      "mixed line ends", ["\(time) a\r\n\(time) b\n\(time) c\r\n"],
      ["\(time) a", "\(time) b", "\(time) c"]),
    Pieces("no line end at the end", ["\(time) a\n\(time) b"], ["\(time) a", "\(time) b"]),
    Pieces(
      "a trace cut by runs",
      ["\(time) a\n  at x", "\n  at y\n", "  at z\n", "\(time) b\n"],
      ["\(time) a\n  at x\n  at y\n  at z", "\(time) b"]),
    Pieces(
      "the text of a column that looks like a format", ["\(time) 100%s %d %% %\n"],
      ["\(time) 100%s %d %% %"]),
    Pieces(
      "control characters", ["\(time) \u{1B}[31mred\u{1B}[0m \u{1} \u{7F}\n"],
      ["\(time) \u{1B}[31mred\u{1B}[0m \u{1} \u{7F}"]),
    Pieces(
      "a line of another format in the middle",
      ["\(time) a\n{\"level\":\"info\",\"msg\":\"x\"}\n\(time) b\n"],
      ["\(time) a\n{\"level\":\"info\",\"msg\":\"x\"}", "\(time) b"]),
  ]

  @Test(arguments: pieces)
  func `T70 T71 T75 T77 T81 files that are written in pieces`(_ example: Pieces) {
    let logs = LogFolder()
    for piece in example.pieces {
      logs.appendText("app.log", piece)
      logs.ingest()
    }
    logs.expected = example.records
    logs.expectExactlyOnce()
  }

  @Test func `T70 cut inside a character`() {
    let logs = LogFolder()
    let bytes = Array("\(Self.time) Zürich 🦉 done\n".utf8)
    for end in stride(from: 1, through: bytes.count, by: 3) + [bytes.count] {
      logs.logbook.scratch.write("logs/app.log", Array(bytes[..<end]))
      logs.ingest()
    }
    logs.expected = ["\(Self.time) Zürich 🦉 done"]
    // Written anew each time, in place, with the same beginning.
    logs.expectExactlyOnce()
  }

  @Test func `T71 the last line of an archive has no line end`() {
    let logs = LogFolder()
    logs.append("app.log.1", 5)
    logs.append("app.log.1", records: [logs.line()], end: "")
    logs.shell("gzip app.log.1")
    logs.ingest()
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [-1, 0, 1, 10_000_000])
  func `T72 a line as long as a line may be, and longer`(_ more: Int) {
    let logs = LogFolder()
    let limit = 1 << 20
    logs.append("app.log", 2)
    let start = logs.line()
    let text = start + String(repeating: "x", count: limit + more - start.utf8.count)
    logs.appendText("app.log", text + "\n")
    logs.expected.append(String(text.prefix(limit)))
    logs.append("app.log", 2)
    logs.ingest()
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T72 a line of a gigabyte that has no end yet`() {
    let logs = LogFolder()
    logs.append("app.log", 2)
    let start = logs.line()
    logs.appendText("app.log", start)
    logs.shell("head -c 300000000 /dev/zero | tr '\\0' x >> app.log")
    logs.expected.append(start + String(repeating: "x", count: (1 << 20) - start.utf8.count))
    logs.ingest()
    logs.appendText("app.log", "xxx")
    logs.ingest()
    logs.appendText("app.log", "\n")
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T73 bytes that are no text are replaced, and the row is found`() {
    let logs = LogFolder()
    let start = Array("\(Self.time) ".utf8)
    let lines: [([UInt8], String)] = [
      ([0x61, 0x00, 0x62], "a\u{2400}b"), ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
      ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
      ([0xE2, 0x82], "\u{FFFD}"), ([0xF0, 0x9F, 0xA6, 0x89], "🦉"),
    ]
    logs.logbook.scratch.write(
      "logs/app.log", lines.flatMap { start + $0.0 + [UInt8(ascii: "\n")] })
    logs.expected = lines.map { "\(Self.time) \($0.1)" }
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT sanitized FROM file") == "5")
    let json = logs.run(["search", "INFO", "--format", "json"])
    #expect(Command.run("jq", ["length"], input: json.outputBytes).output == "6\n")
  }

  @Test func `T73 T81 an open record that is read again is counted once`() {
    let logs = LogFolder()
    func counts() -> [String] {
      logs.rows("SELECT format('%d %d %d', lines, unparsed, sanitized) FROM file ORDER BY path")
    }
    func append(_ name: String, _ bytes: String) { logs.shell("printf '\(bytes)' >> \(name)") }
    append("a.log", "\(Self.time) one\\n\(Self.time) a\\0b\\n")
    append("b.log", #"{"time":"2026-01-01T00:00:00Z","msg":"x"}\n\377 no object"#)
    logs.ingest()
    #expect(counts() == ["2 0 1", "2 1 1"])
    append("a.log", "  at x\\n")
    append("b.log", ", still none")
    logs.ingest()
    #expect(counts() == ["3 0 1", "2 1 1"])
    // Looked at again, and nothing has come.
    logs.shell("touch *.log")
    logs.ingest()
    #expect(counts() == ["3 0 1", "2 1 1"])
    append("a.log", "\(Self.time) two\\n")
    append("b.log", #"\n{"time":"2026-01-01T00:00:01Z","msg":"y"}\n"#)
    logs.ingest()
    #expect(counts() == ["4 0 1", "3 1 1"])
    logs.expectVerified()
  }

  @Test(arguments: [false, true])
  func `T81 an open record that fills a chunk by itself is counted when it is complete`(
    isGone: Bool
  ) {
    let logs = LogFolder()
    logs.append("app.log", 10)
    // As JSON each of them takes two bytes.
    let long = logs.line() + String(repeating: #""\"#, count: 400_000)
    logs.appendText("app.log", long)
    logs.ingest()
    logs.expectVerified()
    #expect(logs.rows("SELECT sealed FROM chunk ORDER BY first_id") == ["0", "0"])
    if isGone {
      logs.shell("rm app.log")
      logs.expected.append(long)
    } else {
      logs.appendText("app.log", " end\n")
      logs.expected.append(long + " end")
      logs.append("app.log", 2)
    }
    logs.ingest()
    logs.expectVerified()
    // The last line may go on yet.
    let counted = logs.expected.count - (isGone ? 0 : 1)
    #expect(logs.value("SELECT sum(count) FROM pattern_count") == "\(counted)")
  }

  @Test(arguments: ["UTF-8", "UTF-16LE", "UTF-16BE"])
  func `T74 byte order marks`(_ encoding: String) {
    let logs = LogFolder()
    let mark =
      ["UTF-8": #"\357\273\277"#, "UTF-16LE": #"\377\376"#, "UTF-16BE": #"\376\377"#][encoding]
      ?? ""
    logs.shell("printf '\(mark)' > app.log")
    for _ in 0..<3 {
      let lines = logs.lines(40).map { $0 + " Zürich 🦉" }
      logs.logbook.scratch.write("part", lines.map { $0 + "\r\n" }.joined())
      logs.shell("iconv -f UTF-8 -t \(encoding) ../part >> app.log")
      logs.expected += lines
      logs.ingest()
    }
    logs.expectExactlyOnce()
  }

  @Test func `T75 nothing but empty lines`() {
    let logs = LogFolder()
    logs.appendText("app.log", "\n\n\n")
    logs.ingest("--as", "raw", logs.path)
    logs.expected = ["", "", ""]
    logs.expectExactlyOnce()
  }

  @Test func `T76 any split into runs gives the same lines`() {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    let whole = LogFolder()
    var text: [UInt8] = []
    for number in 0..<60 {
      let end = random.next() % 3 == 0 ? "\r\n" : "\n"
      var line = whole.line(String(repeating: "é", count: Int(random.next() % 40)))
      if number % 9 == 0 { line += "\(end)  at one\(end)  at two" }
      whole.expected.append(line)
      text += Array((line + end).utf8)
    }
    var end = 0
    while end < text.count {
      end = min(text.count, end + 1 + Int(random.next() % 400))
      whole.logbook.scratch.write("piece", Array(text[..<end]))
      whole.shell(
        "tail -c +$(($(stat -c %s app.log 2>/dev/null || echo 0) + 1)) ../piece >> app.log")
      whole.ingest()
    }
    whole.expectExactlyOnce()
  }

  @Test func `T77 a trace of a hundred thousand lines is bounded, and nothing of it is lost`() {
    let logs = LogFolder()
    let trace = (0..<100_000).map { "    at com.example.Deep.call(Deep.java:\($0))" }
    logs.appendText("app.log", ([logs.line()] + trace).map { $0 + "\n" }.joined())
    logs.append("app.log", 2)
    logs.ingest()
    let stored = logs.stored()
    #expect(stored.count >= 3 && stored.count < 20)
    let text = stored.joined(separator: "\n")
    #expect(text.hasSuffix(logs.expected.joined(separator: "\n")))
    #expect(text.split(separator: "\n").count == 100_003)
    logs.expectVerified()
  }

  @Test func `T78 partial lines of containers across a rotation`() {
    let logs = LogFolder()
    var texts: [String] = []
    func write(_ name: String, _ tag: String) {
      let line = "\(LogFolder.time(texts.count + 1)) stdout \(tag) part \(texts.count)"
      texts.append(line)
      logs.appendText(name, line + "\n")
    }
    for _ in 0..<20 { write("0.log", "F") }
    write("0.log", "P")
    logs.ingest("--as", "cri", logs.path)
    write("0.log", "P")
    logs.ingest("--as", "cri", logs.path)
    logs.shell("mv 0.log 0.log.20260101-000000")
    write("0.log", "F")
    write("0.log", "F")
    logs.ingest("--as", "cri", logs.path)
    let text = logs.stored().joined(separator: "\n")
    #expect(text == texts.joined(separator: "\n"))
    logs.expectVerified()
  }
}

private func + (left: StrideThrough<Int>, right: [Int]) -> [Int] { Array(left) + right }
