import TestSupport
import Testing

/// Files that are renamed, once or many times, between runs and while they are written.
@Suite struct `Rotation` {
  @Test func `T01 only appended lines are read`() {
    let logs = LogFolder()
    for _ in 0..<4 {
      logs.append("app.log", 5)
      logs.ingest()
    }
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM file") == "1")
  }

  @Test func `T02 a renamed file gives nothing new`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("mv app.log app.log.1")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM file") == "2")
  }

  @Test func `T03 the unread tail of a renamed file comes first`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.append("app.log", 7)
    logs.shell("mv app.log app.log.1")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T04 a writer that keeps appending to the renamed file`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("mv app.log app.log.1")
    logs.append("app.log.1", 4)
    logs.ingest()
    logs.append("app.log", 2)
    logs.append("app.log.1", 4)
    logs.ingest()
    logs.append("app.log.1", 1)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T05 three rotations between two runs`() {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    for _ in 0..<3 {
      logs.append("app.log", 6)
      logs.shell("for n in 2 1; do [ ! -f app.log.$n ] || mv app.log.$n app.log.$((n+1)); done")
      logs.shell("mv app.log app.log.1")
    }
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T06 logrotate shuffles three files and deletes one that was never read`() {
    let logs = LogFolder()
    logs.logbook.scratch.write(
      "rotate.conf", "\(logs.path)/app.log { rotate 3\n missingok\n nocompress }\n")
    func rotate() {
      logs.shell("chmod 755 .; /usr/sbin/logrotate -f -s ../rotate.state ../rotate.conf")
    }
    for _ in 0..<5 {
      logs.append("app.log", 6)
      logs.ingest()
      rotate()
    }
    // Seen once with a tail that is never read: it is deleted first.
    let read = logs.expected
    let unread = logs.lines(3).map { $0 + "\n" }.joined()
    logs.appendText("app.log.3", unread)
    logs.shell("rm app.log.3")
    logs.expected = read
    logs.ingest()
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT sum(lost_bytes) FROM file") == "0")
  }

  @Test(arguments: [
    ("app.log", "app.log-20260102"), ("app.log", "app.log-20260102-1767312000"),
    ("app.log", "old/app.log-20260102"), ("app.log", "old/app.log.1"), ("app.log", "app.log.old"),
    ("app.log", "app-2026-01-02.log"), ("app.log", "app.log.2026-01-02_15"),
  ])
  func `T07 dated names and an old folder are one family`(_ name: String, _ rotated: String) {
    let logs = LogFolder()
    logs.append(name, 20)
    logs.ingest()
    logs.append(name, 2)
    logs.shell("mkdir -p old; mv '\(name)' '\(rotated)'")
    logs.append(name, 3)
    logs.ingest()
    logs.shell("gzip '\(rotated)'")
    logs.ingest()
    // A file in another folder is found by content; its lines go to the source they came from.
    logs.expectExactlyOnce()
    #expect(logs.value("SELECT count(*) FROM source") == "1")
  }

  @Test func `T08 a rotation into a name outside the glob comes back with the next run`() {
    let logs = LogFolder()
    logs.append("app.log", 5)
    logs.ingest(logs.file("app.log"))
    logs.append("app.log", 4)
    logs.shell("mv app.log app.log.1")
    logs.append("app.log", 3)
    // The glob was expanded before the rename: this run sees the new file only.
    logs.ingest(logs.file("app.log"))
    logs.ingest(logs.file("app.log*"))
    logs.expectExactlyOnce(inOrder: false)
  }
}
