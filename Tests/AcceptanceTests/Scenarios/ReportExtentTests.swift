import TestSupport
import Testing

/// A report without times is of all that it shows, whatever retention has left of it.
@Suite struct `Extents of reports` {
  private static func at(_ hour: Int) -> String { LogFolder.time(hour * 3600) }

  /// A hundred hours, in each an error in one file and a turn in another.
  private static func folder(stray: String? = nil) -> LogFolder {
    let logs = LogFolder()
    logs.configuration = """
      metrics: [{name: full, pattern: 'disk (\\d+)', function: max, step: 1h}]
      sources: [{name: app, path: logs/app.log}, {name: gate, path: logs/gate.log}]
      """
    let stray = stray.map { ["\($0) ERROR disk 7 full"] } ?? []
    logs.append(
      "app.log", records: (0..<100).map { "\(at($0)) ERROR disk \($0) full" } + stray)
    logs.append(
      "gate.log",
      records: (0..<100).map {
        #"{"ai_log":"{\"model\":\"gpt-4o\",\"input_token\":1000,\"output_token\":9,\"total_token\":1009}","method":"POST","path":"/v1","response_code":"200","response_flags":"-","start_time":"\#(at($0))","request_id":"r\#($0)"}"#
      })
    logs.shell("touch -d '1 hour ago' *")
    #expect(logs.run(["ingest"]).status == 0)
    return logs
  }

  private static func report(_ logs: LogFolder, _ arguments: String...) -> String {
    _ = logs.run(["report", "--json", "--out", logs.logbook.scratch.file("r.json")] + arguments)
    return logs.shell(
      """
      jq -c '[.report.since, .report.until, .volume.lines, .errors.error_events, .sessions.turns, (.metrics.series // [] | map(.count) | add)]' ../r.json
      """
    ).output.replacing(":00.000000Z", with: "").replacing("\n", with: "")
  }

  private static let whole = #"["2026-01-01T00:00","2026-01-05T03:01","#

  @Test(arguments: [40, 100], [false, true])
  func `turns, errors and samples outlive counts, and files`(_ hours: Int, _ areGone: Bool) {
    let logs = Self.folder()
    #expect(Self.report(logs) == Self.whole + "200,100,100,200]")
    if areGone {
      logs.shell("rm *.log")
      #expect(logs.run(["ingest"]).status == 0)
    }
    let time = Self.at(hours)
    let outcome = logs.run(["prune", "--older-than", Self.at(600), "--rollups-older-than", time])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    if areGone, hours == 100 {
      #expect(logs.run(["prune", "--rollups-older-than", "2100-01-01"]).status == 0)
      #expect(logs.value("SELECT count(*) FROM file") == "0")
    }
    #expect(Self.report(logs) == Self.whole + "\(200 - hours * 2),100,100,200]")
    #expect(logs.run(["report", "--fail-on", "cost>0"]).status == 3)
    #expect(Self.report(logs, "--since", "1d").hasPrefix(#"["2026-01-04T03:00","2026-01-05T03:01"#))
    #expect(logs.value("SELECT us / 3600000000 FROM error_now") == "\(490_896 + 99)")
    // What is left when one after the other goes.
    for (option, left) in [
      ("--sessions-older-than", "100,null,200]"), ("--errors-older-than", "0,null,200]"),
    ] {
      #expect(logs.run(["prune", option, Self.at(600)]).status == 0)
      #expect(Self.report(logs) == Self.whole + "\(200 - hours * 2),\(left)")
    }
  }

  @Test func `an event of a wrong clock does not stretch what is left`() {
    let logs = Self.folder(stray: "2099-01-01T00:00:00Z")
    #expect(Self.report(logs) == Self.whole + "200,100,100,200]")
    #expect(
      logs.run(["prune", "--older-than", "2100-01-01", "--rollups-older-than", "2100-01-01"]).status
        == 0)
    #expect(Self.report(logs) == Self.whole + "0,100,100,200]")
    #expect(Self.report(logs, "--until", "2100-01-01").contains(",0,101,100,"))
  }

  @Test func `a report begins with the first line, and not with the bucket of its route`() {
    let logs = LogFolder()
    logs.append(
      "access.log",
      records: (0..<3000).map {
        #"10.0.0.1 - - [0\#($0 / 1000 + 4)/Mar/2026:10:\#($0 % 60 < 10 ? "0" : "")\#($0 % 60):00 +0000] "GET /\#($0) HTTP/1.1" 200 5"#
      })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    let first = logs.run(["report", "--json"]).output.split(separator: "\"since\":\"").dropFirst()
      .first
    #expect(first?.prefix(16) == "2026-03-04T10:00")
  }
}
