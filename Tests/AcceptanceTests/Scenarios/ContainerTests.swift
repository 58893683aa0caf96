import TestSupport
import Testing

/// Lines that a container's runtime split, of two streams at once.
@Suite struct `Containers` {
  enum Runtime: String, CaseIterable, Sendable {
    case docker, cri

    func line(_ second: Int, isError: Bool, isLast: Bool, _ text: String) -> String {
      let (time, stream) = (LogFolder.time(second), isError ? "stderr" : "stdout")
      return switch self {
      case .docker:
        #"{"log":"\#(text)\#(isLast ? #"\n"# : "")","stream":"\#(stream)","time":"\#(time)"}"#
      case .cri: "\(time) \(stream) \(isLast ? "F" : "P") \(text)"
      }
    }
  }

  @Test(arguments: Runtime.allCases)
  func `T78 parts of two streams, line by line in turn, are two records`(_ runtime: Runtime) {
    let logs = LogFolder()
    let out = ["one", "two", "three"].enumerated().map { place, text in
      runtime.line(10 + place, isError: false, isLast: place == 2, text)
    }
    let errors = ["ONE", "TWO", "THREE"].enumerated().map { place, text in
      runtime.line(10 + place, isError: true, isLast: place == 2, text)
    }
    for (left, right) in zip(out, errors) {
      logs.appendText("0.log", left + "\n" + right + "\n")
      logs.ingest("--as", runtime.rawValue, logs.path)
      logs.expectVerified()
    }
    logs.expected = [out.joined(separator: "\n"), errors.joined(separator: "\n")]
    logs.expectExactlyOnce()
    let field = runtime == .docker ? "log" : "message"
    #expect(
      logs.rows("SELECT attributes ->> '\(field)' FROM log ORDER BY id")
        == ["onetwothree", "ONETWOTHREE"])
    #expect(logs.value("SELECT sum(count) FROM pattern_count") == "2")
    #expect(logs.value("SELECT lines FROM file") == "6")
  }

  @Test(arguments: Runtime.allCases)
  func `T78 the rest of a line behind a rotation is kept, and the first part says that it is one`(
    _ runtime: Runtime
  ) {
    let logs = LogFolder()
    let lines = [
      runtime.line(1, isError: false, isLast: false, "begun"),
      runtime.line(2, isError: true, isLast: false, "failed"),
      runtime.line(3, isError: false, isLast: true, "ended"),
      runtime.line(4, isError: true, isLast: true, "at once"),
    ]
    logs.appendText("0.log", lines[..<2].map { $0 + "\n" }.joined())
    logs.ingest("--as", runtime.rawValue, logs.path)
    logs.shell("mv 0.log 0.log.20260101-000000")
    logs.appendText("0.log", lines[2...].map { $0 + "\n" }.joined())
    logs.ingest("--as", runtime.rawValue, logs.path)
    logs.shell("touch -d '1 hour ago' 0.log*")
    logs.ingest("--as", runtime.rawValue, logs.path)
    logs.expected = lines
    // The second record of the old file was told apart when the new one had been read.
    logs.expectExactlyOnce(inOrder: false, reading: ["--as", runtime.rawValue, logs.path])
    #expect(
      logs.rows("SELECT attributes ->> 'partial' IS NOT NULL FROM log ORDER BY time")
        == ["1", "1", "0", "0"])
  }

  /// Any interleaving, read in any pieces: each record is the lines of its own stream.
  @Test(arguments: Runtime.allCases)
  func `T78 any interleaving in any split into runs`(_ runtime: Runtime) {
    let seed = Seed.value
    var random = SeededRandom(seed: seed)
    for _ in 0..<4 {
      let logs = LogFolder()
      var records: [[String]] = []
      var open: [Bool: Int] = [:]
      var text = ""
      func write(isError: Bool, isLast: Bool) {
        let line = runtime.line(
          records.count, isError: isError, isLast: isLast, "part \(random.next() % 1000)")
        if let index = open[isError] {
          records[index].append(line)
        } else {
          open[isError] = records.count
          records.append([line])
        }
        if isLast { open[isError] = nil }
        text += line + (random.next() % 4 == 0 ? "\r\n" : "\n")
      }
      for _ in 0..<80 { write(isError: random.next() % 2 == 0, isLast: random.next() % 3 == 0) }
      for isError in open.keys.sorted(by: { !$0 && $1 }) { write(isError: isError, isLast: true) }
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        let count = min(rest.count, 1 + Int(random.next() % 1500))
        logs.appendText("0.log", String(decoding: rest.prefix(count), as: UTF8.self))
        rest = rest.dropFirst(count)
        logs.ingest("--as", runtime.rawValue, logs.path)
      }
      // A carriage return stays between the parts, as it stands in the file.
      let stored = logs.stored().map { $0.replacing("\r\n", with: "\n") }
      let expected = records.map { $0.joined(separator: "\n") }
      let isSame = stored == expected
      #expect(isSame, "seed \(seed): \(LogFolder.difference(stored, expected))")
      logs.expectVerified()
    }
  }

  @Test(arguments: Runtime.allCases)
  func `a line of five megabytes in parts is a few records, and nothing of it is lost`(
    _ runtime: Runtime
  ) {
    let logs = LogFolder()
    let lines = (0..<320).map { part in
      runtime.line(
        part, isError: false, isLast: part == 319,
        "\(part) " + String(repeating: "x", count: 16_000))
    }
    logs.appendText("0.log", lines.map { $0 + "\n" }.joined())
    logs.ingest("--as", runtime.rawValue, logs.path)
    let stored = logs.stored()
    #expect(stored.count > 2 && stored.count < 10)
    let isSame = stored.joined(separator: "\n") == lines.joined(separator: "\n")
    #expect(isSame)
    logs.expectVerified()
  }
}
