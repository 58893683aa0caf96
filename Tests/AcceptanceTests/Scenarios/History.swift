import Glibc
import TestSupport
import Testing

/// A family `app.log`, `app.log.1`, …, `app.log.N.gz` or `.zst`, and what was done to it.
struct History {
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
  private var hasPruned = false
  /// Records that retention may have removed, by their places in what is expected.
  private var mayBeGone: Set<Int> = []
  /// Records before it may have been read again, and be counted twice.
  private var mayComeAgain = 0

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
    logs.configuration = Self.metrics
  }

  private static let metrics = #"""
    metrics:
      - {name: ids, pattern: 'id=(\d+)', function: sum, labels: {worker: '\[(worker-\d)\]'}, step: 10s}
      - {name: tokens, value: usage.prompt_tokens, function: histogram}
      - {name: loud, where: level>=info}

    """#

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
    case 88..<91: prune()
    case 91..<93: cut()
    case 93..<95: replace()
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
    var line = logs.line(level: chance(10) ? "ERROR" : "INFO")
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
    case 10: line = logs.eventLine()
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

  /// Sometimes it is killed, and what it has left is done by the next one.
  private mutating func prune() {
    let back = chance(30) ? 0 : chance(50) ? pick(0...60) : pick(0...3000)
    let time = LogFolder.time(max(0, logs.sequence - back))
    let keepsErrors = chance(50)
    let arguments = ["prune", "--older-than", time] + (keepsErrors ? ["--keep-errors"] : [])
    actions.append(arguments.joined(separator: " "))
    hasPruned = true
    for (index, record) in logs.expected.enumerated()
    where record.drop(while: { !$0.isNumber }) < time
      && !(keepsErrors && record.contains(" ERROR "))
    {
      mayBeGone.insert(index)
    }
    if chance(30) {
      actions.append("killed")
      let child =
        keepsErrors
        ? logs.logbook.start("prune", "--older-than", time, "--keep-errors")
        : logs.logbook.start("prune", "--older-than", time)
      usleep(UInt32(pick(0...10_000)))
      Glibc.kill(child, SIGKILL)
      var status: Int32 = 0
      while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
      return
    }
    let outcome = logs.run(arguments)
    // Without a database there is nothing to prune.
    if outcome.status != 0 && !(outcome.status == 74 && outcome.errorOutput.contains("no database"))
    {
      failure = "exit \(outcome.status): \(outcome.errorOutput)"
    }
  }

  /// Makes it likely that lines of the active file are gone.
  private mutating func pruneBefore() {
    guard chance(80), unfinished == nil else { return }
    ingest()
    prune()
  }

  /// Takes the last lines out after pruning, and appends others before the next run.
  private mutating func cut() {
    pruneBefore()
    guard hasPruned, files[0].isRead, unfinished == nil else { return }
    let percent = pick(5...95)
    actions.append("take the last lines out, \(percent) % stay")
    logs.shell(
      """
      head -n $(($(wc -l < app.log) * \(percent) / 100)) app.log > ../left; cat ../left > app.log
      """)
    mayComeAgain = logs.expected.count
    if chance(80) { write() }
    ingest()
    checkNew()
  }

  /// Puts lines with times of long ago in the place of those of the active file after pruning.
  private mutating func replace() {
    pruneBefore()
    guard hasPruned, files[0].isRead, unfinished == nil else { return }
    let records = (0..<pick(1...(chance(20) ? 3000 : 30))).map { number in
      let number = logs.expected.count + number
      return "\(LogFolder.time(number % 900)) INFO [worker-1] of long ago id=\(number)"
    }
    let save = chance(50) ? "mv ../left app.log" : "cat ../left > app.log"
    actions.append("put \(records.count) old lines in its place: \(save)")
    logs.shell("rm -f ../left")
    logs.logbook.scratch.append("left", records.map { $0 + "\n" }.joined())
    logs.shell(save)
    mayComeAgain = logs.expected.count
    logs.expected += records
    files[0].isEmpty = false
    ingest()
    checkNew()
  }

  /// What was written since files may be read again is there, before anything removes it.
  private mutating func checkNew() {
    var stored = Set(logs.stored())
    // The beginning of a line is part of the record before it until it says that it is none.
    if let (record, written) = unfinished {
      for beginning in ["\n", "\r\n"].map({ $0 + record.prefix(written) }) {
        for record in stored where record.hasSuffix(beginning) {
          stored.insert(String(record.dropLast(beginning.count)))
        }
      }
    }
    let lost = logs.expected.dropFirst(mayComeAgain).filter { !stored.contains($0) }
    if let first = lost.first { failure = "lost \(lost.count) new records: \(first.prefix(200))" }
  }

  /// What is stored, with the records that pruning may have taken, and without those that came again.
  private func withPruned(_ stored: [String]) -> [String] {
    guard hasPruned else { return stored }
    var counts: [String: Int] = [:]
    for record in stored { counts[record, default: 0] += 1 }
    var all: [String] = []
    for (index, record) in logs.expected.enumerated() {
      if counts[record, default: 0] > 0 {
        counts[record, default: 0] -= 1
        all.append(record)
      } else if mayBeGone.contains(index) {
        all.append(record)
      }
    }
    // A record that was cut is stored as what is left of it.
    let once = Set(logs.expected.dropFirst(mayComeAgain))
    for (record, count) in counts where mayComeAgain == 0 || once.contains(record) {
      all += Array(repeating: record, count: count)
    }
    return all
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
    let stored = withPruned(logs.stored())
    if stored.sorted() != logs.expected.sorted() {
      failure = LogFolder.difference(stored, logs.expected)
    }
    if mayComeAgain == 0, let difference = logs.derivedDifference(pruned: hasPruned) {
      failure = (failure ?? "") + difference
    }
    let verified = logs.run(["verify", "--deep"])
    if verified.status != 0 {
      failure = (failure ?? "") + "verify: \(verified.output)\(verified.errorOutput)"
    }
    let before = logs.databaseState()
    run()
    if logs.databaseState() != before { failure = (failure ?? "") + "a run with nothing new wrote" }
  }
}
