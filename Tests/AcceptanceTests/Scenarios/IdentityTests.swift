import TestSupport
import Testing

/// Which file is which: replaced, reused, linked, copied.
@Suite struct `Identity` {
  @Test(arguments: [(20, 5), (5, 20), (10, 10)])
  func `T10 T11 a reused inode with a smaller or larger file is read from its beginning`(
    _ before: Int, _ after: Int
  ) {
    let logs = LogFolder()
    logs.append("app.log", before)
    logs.ingest()
    logs.recreate("app.log")
    logs.append("app.log", after)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [true, false])
  func `T12 a reused inode with the same size and the same first line`(isBirthKnown: Bool) {
    let logs = LogFolder()
    let first = logs.line()
    logs.append("app.log", records: [first] + logs.lines(8))
    logs.ingest()
    if !isBirthKnown { logs.change("UPDATE file SET birth_us = NULL") }
    logs.recreate("app.log")
    logs.append("app.log", records: [first] + logs.lines(8))
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [true, false])
  func `T12 the same with one line that is equal and nothing else`(isBirthKnown: Bool) {
    let logs = LogFolder()
    logs.append("app.log", 1)
    logs.append("other.log", 1)
    logs.ingest()
    if !isBirthKnown { logs.change("UPDATE file SET birth_us = NULL") }
    logs.recreate("app.log")
    logs.append("app.log", 1)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T13 an inode that another path has now`() {
    let logs = LogFolder()
    logs.append("a.log", 9)
    logs.append("b.log", 4)
    logs.ingest()
    logs.recreate("a.log", as: "c.log")
    logs.append("c.log", 30)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
    #expect(logs.value("SELECT count(*) FROM source") == "3")
  }

  @Test func `T14 the same inode number on two devices`() {
    let logs = LogFolder()
    guard let one = MemoryDisk(at: logs.file("one")), let two = MemoryDisk(at: logs.file("two"))
    else { return }
    logs.append("one/app.log", 5)
    logs.append("two/app.log", 9)
    let inodes = logs.shell("stat -c %i one/app.log two/app.log").output.split(separator: "\n")
    #expect(Set(inodes).count == 1)
    logs.ingest()
    logs.append("one/app.log", 5)
    logs.append("two/app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
    withExtendedLifetime((one, two)) {}
  }

  @Test func `T15 a device that has another number now`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.change("UPDATE file SET device = device + 1")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T16 two live files whose first kilobyte is equal`() {
    let logs = LogFolder()
    let banner = logs.lines(30)
    logs.append("a.log", records: banner)
    logs.append("b.log", records: banner)
    logs.append("a.log", 10)
    logs.append("b.log", 12)
    logs.ingest()
    logs.append("a.log", 2)
    logs.append("b.log", 1)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T16 two live files that are equal until one grows`() {
    let logs = LogFolder()
    let banner = logs.lines(30)
    logs.append("a.log", records: banner)
    logs.append("b.log", records: banner)
    logs.ingest()
    logs.append("a.log", 10)
    logs.ingest()
    logs.append("b.log", 12)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T17 two live files that are equal byte for byte`() {
    let logs = LogFolder()
    let lines = logs.lines(40)
    logs.append("a.log", records: lines)
    logs.append("b.log", records: lines)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test(arguments: ["", "x", "\n", "tiny\n"])
  func `T18 a tiny file is read at once, and once as it grows`(_ start: String) {
    let logs = LogFolder()
    logs.appendText("app.log", start)
    logs.ingest()
    if start == "tiny\n" { logs.expected = ["tiny"] }
    if start == "\n" { logs.expected = [""] }
    if start == "x" { logs.expected = ["x"] }
    logs.expectRecords()
    if start == "x" {
      logs.appendText("app.log", "yz\n")
      logs.expected = ["xyz"]
      logs.ingest()
      logs.expectRecords()
    }
    logs.append("app.log", 1)
    logs.ingest()
    logs.append("app.log", 40)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T19 a file that begins with an empty line is read once`() {
    let logs = LogFolder()
    logs.append("app.log", records: ["", logs.line()])
    logs.ingest()
    logs.append("app.log", 3)
    logs.ingest()
    logs.shell("mv app.log app.log.1")
    logs.append("app.log", records: ["", logs.line()])
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T20 a header common to all files that is longer than a kilobyte`() {
    let logs = LogFolder()
    let header = (0..<20).map { "#Fields: a long header that every file has in common, part \($0)" }
    for number in 0..<4 {
      logs.append("part-\(number).txt", records: header)
      logs.append("part-\(number).txt", 3)
    }
    logs.ingest()
    for number in 0..<4 { logs.append("part-\(number).txt", 2) }
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T20 a rotated family whose files have the same header`() {
    let logs = LogFolder()
    let header = (0..<20).map { "#Fields: a long header that every file has in common, part \($0)" }
    for _ in 0..<3 {
      logs.append("app.log", records: header)
      logs.ingest("--as", "raw", logs.path)
      logs.append("app.log", 3)
      logs.ingest("--as", "raw", logs.path)
      logs.shell("for n in 2 1; do [ ! -f app.log.$n ] || mv app.log.$n app.log.$((n+1)); done")
      logs.shell("mv app.log app.log.1")
    }
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T21 hard link, symbolic link and overlapping globs`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.shell("ln app.log hard.log; ln -s app.log soft.log; mkdir sub; ln -s ../app.log sub/x.log")
    logs.ingest(logs.file("*.log"), logs.path, logs.file("app.log"), logs.file("soft.log"))
    logs.append("hard.log", 3)
    logs.ingest(logs.path, logs.file("a*"))
    logs.shell("rm app.log")
    logs.append("hard.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T22 a symbolic link that points elsewhere now`() {
    let logs = LogFolder()
    logs.append("one.log", 10)
    logs.shell("ln -s one.log current")
    logs.ingest()
    logs.append("one.log", 3)
    logs.append("two.log", 6)
    logs.shell("ln -sfn two.log current")
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T23 dangling link, link loop, pipe, socket and a folder named x.log`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.shell(
      """
      ln -s nowhere dangling.log; ln -s loop.log loop.log; mkfifo pipe.log; mkdir x.log
      ln -s .. x.log/up; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("s.log")' || true
      """)
    logs.ingest()
    logs.ingest(logs.file("*.log"))
    logs.ingest(logs.file("pipe.log"), logs.file("app.log"), status: 74)
    logs.expectExactlyOnce()
  }

  @Test func `T24 a file replaced by one with the same lines and more`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("cp app.log ../next")
    logs.append("app.log", 3)
    logs.shell("cp app.log ../next; mv ../next app.log")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T25 a file replaced by another one`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("mkdir ../next")
    logs.append("../next/app.log", 30)
    logs.shell("mv ../next/app.log app.log")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  /// T06: what was seen but never read, and is gone, is lost; how much is known.
  @Test func `T06 T64 bytes that were seen and are gone unread are reported`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.append("other.log", 10)
    logs.ingest()
    logs.change("UPDATE file SET size = size + 500 WHERE path LIKE '%app.log'")
    logs.shell("rm app.log")
    let outcome = logs.ingest("--format", "json", logs.path, status: 74)
    #expect(outcome.output.contains("\"lost_bytes\":500"))
    #expect(outcome.errorOutput.contains("500 bytes"))
    logs.expectExactlyOnce(inOrder: false)
    #expect(logs.value("SELECT sum(lost_bytes) FROM file") == "500")
    #expect(logs.value("SELECT sum(lost_bytes) FROM runs") == "500")
    #expect(logs.run(["status", "--format", "csv"]).output.contains(",500,0,0,0,0,"))
  }

  @Test func `T64 what a missing file has lost is not reported again when its inode is reused`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.append("other.log", 10)
    logs.ingest()
    logs.change("UPDATE file SET size = size + 500 WHERE path LIKE '%app.log'")
    logs.shell("rm app.log")
    logs.ingest(status: 74)
    logs.append("next.log", 5)
    let inode = logs.shell("stat -c %i next.log").output.filter(\.isNumber)
    logs.change("UPDATE file SET inode = \(inode) WHERE state = 'missing'")
    let outcome = logs.ingest("--format", "json", logs.path)
    #expect(outcome.output.contains("\"lost_bytes\":0"))
    #expect(logs.value("SELECT sum(lost_bytes) FROM file") == "500")
    logs.expectExactlyOnce(inOrder: false)
  }
}

extension LogFolder {
  /// Deletes a file and makes an empty one that has its inode, where the file system reuses them.
  func recreate(_ name: String, as other: String? = nil) {
    let other = other ?? name
    shell(
      """
      old=$(stat -c %i '\(name)'); rm '\(name)'; : > '\(other)'
      for n in $(seq 50); do
        [ "$(stat -c %i '\(other)')" != "$old" ] || break
        mv '\(other)' "../spare-$n"; : > '\(other)'
      done
      """)
  }

  /// Changes the database behind the program's back.
  func change(_ statement: String) {
    let outcome = Command.run("sqlite3", [logbook.database, statement])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  @Test(arguments: [
    "cp app.log app.log.1", "zstd -q --rm app.log", "cp app.log app.log.1; : > app.log",
  ])
  func `a copy that was deleted is no generation to go on with`(_ end: String) {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("cp app.log app.log.1")
    logs.ingest()
    logs.shell("rm app.log.1")
    logs.ingest()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell(end)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `an editor that undoes what it took out gives no line twice`() {
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.ingest()
    logs.shell("cp app.log ../whole; head -n 30 app.log > ../left; mv ../left app.log")
    logs.ingest()
    logs.shell("mv ../whole app.log")
    logs.ingest()
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }
}
