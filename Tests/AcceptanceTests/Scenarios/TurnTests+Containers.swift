import TestSupport
import Testing

// Records that stand in other records, or whose time needs the zone of their source.

extension `Turns` {
  private static let record =
    #"{"ai_log":"{\"session_id\":\"s\",\"model\":\"gpt-4o\",\"input_token\":100,"#
    + #"\"output_token\":50}","response_code":"200","start_time":"2026-02-01T10:00:00.123Z"}"#

  /// A record's text in two, and a line of the other stream between them.
  private static func parts(_ cut: Int, isDocker: Bool) -> [String] {
    let first = String(record.prefix(cut))
    let second = String(record.dropFirst(cut))
    func line(_ text: String, _ stream: String, _ milliseconds: Int, isLast: Bool) -> String {
      let time = LogFolder.time(5, milliseconds)
      guard isDocker else { return "\(time) \(stream) \(isLast ? "F" : "P") \(text)" }
      let escaped = text.replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#)
      return
        #"{"log":"\#(escaped)\#(isLast ? #"\n"# : "")","stream":"\#(stream)","time":"\#(time)"}"#
    }
    return [
      line(first, "stdout", 1, isLast: false), line("oops", "stderr", 2, isLast: true),
      line(second, "stdout", 3, isLast: true), line("done", "stdout", 4, isLast: true),
    ]
  }

  @Test(arguments: [false, true])
  func `a record that a container's runtime cut shows its turn, wherever it was cut`(
    _ isDocker: Bool
  ) {
    let logs = LogFolder()
    for cut in stride(from: 1, to: Self.record.count - 1, by: 23) {
      let name = "pod\(cut).log"
      logs.appendText(name, Self.parts(cut, isDocker: isDocker).joined(separator: "\n") + "\n")
      logs.ingest("--source", name, logs.file(name))
    }
    let turns = logs.value("SELECT count(*) FROM turn")
    #expect(turns == logs.value("SELECT count(*) FROM source"))
    #expect(
      logs.value(
        "SELECT count(*) FROM turns WHERE session = 's' AND model = 'gpt-4o' AND input_tokens = 100"
          + " AND output_tokens = 50 AND status = 200 AND time = '2026-02-01T10:00:00.123000Z'")
        == turns)
    #expect(logs.value("SELECT count(*) FROM reject") == "0")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a turn's time has the zone of its source`() {
    let logs = LogFolder()
    logs.configuration =
      "sources: [{name: gateway, path: 'logs/*.log', timezone: Asia/Shanghai}]\n"
    let record =
      #"{"time":"2026-05-01 20:00:00","model":"gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":10}}"#
    logs.appendText("a.log", record + "\n")
    _ = logs.run(["ingest"])
    #expect(logs.value("SELECT time FROM turns") == "2026-05-01T12:00:00.000000Z")
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a copy of records whose time only their format reads adds no turn`() {
    let logs = LogFolder()
    let lines = (1...12).map {
      "\(LogFolder.time($0)) stdout F " + #"{"model":"m","usage":{"prompt_tokens":10}}"#
    }
    logs.appendText("a.log.1", lines.prefix(10).joined(separator: "\n") + "\n")
    logs.appendText("a.log", lines.suffix(9).joined(separator: "\n") + "\n")
    logs.ingest("--source", "gateway", logs.path)
    #expect(logs.value("SELECT count(*) FROM turn") == "12")
  }
}
