import TestSupport
import Testing

/// Copies that were made while the last record was being written.
@Suite struct `Torn copies` {
  /// Writes records and half of one more; the other half is returned.
  private static func tear(_ logs: LogFolder) -> String {
    logs.append("app.log", 12)
    let last = logs.line()
    logs.expected.append(last)
    logs.appendText("app.log", String(last.prefix(40)))
    return String(last.dropFirst(40)) + "\n"
  }

  @Test(arguments: [0, 1, 2], [false, true])
  func `a whole file takes the place of its torn copy`(runs: Int, isCompressed: Bool) {
    let logs = LogFolder()
    let rest = Self.tear(logs)
    logs.shell("cp app.log app.log-20261119; mv app.log ../app.log")
    for _ in 0..<runs { logs.ingest() }
    logs.shell("mv ../app.log .")
    logs.appendText("app.log", rest)
    logs.append("app.log", 3)
    if isCompressed { logs.shell("gzip app.log") }
    logs.ingest()
    logs.expectExactlyOnce()
    logs.shell("rm app.log-20261119")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `a copy goes on where the file that was read is deleted`() {
    let logs = LogFolder()
    let rest = Self.tear(logs)
    logs.shell("cp app.log app.log-20261119")
    logs.ingest()
    logs.shell("rm app.log-20261119")
    logs.ingest()
    logs.appendText("app.log", rest)
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `two files with a record of their own where the torn one ended`() {
    let logs = LogFolder()
    let rest = Self.tear(logs)
    logs.shell("cp app.log app.log-20261119; mv app.log ../app.log")
    logs.ingest()
    logs.shell("mv ../app.log .")
    logs.appendText("app.log", rest)
    let other = logs.expected[logs.expected.count - 1].prefix(40) + "something else"
    logs.expected.append(String(other))
    logs.appendText("app.log-20261119", "something else\n")
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `a copy is one though its first line is longer than a kilobyte`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: [logs.line("a line of " + String(repeating: "many words ", count: 150))])
    logs.append("app.log", 5)
    logs.ingest()
    logs.shell("cp app.log app.log.1")
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: ["zstd -q --rm app.log", "gzip app.log", "cp app.log app.log-20261120"])
  func `of two generations that a file may be, it is the one with more of its lines`(
    _ rotation: String
  ) {
    let logs = LogFolder()
    logs.shell(": > app.log")
    logs.ingest()
    logs.append("app.log", 12)
    logs.shell("cp -p app.log app.log-20261119; touch -d '1 hour ago' *")
    logs.ingest()
    logs.append("app.log", 12)
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    logs.shell(rotation)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `a file goes on from the longest of its copies`() {
    let logs = LogFolder()
    logs.append("app.log", 12)
    logs.shell("cp app.log app.log-20261118; touch -d '1 hour ago' *")
    logs.ingest()
    logs.append("app.log", 12)
    logs.shell("rm app.log-20261118; touch -d '1 hour ago' *")
    logs.ingest()
    logs.append("app.log", 12)
    logs.shell("cp app.log app.log-20261119")
    logs.append("app.log", 5)
    logs.shell("cp app.log app.log.1; : > app.log; touch -d '1 hour ago' *")
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }
}
