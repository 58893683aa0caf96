import TestSupport
import Testing

/// Files that are truncated, copied and rewritten in place.
@Suite struct `Truncation` {
  @Test func `T26 truncated, then shorter content`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell(": > app.log")
    logs.append("app.log", 4)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T26 truncated and empty for one run`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell(": > app.log")
    logs.ingest()
    logs.append("app.log", 40)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [0, 1, 200])
  func `T27 truncated and grown to the old offset, or past it`(_ more: Int) {
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.ingest()
    logs.shell("stat -c %s app.log > ../before; : > app.log")
    logs.append("app.log", 40 + more)
    if more == 0 { logs.shell("stat -c %s app.log | cmp - ../before") }
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [0, 1, 30])
  func `T28 grown past the old offset with the same bytes before it`(_ more: Int) {
    let logs = LogFolder()
    // More than 256 and less than 1,024 bytes that stand at the end both times.
    let last = "2026-03-01T00:00:00.000Z INFO " + String(repeating: "the same end ", count: 30)
    logs.append("app.log", records: logs.lines(40) + [last])
    logs.ingest()
    logs.shell("stat -c %s app.log > ../before; : > app.log")
    logs.append("app.log", records: logs.lines(40) + [last])
    logs.shell("stat -c %s app.log | cmp - ../before")
    logs.append("app.log", more)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T29 the unread tail is only in the copy`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.append("app.log", 5)
    logs.shell("cp app.log app.log.1; : > app.log")
    logs.append("app.log", 3)
    logs.ingest()
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T29 three times, by logrotate, with the copy compressed later`() {
    let logs = LogFolder()
    logs.logbook.scratch.write(
      "rotate.conf",
      "\(logs.path)/app.log { rotate 5\n missingok\n copytruncate\n compress\n delaycompress }\n")
    for round in 0..<4 {
      logs.append("app.log", 12)
      if round != 2 { logs.ingest() }
      logs.append("app.log", 5)
      logs.shell("chmod 755 .; /usr/sbin/logrotate -f -s ../rotate.state ../rotate.conf")
      if round == 1 { logs.ingest() }
    }
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T29 the copy is seen before the truncation`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.append("app.log", 5)
    logs.shell("cp app.log app.log.1")
    logs.ingest()
    logs.shell(": > app.log")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T29 a copy over an older copy, in place`() {
    let logs = LogFolder()
    for _ in 0..<4 {
      logs.append("app.log", 20)
      logs.ingest()
      logs.append("app.log", 5)
      logs.shell("cp app.log app.log.1; : > app.log")
      logs.append("app.log", 30)
      logs.ingest()
    }
    logs.expectExactlyOnce()
  }

  @Test func `T30 a copy outside the glob`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("cp app.log ../away; : > app.log")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [1_000_000, 10_000_000_000])
  func `T32 a writer that does not append leaves a hole`(_ offset: Int) {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell(": > app.log; truncate -s \(offset) app.log")
    logs.append("app.log", 5)
    logs.ingest()
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT max(bytes_skipped) FROM file") == String(offset))
  }

  @Test func `T32 a hole in the middle, and one at the end that is filled later`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.shell("truncate -s 500000 app.log")
    logs.append("app.log", 5)
    logs.shell("truncate -s 1000000 app.log")
    logs.ingest()
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [true, false])
  func `T32 a hole near the beginning of a log makes no binary file of it`(_ isKnown: Bool) {
    let logs = LogFolder()
    logs.append("app.log", 3)
    if isKnown { logs.ingest() }
    logs.shell("truncate -s 9000 app.log")
    if isKnown { logs.ingest() }
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM file WHERE bytes_skipped > 0") == "1")
  }

  @Test func `a binary file in the place of a log is refused, and once`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("head -c 3000 /bin/sh > app.log")
    let outcome = logs.ingest()
    #expect(outcome.errorOutput.contains("app.log: looks like a binary file and was not read"))
    logs.ingest()
    logs.shell(
      "head -c 3000 /bin/sh > other.log; tar cf third.log app.log other.log; : > empty.log")
    logs.ingest()
    logs.shell("cat other.log > empty.log")
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM file WHERE bytes_stored > 0") == "1")
  }

  @Test func `T34 several truncations between two runs`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    for _ in 0..<3 {
      logs.shell(": > app.log")
      logs.appendText("app.log", logs.lines(9).map { $0 + "\n" }.joined())
    }
    logs.shell(": > app.log")
    logs.append("app.log", 50)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T34 an offset beyond 4 GiB`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.shell("truncate -s 4400000000 app.log")
    logs.append("app.log", 5)
    logs.ingest()
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
    #expect((Int(logs.value("SELECT offset FROM file")) ?? 0) > 1 << 32)
    logs.shell(": > app.log")
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
  }
}
