import TestSupport
import Testing

/// Files that are compressed after, before and while they are read.
@Suite struct `Compression` {
  @Test func `T36 the gz of a file that was read is known by its trailer`() throws {
    let logs = LogFolder()
    let faults = try #require(FaultInjection.shared)
    // Random text: the archive is nearly as large as the file.
    logs.append("app.log", 2)
    logs.shell("head -c 3000000 /dev/urandom | base64 -w 0 | fold -w 120 > random")
    let text = Command.run("/bin/cat", [logs.file("random")]).output
    let lines = text.split(separator: "\n").map { "\(LogFolder.time(60)) INFO \($0)" }
    logs.shell("rm random")
    logs.append("app.log", records: lines)
    logs.ingest()
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    logs.append("app.log", 1)
    let report = logs.logbook.scratch.file("report")
    let outcome = logs.run(["ingest", logs.path], environment: faults.environment(report: report))
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    let bytes = FaultInjection.report(report)?.bytesRead ?? .max
    #expect(bytes <= 64 << 10, "read \(bytes) bytes of the logs")
    logs.expectExactlyOnce(inOrder: false)
    #expect(logs.value("SELECT count(*) FROM file") == "2")
    #expect(logs.value("SELECT state FROM file WHERE compression = 'gzip'") == "finished")
  }

