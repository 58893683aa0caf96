import TestSupport
import Testing

/// What people and models say is nowhere in the store, however a container's runtime cuts it into
/// parts, the two streams interleave, its file is rotated, and runs see more or less of it.
@Suite struct `Privacy of texts in parts` {
  @Test(arguments: 0..<12)
  func `nothing of it is in the store at any time`(_ number: Int) {
    print("SEED=\(Seed.value)")
    var model = PartsModel(seed: Seed.value &+ UInt64(number))
    model.run()
    let found = model.found
    #expect(found == nil, "seed \(model.seed): \(model.settings): \(found ?? "")")
    #expect(model.logs.run(["verify", "--deep"]).status == 0, "seed \(model.seed)")
    // What is longer than a record may be is told where a part alone is; each other turn is there.
    guard !model.isCut else { return }
    #expect(
      model.logs.rows("SELECT input_tokens FROM turns ORDER BY 1")
        == model.turns.sorted().map(String.init),
      "seed \(model.seed): \(model.settings)")
  }
}

private struct PartsModel {
  let seed: UInt64
  let logs = LogFolder()
  private(set) var settings = ""
  /// What was found of that which must not be stored.
  private(set) var found: String?
  /// The input tokens of all requests.
  private(set) var turns: [Int] = []
  /// A line is longer than a record may be.
  private(set) var isCut = false
  private var random: SeededRandom
  private let isDocker: Bool
  private let limit: Int

  init(seed: UInt64) {
    self.seed = seed
    random = SeededRandom(seed: seed)
    isDocker = Bool.random(using: &random)
    limit = [400, 1000, 2000].randomElement(using: &random) ?? 1000
    let content = ["drop", "drop", "hash"].randomElement(using: &random) ?? "drop"
    let multiline = ["auto", "auto", "none"].randomElement(using: &random) ?? "auto"
    settings =
      "format: \(isDocker ? "docker" : "cri"), max_line: \(limit)B, content: \(content), multiline: \(multiline)"
    logs.configuration = "sources: [{name: app, path: 'logs/*', \(settings)}]\n"
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func length(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  // MARK: The log

  /// Any eight of its letters in a row give it away.
  private mutating func secret() -> String {
    let share = [1, 7, 15, 30].randomElement(using: &random) ?? 1
    let count = length(8...max(9, limit * share / 10))
    return String((0..<count).map { _ in Array("ZQXJ").randomElement(using: &random) ?? "Z" })
  }

  private mutating func text(_ number: Int) -> String {
    if chance(20) { return "plain text \(number)" }
    if chance(15) { return String(repeating: "plain text ", count: length(1...limit / 5)) }
    let request =
      #"{"id":"chatcmpl-\#(number)","model":"gpt-4o","usage":{"prompt_tokens":\#(number),"#
    let body =
      chance(50)
      ? request
        + #""completion_tokens":7},"messages":[{"role":"user","content":"\#(secret())"},"\#(secret())"]}"#
      : #"{"session":"s","request":{"messages":["\#(secret())"]},"response":\#(request)"completion_tokens":7},"#
        + #""choices":[{"message":{"content":"\#(secret()) \"\#(secret())\" }"}}]}}"#
    guard chance(40) else {
      turns.append(number)
      return body
    }
    // Behind so much text nobody looks for a request.
    return String(repeating: "x ", count: length(90...limit)) + body
  }

  private mutating func lines(_ text: String, _ stream: String) -> [String] {
    var rest = Array(text.utf8)[...]
    var lines: [String] = []
    let isLong = chance(15)
    repeat {
      let most = isLong ? 2 * limit : max(40, limit - 180)
      let part = rest.prefix(length(30...most))
      rest = rest.dropFirst(part.count)
      lines.append(line(String(decoding: part, as: UTF8.self), stream, isLast: rest.isEmpty))
    } while !rest.isEmpty
    return lines
  }

  private mutating func line(_ part: String, _ stream: String, isLast: Bool) -> String {
    let time = LogFolder.time(10)
    var line = "\(time) \(stream) \(isLast ? "F" : "P") \(part)"
    if isDocker {
      let escaped = part.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#)
      line =
        #"{"log":"\#(escaped)\#(isLast ? #"\n"# : "")","stream":"\#(stream)","time":"\#(time)"}"#
    }
    if line.utf8.count > limit { isCut = true }
    return line
  }

  private mutating func log() -> [UInt8] {
    var streams: [[String]] = [[], []]
    for number in 101...100 + length(4...12) {
      let stream = chance(60) ? 0 : 1
      streams[stream] += lines(text(number), ["stdout", "stderr"][stream])
    }
    let steadiness = [50, 80, 95].randomElement(using: &random) ?? 50
    var lines: [String] = []
    var current = 0
    while !streams.allSatisfy(\.isEmpty) {
      if streams[current].isEmpty || !streams[1 - current].isEmpty && !chance(steadiness) {
        current = 1 - current
      }
      lines.append(streams[current].removeFirst())
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  // MARK: What happens to it

  mutating func run() {
    let text = log()
    let mayRotate = chance(50)
    var start = 0
    while start < text.count, found == nil {
      var end = min(text.count, start + length(1...limit * (chance(50) ? 4 : 1)))
      if chance(60) { end = text[(end - 1)...].firstIndex(of: 0x0A).map { $0 + 1 } ?? end }
      logs.appendBytes("app.log", Array(text[start..<end]))
      start = end
      if chance(70) { ingest() }
      if mayRotate, text[end - 1] == 0x0A, end < text.count, chance(30) { rotate() }
    }
    ingest()
    logs.shell("touch -d '1 hour ago' *")
    ingest()
  }

  private mutating func rotate() {
    let isCopied = chance(30)
    logs.shell(
      """
      [ ! -e app.log.2 ] || mv app.log.2 app.log.3
      [ ! -e app.log.1 ] || mv app.log.1 app.log.2
      \(isCopied ? "cp app.log app.log.1; : > app.log" : "mv app.log app.log.1; : > app.log")
      """)
    if chance(30) { ingest() }
  }

  private mutating func ingest() {
    // A quiet file's last record ends there.
    if chance(40) { logs.shell("touch -d '1 hour ago' *") }
    let run = logs.run(["ingest"])
    guard run.status == 0 else {
      found = "ingest: \(run.errorOutput)"
      return
    }
    let match = logs.shell(
      "exec 2>&1; { \(logs.logbook.everythingScript) } | LC_ALL=C grep -aoE '.{0,200}[ZQXJ]{8}'",
      isExpectedToWork: false)
    if match.status != 1 { found = String(match.output.prefix(500)) }
  }
}
