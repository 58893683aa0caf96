import TestSupport
import Testing

// Records that the runtime of a container has cut into parts, and that are longer than `max_line` in
// all: they are several records of the store, and one request.

extension `Turns` {
  static let partsLimit = "sources: [{name: app, path: 'logs/*', max_line: 1KiB}]\n"

  /// The lines of one text, cut into parts of some hundred bytes.
  static func lines(
    _ text: String, _ number: Int, stream: String = "stdout", isDocker: Bool
  ) -> [String] {
    let bytes = Array(text.utf8)
    let starts = stride(from: 0, to: bytes.count, by: 300)
    return starts.map { start in
      let part = String(decoding: bytes[start..<min(start + 300, bytes.count)], as: UTF8.self)
      let isLast = start + 300 >= bytes.count
      let time = LogFolder.time(number, start / 300)
      guard isDocker else { return "\(time) \(stream) \(isLast ? "F" : "P") \(part)" }
      let escaped = part.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#)
      return
        #"{"log":"\#(escaped)\#(isLast ? #"\n"# : "")","stream":"\#(stream)","time":"\#(time)"}"#
    }
  }

  static func request(_ number: Int, _ speech: String) -> String {
    #"{"session":"client","request":{"messages":["\#(speech)","\#(speech)"]},"response":{"id":"chatcmpl-"#
      + #"0123456789\#(number)","model":"gpt-4o","usage":{"prompt_tokens":\#(100 + number),"completion_tokens":7}}}"#
  }

