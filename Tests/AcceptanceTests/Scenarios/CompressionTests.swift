import TestSupport
import Testing

/// What rotation compresses with.
///
/// Both programs delete the plain file once the other is whole.
enum Packer: String, CaseIterable, CustomTestStringConvertible {
  case gzip, zstd

  /// Packs the files named behind it.
  var pack: String { self == .gzip ? "gzip" : "zstd -q --rm" }
  /// Writes to standard output.
  var print: String { self == .gzip ? "gzip -c" : "zstd -qc" }
  var unpack: String { self == .gzip ? "gzip -d" : "zstd -dq --rm" }
  var suffix: String { self == .gzip ? ".gz" : ".zst" }
  var testDescription: String { rawValue }
}

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

  @Test(arguments: [1, 2, 30], Packer.allCases)
  func `T36 a small file, also one whose only record is still open`(
    _ count: Int, _ packer: Packer
  ) {
    let logs = LogFolder()
    logs.append("app.log", count)
    logs.ingest()
    logs.shell("mv app.log app.log.1; \(packer.pack) app.log.1")
    logs.append("app.log", 1)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases)
  func `T36 a file that ends without a line end`(_ packer: Packer) {
    let logs = LogFolder()
    logs.append("app.log", 5)
    logs.append("app.log", records: [logs.line()], end: "")
    logs.ingest()
    logs.shell("mv app.log app.log.1; \(packer.pack) app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [1, 20], Packer.allCases)
  func `T37 of the archive of a file that was half read only the rest is read`(
    _ before: Int, _ packer: Packer
  ) {
    let logs = LogFolder()
    logs.append("app.log", before)
    logs.ingest()
    logs.append("app.log", 20)
    logs.shell("mv app.log app.log.1; \(packer.pack) app.log.1")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM file") == "2")
  }

  @Test(arguments: Packer.allCases)
  func `T37 the part that was read ended inside a line`(_ packer: Packer) {
    let logs = LogFolder()
    logs.append("app.log", 9)
    let line = logs.line()
    logs.appendText("app.log", String(line.prefix(30)))
    logs.ingest()
    logs.appendText("app.log", String(line.dropFirst(30)) + "\n")
    logs.expected.append(line)
    logs.append("app.log", 20)
    logs.shell("mv app.log app.log.1; \(packer.pack) app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases)
  func `T38 thirty archives that were never seen, the oldest first`(_ packer: Packer) {
    let logs = LogFolder()
    for number in (1...30).reversed() {
      logs.append("app.log.\(number)", 5)
      logs.shell("\(packer.pack) app.log.\(number)")
    }
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: ["5", "-20", "-8", "0", "1", "2", "200"], Packer.allCases)
  func `T39 an archive that is still being written`(_ cut: String, _ packer: Packer) {
    for isRead in [true, false] { growing(cut, packer, isRead: isRead) }
  }

  private func growing(_ cut: String, _ packer: Packer, isRead: Bool) {
    let logs = LogFolder()
    logs.append("app.log", 60)
    if isRead { logs.ingest() }
    logs.shell("mv app.log app.log.1; \(packer.print) app.log.1 > ../whole")
    logs.append("app.log", 2)
    logs.shell("head -c \(cut) ../whole > app.log.1\(packer.suffix)")
    _ = logs.run(["ingest", logs.path])
    logs.expectRecords()
    _ = logs.run(["ingest", logs.path])
    logs.expectRecords()
    logs.shell("cat ../whole > app.log.1\(packer.suffix); rm app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [40, 1500], Packer.allCases)
  func `T39 an archive of what was read, still being written when its file is gone`(
    _ unread: Int, _ packer: Packer
  ) {
    let logs = LogFolder()
    logs.append("app.log", 3000 - unread)
    logs.ingest()
    logs.append("app.log", unread)
    logs.shell("\(packer.print) app.log > ../whole; rm app.log")
    for part in [3, 2] {
      logs.shell(
        "head -c $(($(stat -c %s ../whole) / \(part))) ../whole > app.log.1\(packer.suffix)")
      _ = logs.run(["ingest", logs.path])
      logs.expectVerified()
    }
    logs.shell("cat ../whole > app.log.1\(packer.suffix)")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: ["1", "2", "5", "-20", "-8", "200"], Packer.allCases)
  func `T39 an archive that was never seen as a plain file, in parts`(
    _ cut: String, _ packer: Packer
  ) {
    let logs = LogFolder()
    logs.append("app.log.1", 60)
    logs.shell("\(packer.print) app.log.1 > ../whole; rm app.log.1")
    logs.shell("head -c \(cut) ../whole > app.log.1\(packer.suffix)")
    logs.ingest(status: 65)
    logs.shell("cat ../whole > app.log.1\(packer.suffix)")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases)
  func `T40 compressed one rotation later`(_ packer: Packer) {
    let suffix = packer.suffix
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    for _ in 0..<3 {
      logs.shell("[ ! -f app.log.2\(suffix) ] || mv app.log.2\(suffix) app.log.3\(suffix)")
      logs.shell("[ ! -f app.log.1 ] || { mv app.log.1 app.log.2; \(packer.pack) app.log.2; }")
      logs.shell("mv app.log app.log.1")
      logs.append("app.log", 4)
      logs.ingest()
    }
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases)
  func `T41 members, padding, garbage and an empty archive`(_ packer: Packer) {
    let logs = LogFolder()
    let suffix = packer.suffix
    func pack(_ name: String, _ script: String) {
      logs.shell("{ \(script); } > \(name)\(suffix); rm -f a b")
    }
    logs.append("a", 5)
    logs.append("b", 5)
    pack("app.log.3", "\(packer.print) a; \(packer.print) b")
    pack("app.log.9", ":")
    pack("app.log.8", "\(packer.print) < /dev/null")
    logs.append("a", 5)
    pack("app.log.2", "\(packer.print) a; head -c 512 /dev/zero")
    logs.append("a", 5)
    pack("app.log.1", "\(packer.print) a; echo garbage")
    logs.ingest(status: 65)
    logs.expectExactlyOnce(status: 65)
  }

  @Test func `T41 frames of zstd that hold no content are skipped, wherever they are`() {
    let logs = LogFolder()
    let skippable = "printf 'P*M\\030\\004\\000\\000\\000abcd'"
    logs.append("a", 5)
    logs.append("b", 5)
    logs.shell("{ \(skippable); zstd -qc a; \(skippable); zstd -qc b; \(skippable); } > app.log.1")
    logs.shell("rm a b; \(skippable) > app.log.2")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases)
  func `T41 an archive that gets another member`(_ packer: Packer) {
    let logs = LogFolder()
    logs.append("a", 5)
    logs.shell("\(packer.print) a > app.log\(packer.suffix); rm a")
    logs.ingest()
    logs.append("a", 5)
    logs.shell("\(packer.print) a >> app.log\(packer.suffix); rm a")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases)
  func `T42 a damaged archive is read up to the damage, reported, and not again`(
    _ packer: Packer
  ) {
    let logs = LogFolder()
    logs.append("app.log.1", 5000)
    logs.append("app.log", 5)
    logs.shell(
      """
      \(packer.pack) app.log.1; size=$(stat -c %s app.log.1\(packer.suffix))
      printf '\\377\\377\\377\\377\\377\\377\\377\\377' \\
        | dd of=app.log.1\(packer.suffix) bs=1 seek=$((size / 2)) conv=notrunc status=none
      """)
    let outcome = logs.ingest(status: 65)
    #expect(outcome.errorOutput.contains("app.log.1\(packer.suffix)"))
    let stored = logs.stored()
    let sound = zip(stored, logs.expected).prefix { $0 == $1 }
    #expect(sound.count > 1000 && stored.count < 5005)
    #expect(Set(logs.expected.suffix(5)).isSubset(of: stored))
    logs.expected = stored
    // Unchanged, it is not tried again.
    logs.ingest()
    logs.expectRecords()
  }

  @Test(arguments: Packer.allCases)
  func `T42 a wrong checksum at the end`(_ packer: Packer) {
    let length = packer == .gzip ? 8 : 4
    let logs = LogFolder()
    logs.append("app.log.1", 500)
    logs.shell(
      """
      \(packer.pack) app.log.1; size=$(stat -c %s app.log.1\(packer.suffix))
      printf 'xxxx' | dd of=app.log.1\(packer.suffix) bs=1 seek=$((size - \(length))) conv=notrunc status=none
      """)
    logs.ingest(status: 65)
    let stored = logs.stored()
    #expect(stored.count >= 499 && Set(stored).isSubset(of: logs.expected))
    logs.ingest()
    logs.expected = stored
    logs.expectRecords()
  }

  @Test(arguments: Packer.allCases)
  func `T44 content decides and not the suffix`(_ packer: Packer) {
    let logs = LogFolder()
    logs.append("plain\(packer.suffix)", 5)
    logs.append("packed", 5)
    logs.shell("\(packer.pack) packed; mv packed\(packer.suffix) packed.log")
    logs.ingest()
    logs.append("plain\(packer.suffix)", 5)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test(arguments: Packer.allCases)
  func `T45 an archive that begins like a file that was read, and goes on otherwise`(
    _ packer: Packer
  ) {
    let logs = LogFolder()
    let head = logs.lines(30)
    logs.append("app.log", records: head)
    logs.append("app.log", 10)
    logs.ingest()
    logs.shell("rm app.log")
    logs.append("app.log.1", records: head)
    logs.append("app.log.1", 25)
    logs.shell("\(packer.pack) app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases, Packer.allCases)
  func `T46 compressed again, and unpacked again`(_ packer: Packer, _ other: Packer) {
    let logs = LogFolder()
    let (name, again) = ("app.log.1\(packer.suffix)", "app.log.1\(other.suffix)")
    logs.append("app.log", 40)
    logs.ingest()
    logs.shell("mv app.log app.log.1; \(packer.pack) -1 app.log.1")
    logs.ingest()
    logs.shell("\(packer.unpack) -c \(name) | \(other.print) -9 > ../x; rm -f \(name)")
    logs.shell("mv ../x \(again)")
    logs.ingest()
    logs.shell("\(other.unpack) \(again)")
    logs.ingest()
    logs.append("app.log.1", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: Packer.allCases)
  func `T46 unpacked beside the archive`(_ packer: Packer) {
    let logs = LogFolder()
    logs.append("app.log.1", 40)
    logs.shell("\(packer.print) app.log.1 > app.log.1\(packer.suffix); rm app.log.1")
    logs.ingest()
    logs.shell("\(packer.unpack) -c < app.log.1\(packer.suffix) > app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T47 an archive with a window larger than a reader of logs should need`() {
    let logs = LogFolder()
    // A frame header with a window of 64 MiB, and the first byte of a block.
    logs.shell("printf '\\050\\265\\057\\375\\000\\200\\001' > app.log.2.zst")
    logs.append("a", 5)
    logs.append("app.log", 5)
    logs.shell("{ zstd -qc a; cat app.log.2.zst; } > app.log.1.zst; rm a")
    let outcome = logs.ingest(status: 74)
    let lines = outcome.errorOutput.split(separator: "\n")
    #expect(lines.count { $0.contains("more than 32 MiB") } == 2, "\(outcome.errorOutput)")
    logs.expectExactlyOnce(status: 74)
  }

  @Test(arguments: ["bzip2", "xz"], ["", ".log"])
  func `T47 other archives are refused with one message, whatever their name`(
    _ program: String, _ rename: String
  ) {
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.appendText("app.log.1", "x\n")
    logs.appendText("app.log.2", "")
    guard logs.shell("\(program) app.log.*", isExpectedToWork: false).status == 0 else {
      print("skipped, since there is no \(program)")
      return
    }
    if !rename.isEmpty {
      logs.shell("for f in app.log.[12].*; do mv $f ${f%.*}\(rename); done")
    }
    let outcome = logs.ingest(status: 74)
    let lines = outcome.errorOutput.split(separator: "\n")
    for name in ["app.log.1", "app.log.2"] {
      #expect(
        lines.count { $0.contains(name) && $0.contains(program) } == 1, "\(outcome.errorOutput)")
    }
    #expect(!outcome.errorOutput.contains("binary"))
    logs.expectExactlyOnce(status: 74)
  }

  @Test(arguments: [false, true])
  func `an archive of several members is read, though the last one was read before`(_ isThere: Bool)
  {
    let logs = LogFolder()
    let banner = (0..<20).map { _ in
      logs.line("the same banner every day, long enough to fill a kilobyte")
    }
    let first = banner + logs.lines(21)
    logs.append("app.log", records: banner + logs.lines(30))
    logs.ingest()
    logs.appendText("day1", first.map { $0 + "\n" }.joined())
    logs.shell("gzip -c day1 > ../both; gzip -c app.log >> ../both; rm day1")
    logs.shell(isThere ? "mv ../both app.log.1.gz" : "rm app.log; mv ../both app.log.1.gz")
    logs.expected += first
    logs.ingest()
    let stored = Set(logs.stored())
    #expect(stored == Set(logs.expected))
    logs.ingest()
    #expect(Set(logs.stored()) == stored)
  }
}
