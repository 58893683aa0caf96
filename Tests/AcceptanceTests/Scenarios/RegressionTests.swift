import Glibc
import TestSupport
import Testing

/// Faults that were there once, each by the input that showed it.
@Suite struct Regressions {
  @Test func `a character that straddles the scanned part of a long line stays whole`() {
    let logbook = Logbook()
    let line = "x" + String(repeating: "é", count: 5000)
    let input = String(repeating: line + "\n", count: 20)
    let path = logbook.scratch.write("long.txt", input)
    #expect(logbook.run("ingest", path, "--as", "raw").status == 0)
    let stored = Command.run("sqlite3", [logbook.database, "SELECT message FROM log ORDER BY id"])
    let isSame = stored.output == input
    #expect(isSame)
    #expect(logbook.run("verify").status == 0)
  }

  @Test func `a file outside the paths of a run is not taken for gone`() {
    let logbook = Logbook()
    let path = logbook.scratch.write("a.log", "2026-01-01T00:00:00Z INFO par")
    let other = logbook.scratch.write("b.log", "2026-01-01T00:00:00Z INFO other\n")
    #expect(logbook.run("ingest", path).status == 0)
    let renamed = unsafe rename(path, path + ".1")
    #expect(renamed == 0)
    #expect(logbook.run("ingest", other).status == 0)
    logbook.scratch.append("a.log.1", "tial rest\n")
    #expect(logbook.run("ingest", path + "*").status == 0)
    #expect(logbook.run("search", "partial", "--count").output == "1\n")
    #expect(logbook.run("search", "--count").output == "2\n")
    #expect(logbook.run("verify").status == 0)
  }

  @Test func `many small runs do not leave many small chunks`() {
    let logbook = Logbook()
    logbook.scratch.write("app.log", "")
    for run in 0..<80 {
      let lines = (0..<60).map { "2026-01-01T00:\(10 + run % 50):00Z INFO run \(run) line \($0)\n" }
      logbook.scratch.append("app.log", lines.joined())
      #expect(logbook.run("ingest", logbook.scratch.file("app.log")).status == 0)
    }
    let small = Command.run(
      "sqlite3", [logbook.database, "SELECT count(*) <= 130 FROM chunk WHERE sealed = 0"])
    #expect(small.output == "1\n")
    #expect(logbook.run("search", "--count").output == "4800\n")
    #expect(logbook.run("verify").status == 0)
  }

  @Test func `standard input is a source of its own, read to its end`() {
    let logbook = Logbook()
    let outcome = logbook.run(
      "ingest", "-", "--source", "pipe", input: Array("one\ntwo without an end".utf8))
    #expect(outcome.status == 0)
    #expect(
      logbook.run("sql", "SELECT message FROM log ORDER BY id", "--format", "csv").output
        == "message\none\ntwo without an end\n")
    #expect(logbook.run("verify").status == 0)
  }
}