  static let longSpeech = String(repeating: #"utter \"no\" \\ to it, } and ] "#, count: 60)

  private static func log(isDocker: Bool) -> [String] {
    (1...5).flatMap { number in
      var lines = lines(request(number, longSpeech), number, isDocker: isDocker)
      // The other stream is heard before its end, too.
      if number % 2 == 0 {
        lines.insert(
          contentsOf: Self.lines("oops", number, stream: "stderr", isDocker: isDocker),
          at: lines.count - number)
      }
      return lines + Self.lines("done", number, isDocker: isDocker)
    }
  }

  private static let sums =
    "SELECT group_concat(r, '|') AS turns FROM (SELECT session || ' ' || time || ' ' || model || ' ' || input_tokens"
    + " || ' ' || output_tokens || ' ' || log_id || ' ' || cost_nano AS r FROM turns ORDER BY log_id)"
  static let count = "SELECT count(*) || ' ' || sum(input_tokens) AS n FROM turns"

  @Test(arguments: [false, true])
  func `a record in parts that is longer than it may be shows its turn, in any split into runs`(
    _ isDocker: Bool
  ) {
    var random = SeededRandom(seed: Seed.value)
    print("SEED=\(Seed.value)")
    let text = Array((Self.log(isDocker: isDocker).joined(separator: "\n") + "\n").utf8)
    let (parts, whole) = (LogFolder(), LogFolder())
    for logs in [parts, whole] { logs.configuration = Self.partsLimit }
    whole.appendBytes("app.log", text)
    _ = whole.run(["ingest"])
    #expect(whole.value(Self.count) == "5 515")
    var start = 0
    while start < text.count {
      let end = min(text.count, start + Int.random(in: 1..<4000, using: &random))
      parts.appendBytes("app.log", Array(text[start..<end]))
      _ = parts.run(["ingest"])
      let verified = parts.run(["verify"])
      #expect(verified.status == 0, "\(end) bytes: \(verified.output)")
      start = end
    }
    #expect(parts.value(Self.sums) == whole.value(Self.sums))
    for logs in [parts, whole] {
      #expect(logs.value("SELECT count(*) FROM reject") == "0")
      #expect(logs.run(["verify"]).status == 0)
    }
  }

  private static let broken =
    #"{"type":"assistant","message":{"usage":{"input_tokens":9},"content":""# + longSpeech

  @Test func `a record in parts that breaks off is told, and what follows is read`() {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    var lines = Self.lines(Self.broken, 1, isDocker: false).dropLast()
    lines.append("the runtime was killed")
    lines += Self.lines(Self.request(2, Self.longSpeech), 2, isDocker: false)
    logs.appendText("app.log", lines.joined(separator: "\n") + "\n")
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.count) == "1 102")
    #expect(logs.value("SELECT count(*) FROM reject") == "1")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a record in parts that never goes on is told, and read no more`() {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    let lines = Self.lines(Self.broken, 1, isDocker: true).dropLast()
    let errors = (2...101).flatMap { Self.lines("oops", $0, stream: "stderr", isDocker: true) }
    for part in [lines + errors, errors.prefix(1), errors.prefix(1)] {
      logs.appendText("app.log", part.joined(separator: "\n") + "\n")
      _ = logs.run(["ingest"])
    }
    #expect(logs.value("SELECT count(*) FROM turns") == "0")
    #expect(logs.value("SELECT count(*) FROM reject") == "1")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `two records in parts at once, both longer than they may be, show their turns`() {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    let output = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: true)
    let errors = Self.lines(Self.request(2, Self.longSpeech), 2, stream: "stderr", isDocker: true)
    logs.appendText(
      "app.log", zip(output, errors).map { "\($0)\n\($1)\n" }.joined())
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.count) == "2 203")
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a short record in parts shows its turn beside one that is longer than it may be`() {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    let output = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: false)
    let errors = Self.lines(
      Self.request(2, String(Self.longSpeech.prefix(120))), 2, stream: "stderr", isDocker: false)
    logs.appendText("app.log", zip(output, errors).map { "\($0)\n\($1)\n" }.joined())
    logs.appendText("app.log", output.dropFirst(errors.count).map { $0 + "\n" }.joined())
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.count) == "2 203")
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
  }

  @Test(arguments: ["none", "auto"])
  func `a record in parts shows its turn where each part is a record`(_ multiline: String) {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*', multiline: \(multiline)}]\n"
    let lines = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: true)
    for part in [lines.prefix(2), lines.dropFirst(2)] {
      logs.appendText("app.log", part.joined(separator: "\n") + "\n")
      // What stands at a quiet file's end is a record.
      logs.shell("touch -d '1 hour ago' app.log")
      _ = logs.run(["ingest"])
    }
    #expect(logs.value(Self.count) == "1 101")
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `of a record in parts that is longer than it may be nothing is kept that must not be`()
  {
    let logs = LogFolder()
    logs.configuration =
      "sources: [{name: app, path: 'logs/*', max_line: 1KiB, content: drop, redact: ['cli[a-z]+']}]\n"
    let lines = Self.log(isDocker: true)
    logs.appendText("app.log", lines.prefix(20).joined(separator: "\n") + "\n")
    _ = logs.run(["ingest"])
    logs.appendText("app.log", lines.dropFirst(20).joined(separator: "\n") + "\n")
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.count) == "5 515")
    #expect(logs.rows("SELECT DISTINCT session FROM turns") == ["[redacted]"])
    #expect(logs.shell("grep -c 'utter' ../logbook.db", isExpectedToWork: false).output == "0\n")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [false, true])
  func `a reject of a record in parts holds nothing that must not be kept`(_ isDocker: Bool) {
    let logs = LogFolder()
    logs.configuration =
      "sources: [{name: app, path: 'logs/*', max_line: 1KiB, content: drop, redact: ['cli[a-z]+']}]\n"
    let output = Self.lines(Self.broken, 1, isDocker: isDocker).dropLast()
    let errors = Self.lines(
      Self.broken, 2, stream: "stderr", isDocker: isDocker
    ).dropLast()
    logs.appendText("app.log", zip(output, errors).map { "\($0)\n\($1)\n" }.joined())
    _ = logs.run(["ingest"])
    logs.shell("gzip app.log")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT count(*) FROM reject") == "2")
    #expect(
      logs.rows("SELECT text FROM reject WHERE text LIKE '%utter%' OR text LIKE '%client%'") == [])
  }

  @Test(arguments: [false, true])
  func `of a long record in parts nothing is kept that must not be, wherever the file ends for now`(
    _ isDocker: Bool
  ) {
    let lines = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: isDocker)
    for place in 3...6 {
      let logs = LogFolder()
      logs.configuration =
        "sources: [{name: app, path: 'logs/*', max_line: 1KiB, content: drop}]\n"
      logs.appendText("app.log", lines[..<place].joined(separator: "\n") + "\n")
      logs.appendText("app.log", String(lines[place].prefix(200)))
      _ = logs.run(["ingest"])
      #expect(logs.rows("SELECT message FROM log WHERE message LIKE '%utter%'") == [])
    }
  }

  /// Of the record of `request(1, …)`, which is line 1.
  private static func expectOneTurn(_ logs: LogFolder) {
    #expect(logs.value(count) == "1 101")
    #expect(logs.value("SELECT log_id & 0xFF FROM turn") == "1")
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  @Test(arguments: [false, true], [false, true])
  func `a record in parts goes on in the next files`(_ isQuiet: Bool, _ isDocker: Bool) {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    let lines = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: isDocker)
    for (number, part) in [lines.prefix(6), lines[6..<8], lines.dropFirst(8)].enumerated() {
      if number > 0 {
        logs.shell("[ ! -e app.log.1 ] || mv app.log.1 app.log.2; mv app.log app.log.1")
      }
      logs.appendText("app.log", part.joined(separator: "\n") + "\n")
      if isQuiet { logs.shell("touch -d '1 hour ago' *") }
      _ = logs.run(["ingest"])
    }
    Self.expectOneTurn(logs)
  }

  @Test(arguments: [false, true], [1, 6])
  func `a record in parts goes on behind an archive`(_ isQuiet: Bool, _ count: Int) {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    let lines = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: true)
    for part in [lines.prefix(count), lines.dropFirst(count)] {
      logs.shell("[ ! -e app.log ] || { gzip app.log && mv app.log.gz app.log.1.gz; }")
      logs.appendText("app.log", part.joined(separator: "\n") + "\n")
      if isQuiet { logs.shell("touch -d '1 hour ago' *") }
      _ = logs.run(["ingest"])
    }
    Self.expectOneTurn(logs)
  }

  @Test func `files are in order though a first line hides its time behind a long text`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*'}]\n"
    let filler = (1...3).map { number in
      let text = String(repeating: "text ", count: 1000)
      return #"{"log":"\#(text)\n","stream":"stderr","time":"\#(LogFolder.time(number))"}"#
    }
    let lines = Self.lines(Self.request(1, Self.longSpeech), 4, isDocker: true)
    logs.appendText("app.log.1", (filler + lines.prefix(6)).joined(separator: "\n") + "\n")
    logs.appendText("app.log", lines.dropFirst(6).joined(separator: "\n") + "\n")
    // As a copy of the folder has them.
    logs.shell("touch -d '1 hour ago' app.log; touch -d '1 minute ago' app.log.1")
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.count) == "1 101")
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  @Test(arguments: [false, true], [false, true])
  func `texts of both streams go on in the next files`(_ isQuiet: Bool, _ isDocker: Bool) {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*'}]\n"
    let output = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: isDocker)
    let errors = Self.lines(
      Self.request(2, Self.longSpeech), 2, stream: "stderr", isDocker: isDocker)
    let lines = zip(output, errors).flatMap { [$0, $1] }
    for part in [lines.prefix(5), lines[5..<9], lines.dropFirst(9)] {
      logs.shell("[ ! -e app.log.1 ] || mv app.log.1 app.log.2; mv app.log app.log.1 || true")
      logs.appendText("app.log", part.joined(separator: "\n") + "\n")
      if isQuiet { logs.shell("touch -d '1 hour ago' *") }
      _ = logs.run(["ingest"])
    }
    #expect(logs.value(Self.count) == "2 203")
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  @Test(arguments: [false, true])
  func `a text goes on in a file in which another one begins, and ends in the next`(
    _ isDocker: Bool
  ) {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*'}]\n"
    // What it used stands in the middle.
    let text =
      #"{"session":"client","prompt":"\#(Self.longSpeech)","response":{"id":"chatcmpl-1","model":"gpt-4o","#
      + #""usage":{"prompt_tokens":101,"completion_tokens":7},"text":"\#(Self.longSpeech)"}}"#
    let output = Self.lines(text, 1, isDocker: isDocker)
    let errors = Self.lines(
      Self.request(2, Self.longSpeech), 2, stream: "stderr", isDocker: isDocker)
    let steps: [(lines: [String], isRotated: Bool)] = [
      (Array(output.prefix(3)), true), (Array(output.dropFirst(3).dropLast()), false),
      (Array(errors.prefix(2)), true), (output.suffix(1) + errors.dropFirst(2), false),
    ]
    for (lines, isRotated) in steps {
      logs.appendText("app.log", lines.joined(separator: "\n") + "\n")
      logs.shell("touch -d '1 hour ago' *")
      _ = logs.run(["ingest"])
      guard isRotated else { continue }
      logs.shell("[ ! -e app.log.1 ] || mv app.log.1 app.log.2; mv app.log app.log.1")
    }
    #expect(logs.value(Self.count) == "2 203")
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  @Test func `a text that ends in an open record of both streams is known there behind a rotation`()
  {
    let logs = LogFolder()
    logs.configuration =
      "sources: [{name: app, path: 'logs/*', max_line: 1KiB, content: drop, multiline_timeout: 1d}]\n"
    let request = Self.lines(Self.request(1, Self.longSpeech), 1, stream: "stderr", isDocker: false)
    let output = Self.lines(String(repeating: "text ", count: 100), 2, isDocker: false)
    let lines = request.dropLast() + output.prefix(1) + request.suffix(1)
    for part in [lines, output.dropFirst() + ["\(LogFolder.time(3)) stderr F fine"]] {
      logs.appendText("app.log", part.joined(separator: "\n") + "\n")
      _ = logs.run(["ingest"])
      logs.shell("[ -e app.log.1 ] || mv app.log app.log.1")
    }
    logs.shell("touch -d '2 days ago' *")
    _ = logs.run(["ingest"])
    #expect(logs.rows("SELECT message FROM log WHERE message LIKE '%tokens%'") == [])
    #expect(logs.value(Self.count) == "1 101")
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  @Test func `an archive's end is the end of a record in parts that is longer than it may be`() {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    let broken =
      #"{"type":"assistant","message":{"usage":{"input_tokens":9},"content":""# + Self.longSpeech
    let lines = Self.lines(broken, 1, isDocker: true).dropLast()
    logs.appendText("app.log", lines.joined(separator: "\n") + "\n")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    logs.shell("gzip app.log")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT count(*) FROM reject") == "1")
    #expect(logs.run(["verify"]).status == 0)
  }
}
