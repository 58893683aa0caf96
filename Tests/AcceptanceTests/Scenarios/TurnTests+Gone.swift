import TestSupport
import Testing

// Texts that a container's runtime has cut into parts, at the end of a file that goes.

extension `Turns` {
  @Test func `a record in parts whose file is gone before it ends is told`() {
    let logs = LogFolder()
    logs.configuration = Self.partsLimit
    let lines = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: true)
    logs.appendText("app.log", lines.dropLast().joined(separator: "\n") + "\n")
    logs.shell("touch -d '1 hour ago' app.log")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    logs.shell("rm app.log; echo fine > other.log")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT reason LIKE '%text in parts%' FROM reject") == "1")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test(arguments: [false, true])
  func `texts that are all in an open record show their turns when its file is gone`(
    _ isDocker: Bool
  ) {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*'}]\n"
    let open = Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: isDocker)
    let errors = [2, 3].flatMap {
      Self.lines(Self.request($0, Self.longSpeech), $0, stream: "stderr", isDocker: isDocker)
    }
    logs.appendText("app.log", (open.dropLast() + errors).joined(separator: "\n") + "\n")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT count(*) FROM turns") == "0")
    logs.shell("rm app.log; echo fine > other.log")
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.count) == "2 205")
    #expect(logs.value("SELECT reason LIKE '%text in parts%' FROM reject") == "1")
    #expect(logs.run(["verify", "--deep"]).status == 0)
  }

  @Test func `a text that showed no turn until its file was gone is none that verify asks about`() {
    let logs = LogFolder()
    logs.configuration = "sources: [{name: app, path: 'logs/*'}]\n"
    let text = String(repeating: "word ", count: 70) + #"{"a": "#
    let lines =
      Self.lines(Self.request(1, Self.longSpeech), 1, isDocker: false)
      + Self.lines(text, 2, isDocker: false).dropLast()
      + ["\(LogFolder.time(3)) stdout P {\"a\": "]
    logs.appendText("app.log", lines.joined(separator: "\n") + "\n")
    _ = logs.run(["ingest"])
    logs.shell("rm app.log; echo fine > other.log")
    _ = logs.run(["ingest"])
    #expect(logs.value(Self.count) == "1 101")
    #expect(logs.run(["verify"]).status == 0)
  }
}
