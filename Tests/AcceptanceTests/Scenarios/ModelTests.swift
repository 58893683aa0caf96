import Glibc
import TestSupport
import Testing

/// Random things happen to a family of logs; whatever they are, every record is stored once.
@Suite struct `Random histories` {
  @Test func `random file actions against a list of what was written`() {
    let seconds = unsafe getenv("MODEL_SECONDS").flatMap { Int(unsafe String(cString: $0)) } ?? 60
    let started = time(nil)
    var round: UInt64 = 0
    repeat {
      // SEED alone replays the first history, the one that a failure names.
      let seed = Seed.value &+ round
      let steps = Array(0..<40 as Range<UInt64>)
      if History.of(seed, steps).failure != nil {
        let history = Self.shrink(seed, steps)
        Issue.record(
          """
          SEED=\(seed), the steps without which it does not fail:
          \(history.actions.joined(separator: "\n"))
          \(history.failure ?? "it does not fail every time")
          """)
        return
      }
      round += 1
    } while time(nil) - started < seconds
  }

  /// Leaves out every step, halves first, without which it fails as well.
  private static func shrink(_ seed: UInt64, _ all: [UInt64]) -> History {
    var steps = all
    var history = History.of(seed, steps)
    var size = steps.count / 2
    while size > 0 {
      var start = 0
      while start < steps.count {
        var fewer = steps
        fewer.removeSubrange(start..<min(start + size, steps.count))
        let shorter = History.of(seed, fewer)
        if shorter.failure != nil {
          (steps, history) = (fewer, shorter)
        } else {
          start += size
        }
      }
      size /= 2
    }
    return history
  }
}

/// A family `app.log`, `app.log.1`, …, `app.log.N.gz` or `.zst`, and what was done to it.
private struct History {
  private let seed: UInt64
  private var random: SeededRandom
  private let logs = LogFolder()
  /// The active file first; the rotated ones are `app.log.1` and so on.
  private var files: [File] = [File()]
  private var isCopyTruncated: Bool
  private(set) var actions: [String] = []
  private(set) var failure: String?
  /// The text of a record of which not all is written.
  private var unfinished: (record: String, written: Int)?
  private var hasUnreadWrites = false
  private let sourceName: Bool

  private struct File {
    var packer: Packer?
    var suffix: String { packer?.suffix ?? "" }
    /// Everything in it was there at the last complete ingest.
    var isRead = false
    var isEmpty = true
  }

  /// The same seed and steps make the same history, whatever other steps are left out.
  static func of(_ seed: UInt64, _ steps: [UInt64]) -> History {
    var history = History(seed: seed)
    for step in steps where history.failure == nil { history.take(step) }
    history.finish()
    return history
  }

  private init(seed: UInt64) {
    self.seed = seed
    random = SeededRandom(seed: seed)
    isCopyTruncated = random.next() % 2 == 0
    sourceName = random.next() % 3 == 0
    logs.shell(": > app.log")
  }