  @Test(arguments: [1, 2, 30])
  func `T36 a small file, also one whose only record is still open`(_ count: Int) {
    let logs = LogFolder()
    logs.append("app.log", count)
    logs.ingest()
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    logs.append("app.log", 1)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T36 a file that ends without a line end`() {
    let logs = LogFolder()
    logs.append("app.log", 5)
    logs.append("app.log", records: [logs.line()], end: "")
    logs.ingest()
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [1, 20])
  func `T37 of the gz of a file that was half read only the rest is read`(_ before: Int) {
    let logs = LogFolder()
    logs.append("app.log", before)
    logs.ingest()
    logs.append("app.log", 20)
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM file") == "2")
  }

  @Test func `T37 the part that was read ended inside a line`() {
    let logs = LogFolder()
    logs.append("app.log", 9)
    let line = logs.line()
    logs.appendText("app.log", String(line.prefix(30)))
    logs.ingest()
    logs.appendText("app.log", String(line.dropFirst(30)) + "\n")
    logs.expected.append(line)
    logs.append("app.log", 20)
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T38 thirty archives that were never seen, the oldest first`() {
    let logs = LogFolder()
    for number in (1...30).reversed() {
      logs.append("app.log.\(number)", 5)
      logs.shell("gzip app.log.\(number)")
    }
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: ["5", "-20", "-8", "0", "1", "200"], [true, false])
  func `T39 an archive that is still being written`(_ cut: String, isRead: Bool) {
    let logs = LogFolder()
    logs.append("app.log", 60)
    if isRead { logs.ingest() }
    logs.shell("mv app.log app.log.1; gzip -k app.log.1; mv app.log.1.gz ../whole.gz")
    logs.append("app.log", 2)
    logs.shell("head -c \(cut) ../whole.gz > app.log.1.gz")
    _ = logs.run(["ingest", logs.path])
    logs.expectRecords()
    _ = logs.run(["ingest", logs.path])
    logs.expectRecords()
    logs.shell("cat ../whole.gz > app.log.1.gz; rm app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: ["5", "-20", "-8", "200"])
  func `T39 an archive that was never seen as a plain file, in parts`(_ cut: String) {
    let logs = LogFolder()
    logs.append("app.log.1", 60)
    logs.shell("gzip -c app.log.1 > ../whole.gz; rm app.log.1")
    logs.shell("head -c \(cut) ../whole.gz > app.log.1.gz")
    logs.ingest(status: 65)
    logs.shell("cat ../whole.gz > app.log.1.gz")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T40 compressed one rotation later`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    for _ in 0..<3 {
      logs.shell("[ ! -f app.log.2.gz ] || mv app.log.2.gz app.log.3.gz")
      logs.shell("[ ! -f app.log.1 ] || { mv app.log.1 app.log.2; gzip app.log.2; }")
      logs.shell("mv app.log app.log.1")
      logs.append("app.log", 4)
      logs.ingest()
    }
    logs.expectExactlyOnce()
  }

  @Test func `T41 members, padding, garbage and an empty archive`() {
    let logs = LogFolder()
    logs.append("a", 5)
    logs.append("b", 5)
    logs.shell("gzip a b; cat a.gz b.gz > app.log.3.gz; rm a.gz b.gz; : > app.log.9.gz")
    logs.append("a", 5)
    logs.shell("gzip a; { cat a.gz; head -c 512 /dev/zero; } > app.log.2.gz; rm a.gz")
    logs.append("a", 5)
    logs.shell("gzip a; { cat a.gz; echo garbage; } > app.log.1.gz; rm a.gz")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T41 an archive that gets another member`() {
    let logs = LogFolder()
    logs.append("a", 5)
    logs.shell("gzip -c a > app.log.gz; rm a")
    logs.ingest()
    logs.append("a", 5)
    logs.shell("gzip -c a >> app.log.gz; rm a")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T42 a damaged archive is read up to the damage, reported, and not again`() {
    let logs = LogFolder()
    logs.append("app.log.1", 5000)
    logs.append("app.log", 5)
    logs.shell(
      """
      gzip app.log.1; size=$(stat -c %s app.log.1.gz)
      printf '\\377\\377\\377\\377\\377\\377\\377\\377' \\
        | dd of=app.log.1.gz bs=1 seek=$((size / 2)) conv=notrunc status=none
      """)
    let outcome = logs.ingest(status: 65)
    #expect(outcome.errorOutput.contains("app.log.1.gz"))
    let stored = logs.stored()
    let sound = zip(stored, logs.expected).prefix { $0 == $1 }
    #expect(sound.count > 1000 && stored.count < 5005)
    #expect(Set(logs.expected.suffix(5)).isSubset(of: stored))
    logs.expected = stored
    // Unchanged, it is not tried again.
    logs.ingest()
    logs.expectRecords()
  }

  @Test func `T42 a wrong checksum at the end`() {
    let logs = LogFolder()
    logs.append("app.log.1", 500)
    logs.shell(
      """
      gzip app.log.1; size=$(stat -c %s app.log.1.gz)
      printf 'xxxx' | dd of=app.log.1.gz bs=1 seek=$((size - 8)) conv=notrunc status=none
      """)
    logs.ingest(status: 65)
    let stored = logs.stored()
    #expect(stored.count >= 499 && Set(stored).isSubset(of: logs.expected))
    logs.ingest()
    logs.expected = stored
    logs.expectRecords()
  }

  @Test func `T44 content decides and not the suffix`() {
    let logs = LogFolder()
    logs.append("plain.gz", 5)
    logs.append("packed", 5)
    logs.shell("gzip packed; mv packed.gz packed.log")
    logs.ingest()
    logs.append("plain.gz", 5)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T45 an archive that begins like a file that was read, and goes on otherwise`() {
    let logs = LogFolder()
    let head = logs.lines(30)
    logs.append("app.log", records: head)
    logs.append("app.log", 10)
    logs.ingest()
    logs.shell("rm app.log")
    logs.append("app.log.1", records: head)
    logs.append("app.log.1", 25)
    logs.shell("gzip app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T46 compressed again, and unpacked again`() {
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.ingest()
    logs.shell("mv app.log app.log.1; gzip -1 app.log.1")
    logs.ingest()
    logs.shell("gzip -dc app.log.1.gz | gzip -9 > ../x; rm app.log.1.gz; mv ../x app.log.1.gz")
    logs.ingest()
    logs.shell("gzip -d app.log.1.gz")
    logs.ingest()
    logs.append("app.log.1", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T46 unpacked beside the archive`() {
    let logs = LogFolder()
    logs.append("app.log.1", 40)
    logs.shell("gzip app.log.1")
    logs.ingest()
    logs.shell("gzip -dk app.log.1.gz")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: ["bzip2", "xz"])
  func `T47 other archives are refused with one message`(_ program: String) {
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.appendText("app.log.1", "x\n")
    guard logs.shell("\(program) app.log.1", isExpectedToWork: false).status == 0 else {
      print("skipped, since there is no \(program)")
      return
    }
    let outcome = logs.ingest(status: 74)
    #expect(outcome.errorOutput.split(separator: "\n").count { $0.contains("app.log.1.") } == 1)
    logs.expectExactlyOnce(status: 74)
  }
}