  private mutating func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }

  private mutating func pick(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(random.next() % UInt64(range.count))
  }

  private mutating func take(_ step: UInt64) {
    random = SeededRandom(seed: seed &* 64 &+ step)
    switch pick(0...99) {
    case 0..<45: write()
    case 45..<60: rotate()
    case 60..<66: compress()
    case 66..<70: deleteOldest()
    case 70..<74: ingestTwice()
    case 74..<78: ingestKilled()
    case 78..<81: touch(secondsAgo: pick(0...7200))
    case 81..<85: trim()
    case 85..<88: ingestLimited()
    default: ingest()
    }
  }

  // MARK: Writing

  private mutating func write() {
    finishRecord()
    var bytes: [UInt8] = []
    let count = pick(1...(chance(5) ? 6000 : 12))
    actions.append("write \(count)")
    for _ in 0..<count { bytes += record() }
    logs.appendBytes("app.log", bytes)
    if chance(30) {
      let record =
        chance(30) ? logs.usageLine() : logs.line(String(repeating: "half ", count: pick(0...20)))
      let written = pick(1...(record.utf8.count))
      unfinished = (record, written)
      logs.appendText("app.log", String(record.prefix(written)))
      actions.append("write \(written) bytes of a line")
    }
    files[0].isRead = false
    files[0].isEmpty = false
  }

  /// The bytes of a record; what is to be stored of them goes to `expected`.
  private mutating func record() -> [UInt8] {
    var line = logs.line()
    let end = chance(20) ? "\r\n" : "\n"
    switch pick(0...19) {
    case 0: line += " " + String(repeating: "long ", count: pick(100...30_000))
    case 1...3:
      let trace = (0..<pick(1...5)).map { "\(end)    at Frame.number(\($0))" }.joined()
      line += trace
    case 4: line += " Zürich 🦉"
    case 5:
      logs.expected.append(line + " a\u{2400}b \u{FFFD}c")
      return Array(line.utf8) + Array(" a".utf8) + [0] + Array("b ".utf8) + [0xFF]
        + Array(("c" + end).utf8)
    case 6...7: line = logs.usageLine()
    case 8...9: line = logs.errorRecord(end: end)
    default: break
    }
    logs.expected.append(line)
    return Array((line + end).utf8)
  }

  /// Writers finish a line in the file that they hold; here, before it is rotated.
  private mutating func finishRecord() {
    guard let (record, written) = unfinished else { return }
    unfinished = nil
    logs.expected.append(record)
    logs.appendText("app.log", String(record.dropFirst(written)) + "\n")
    files[0].isRead = false
    actions.append("finish the line")
  }

  // MARK: Rotating

  private mutating func rotate() {
    finishRecord()
    guard !files[0].isEmpty else { return }
    for (index, file) in files.enumerated().reversed() where index > 0 {
      logs.shell("mv app.log.\(index)\(file.suffix) app.log.\(index + 1)\(file.suffix)")
    }
    actions.append(isCopyTruncated ? "copytruncate" : "rename")
    logs.shell(
      isCopyTruncated ? "cp app.log app.log.1; : > app.log" : "mv app.log app.log.1; : > app.log")
    files.insert(File(), at: 0)
    files[1].isEmpty = false
    if chance(20) { isCopyTruncated.toggle() }
  }

  private mutating func compress() {
    guard let index = files.indices.last(where: { $0 > 0 && files[$0].packer == nil }) else {
      return
    }
    let packer = chance(50) ? Packer.gzip : .zstd
    actions.append("\(packer) app.log.\(index)")
    if chance(30) {
      // As a run in the middle of it sees it.
      logs.shell(
        """
        \(packer.print) app.log.\(index) > ../whole
        head -c $(($(stat -c %s ../whole) * \(pick(0...99)) / 100)) ../whole \\
          > app.log.\(index)\(packer.suffix)
        """)
      run()
      actions.append("ingest meanwhile")
      logs.shell("cat ../whole > app.log.\(index)\(packer.suffix); rm app.log.\(index)")
    } else {
      logs.shell("\(packer.pack) -\(pick(1...9)) app.log.\(index)")
    }
    files[index].packer = packer
  }

  private mutating func deleteOldest() {
    guard files.count > 2, files[files.count - 1].isRead else { return }
    let index = files.count - 1
    actions.append("delete app.log.\(index)")
    logs.shell("rm app.log.\(index)\(files[index].suffix)")
    files.removeLast()
  }

  /// Takes the last line out, where it is a record and enough are left, as an editor does or in place.
  private mutating func trim() {
    guard files[0].isRead, unfinished == nil else { return }
    let save = chance(50) ? "mv ../left app.log" : "cat ../left > app.log"
    let outcome = logs.shell(
      """
      tail -n 1 app.log | grep -q ^2026 && [ $(grep -c ^2026 app.log) -ge 4 ] || exit 0
      sed '$d' app.log > ../left; \(save); echo trimmed
      """)
    guard !outcome.output.isEmpty else { return }
    actions.append("take the last line out: \(save)")
    // What is appended first would make it another file: its lines would be stored again.
    ingest()
  }

  private mutating func touch(secondsAgo seconds: Int) {
    actions.append("touch -d '-\(seconds) seconds'")
    logs.shell("find . -type f -exec touch -d '-\(seconds) seconds' {} +")
  }

  // MARK: Reading

  private var arguments: [String] {
    ["ingest", logs.file("app.log*")] + (sourceName ? ["--source", "app"] : [])
  }

  @discardableResult
  private mutating func run() -> Int32 {
    let outcome = logs.run(arguments)
    if outcome.status != 0 && outcome.status != 65 {
      failure = "exit \(outcome.status): \(outcome.errorOutput)"
    }
    return outcome.status
  }

  private mutating func ingest() {
    actions.append("ingest")
    run()
    noteRead()
  }

  private mutating func noteRead() { for index in files.indices { files[index].isRead = true } }

  private mutating func ingestLimited() {
    let limit = pick(1...20_000)
    actions.append("ingest --max-bytes \(limit)")
    let outcome = logs.run(arguments + ["--max-bytes", String(limit)])
    if outcome.status != 0 && outcome.status != 65 {
      failure = "exit \(outcome.status): \(outcome.errorOutput)"
    }
  }

  private mutating func ingestTwice() {
    actions.append("two ingests at once")
    let other = logs.logbook.start("ingest", logs.file("app.log*"))
    let outcome = logs.run(arguments)
    var status: Int32 = 0
    while unsafe waitpid(other, &status, 0) < 0 && errno == EINTR {}
    for code in [outcome.status, status >> 8] where code != 0 && code != 75 {
      failure = "exit \(code): \(outcome.errorOutput)"
    }
    if outcome.status == 0 || status == 0 { noteRead() }
  }

  private mutating func ingestKilled() {
    actions.append("ingest, killed")
    let child = logs.logbook.start("ingest", logs.file("app.log*"))
    usleep(UInt32(pick(0...15_000)))
    Glibc.kill(child, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
  }

  private mutating func finish() {
    random = SeededRandom(seed: seed &* 64 &+ 63)
    guard failure == nil else { return }
    finishRecord()
    ingest()
    // Long enough ago that nothing is open any more.
    touch(secondsAgo: 3600)
    ingest()
    guard failure == nil else { return }
    let stored = logs.stored()
    if stored.sorted() != logs.expected.sorted() {
      failure = LogFolder.difference(stored, logs.expected)
    }
    if let difference = logs.derivedDifference() { failure = (failure ?? "") + difference }
    let verified = logs.run(["verify", "--deep"])
    if verified.status != 0 {
      failure = (failure ?? "") + "verify: \(verified.output)\(verified.errorOutput)"
    }
    let before = logs.databaseState()
    run()
    if logs.databaseState() != before { failure = (failure ?? "") + "a run with nothing new wrote" }
  }
}
