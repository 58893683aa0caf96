import TestSupport
import Testing

/// What retention cannot do: it does the rest, says so in one line, and hides no damage.
@Suite struct `Problems of pruning` {
  private static func folder(_ count: Int) -> LogFolder {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<count).map { logs.line(level: $0 % 100 == 7 ? "ERROR" : "INFO") })
    logs.ingest()
    return logs
  }

  /// Makes other bytes of a chunk, whose checksum stays.
  private static func damage(_ logs: LogFolder, _ bytes: String) {
    let outcome = Command.run(
      "sqlite3",
      [
        logs.logbook.database,
        "UPDATE chunk SET data = \(bytes) WHERE first_id = (SELECT min(first_id) FROM chunk)",
      ])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
  }

  @Test(
    arguments: [[], ["--keep-errors"]],
    ["CAST(substr(data, 1, 900) || x'00' || substr(data, 902) AS BLOB)", "x'00112233'"])
  func `a damaged chunk stays, is named, and the others go`(_ options: [String], _ bytes: String) {
    let logs = Self.folder(10_000)
    Self.damage(logs, bytes)
    let found = logs.run(["verify"]).output.split(separator: "\n").filter { $0.contains("false") }
    let arguments = ["prune", "--older-than", LogFolder.time(1000 + 9000), "--format", "csv"]
    let promise = logs.run(arguments + options + ["--dry-run"])
    #expect(promise.status == 74 && promise.errorOutput.contains("chunk 68719476737 is damaged"))
    #expect(
      promise.output.split(separator: "\n").last?.hasPrefix(options.isEmpty ? "4096," : "4055,")
        == true, "\(promise.output)")
    for lines in [options.isEmpty ? "4096," : "4055,", "0,"] {
      let outcome = logs.run(arguments + options)
      #expect(outcome.status == 74)
      #expect(
        outcome.output.split(separator: "\n").last?.hasPrefix(lines) == true, "\(outcome.output)")
      #expect(
        outcome.errorOutput.contains("chunk 68719476737 is damaged"), "\(outcome.errorOutput)")
    }
    #expect(logs.value("SELECT count(*) FROM chunk WHERE first_id = 68719476737") == "1")
    let after = logs.run(["verify"])
    #expect(after.status == 1 && !found.isEmpty && after.output.contains("chunk 68719476737"))
  }

  @Test
  func `a damaged chunk of events that stops an ingest needs a person, and what is said helps`() {
    let logs = Self.folder(300)
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    #expect(logs.run(["status"]).status == 0)
    let outcome = Command.run(
      "sqlite3", [logs.logbook.database, "UPDATE error_chunk SET data = x'00112233'"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    logs.append("app.log", records: [logs.line("again", level: "ERROR"), logs.line()])
    #expect(logs.run(["ingest", logs.path]).status == 74)
    let status = logs.run(["status"])
    let name = logs.file("app.log")
    #expect(
      status.status == 1
        && status.errorOutput.contains("are damaged; 'logbook sources reingest \(name)'"),
      "\(status.errorOutput)")
    #expect(logs.run(["sources", "reingest", name]).status == 0)
    #expect(logs.run(["status"]).status == 0)
    logs.expectVerified()
  }

  @Test func `old lines that share a chunk with younger ones stay, and a dry run says how many`() {
    let logs = LogFolder()
    logs.append("slow.log", records: (0..<10).map { "\(LogFolder.time($0 * 86_400)) INFO day" })
    logs.append("app.log", 5000)
    logs.ingest()
    let arguments = ["prune", "--older-than", LogFolder.time(7 * 86_400), "--format", "csv"]
    let promise = logs.run(arguments + ["--dry-run"])
    #expect(
      promise.errorOutput
        == "hint: 7 older lines stay until the younger ones of the same chunk are old, too\n",
      "\(promise.errorOutput)")
    #expect(logs.run(arguments).errorOutput.isEmpty)
    #expect(logs.value("SELECT count(*) FROM log WHERE message LIKE '%day'") == "10")
    #expect(
      logs.run(arguments + ["--dry-run", "--source", logs.file("app.log")]).errorOutput.isEmpty)
  }

  @Test func `turns of pruned files are still checked for what they cost and what their lines say`()
  {
    let logs = LogFolder()
    func line(_ second: Int) -> String {
      let usage =
        #"{"chat_id":"c\#(second)","model":"gpt-4o","input_token":\#(second),"output_token":5,"total_token":\#(second + 5),"response_type":"normal"}"#
      return
        #"{"ai_log":"\#(usage.replacing("\"", with: "\\\""))","method":"POST","path":"/v1","response_code":"200","response_flags":"-","start_time":"\#(LogFolder.time(second))","request_id":"r\#(second)"}"#
    }
    logs.append("gate.log", records: (1000..<6000).map(line))
    logs.shell("touch -d '1 hour ago' gate.log")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM turns") == "5000")
    #expect(logs.run(["prune", "--older-than", LogFolder.time(5500)]).status == 0)
    logs.expectVerified()
    // Of the first turn that is left, whose line is gone, what it cost; of one with its line, the tokens.
    for (row, column) in [("0", 19), ("#-1", 6)] {
      for (change, finds) in [("+ 1", true), ("- 1", false)] {
        LogFolder.editTurns(
          logs.logbook.database,
          "json_set(t, '$[\(row)][\(column)]', t->>'$[\(row)][\(column)]' \(change))")
        let verdict = logs.run(["verify"])
        #expect(
          (verdict.status == 1 && verdict.output.contains("turn")) == finds,
          "\(row) \(column) \(change): \(verdict.output)")
      }
    }
    logs.expectVerified()
  }

  @Test func `an ingest with a damaged chunk says what it read`() {
    let logs = Self.folder(9000)
    logs.logbook.scratch.append("logbook.yaml", "retention: {lines: 1d}\n")
    Self.damage(logs, "x'00112233'")
    logs.append("app.log", 2)
    let outcome = logs.run(["ingest", logs.path, "--format", "json"])
    #expect(
      outcome.status == 74 && outcome.errorOutput.contains("is damaged"), "\(outcome.errorOutput)")
    #expect(
      outcome.output.contains(#""records":2,"#) && outcome.output.contains(#""pruned":{"lines":49"#)
    )
  }

  @Test func `a small chunk of errors only is found by its words when the others are gone`() {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<40).map { logs.line("gadget-\($0 * 7919 % 10_007) failed", level: "ERROR") })
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    let outcome = logs.run(["prune", "--older-than", LogFolder.time(9000), "--keep-errors"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    logs.expectVerified()
    #expect(logs.run(["search", "gadget-7919"]).output.contains("gadget-7919"))
  }

  @Test func `a size that cannot be reached removes nothing`() {
    let logs = LogFolder()
    logs.append("app.log", records: (0..<9000).map { _ in logs.usageLine() })
    logs.ingest()
    let before = logs.value("SELECT count(*) FROM log")
    for arguments in [["--dry-run"], [], ["--keep-errors"]] {
      let outcome = logs.run(["prune", "--max-size", "300kB", "--format", "csv"] + arguments)
      #expect(outcome.status == 74)
      #expect(outcome.output.split(separator: "\n").last?.hasPrefix("0,0,0,0,") == true)
      #expect(
        outcome.errorOutput.contains("cannot be as small as")
          && outcome.errorOutput.contains("most of it for 'turn_row'"), "\(outcome.errorOutput)")
    }
    #expect(logs.value("SELECT count(*) FROM log") == before)
    logs.logbook.scratch.append(
      "logbook.yaml", "retention: {size: 300kB}\nsources: [{name: app, path: logs}]\n")
    let status = logs.run(["status"])
    #expect(status.status == 1 && status.errorOutput.contains("cannot be as small as"))
    let ingest = logs.run(["ingest"])
    #expect(ingest.status == 74 && ingest.output == "nothing new\n", "\(ingest.output)")
    #expect(logs.value("SELECT count(*) FROM log") == before)
  }

  @Test func `that a size cannot be reached is known until something is removed`() {
    let logs = LogFolder()
    logs.configuration = "retention: {size: 300kB}\nsources: [{name: app, path: logs}]"
    logs.append("app.log", records: (0..<9000).map { _ in logs.usageLine() })
    #expect(logs.run(["ingest"]).status == 74)
    let known = "SELECT size || ' ' || name FROM excess"
    #expect(logs.value(known) == "300000 turn_row")
    // What is known is not looked for again.
    _ = Command.run("sqlite3", [logs.logbook.database, "UPDATE excess SET least = 123456789"])
    for arguments in [["ingest"], ["status"]] {
      #expect(logs.run(arguments).errorOutput.contains("it would take 123 MB"))
    }
    let smaller = logs.run(["prune", "--max-size", "299kB"])
    #expect(smaller.status == 74 && smaller.errorOutput.contains("it would take 123 MB"))
    let larger = logs.run(["prune", "--max-size", "301kB"])
    #expect(larger.status == 74 && !larger.errorOutput.contains("123 MB"))
    #expect(logs.value(known) == "301000 turn_row")
    #expect(logs.run(["prune", "--sessions-older-than", "2100-01-01"]).status == 0)
    #expect(logs.value(known) == "")
    logs.expectVerified()
  }

  @Test(arguments: [
    ["--max-size", "1MB"], ["--rollups-older-than", "1d"], ["--sessions-older-than", "1d"],
  ])
  func `what is of all sources cannot be pruned of one`(_ option: [String]) {
    let logs = Self.folder(3)
    let outcome = logs.run(["prune", "--source", "*"] + option)
    #expect(
      outcome.status == 2 && outcome.errorOutput.contains("--source"), "\(outcome.errorOutput)")
  }

  @Test func `old lines go when nothing new is read`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = LogFolder()
    logs.logbook.scratch.append(
      "logbook.yaml", "retention: {lines: 1d, rollups: 30d}\nsources: [{name: app, path: logs}]\n")
    logs.append("app.log", 5000)
    let start = faults.environment(clock: 1_767_225_600 + 7200)
    #expect(logs.run(["ingest"], environment: start).status == 0)
    #expect(logs.value("SELECT count(*) FROM log") == "5000")
    for (day, text, left) in [
      (3, "nothing new\npruned 4999 lines, ", "1"), (4, "nothing new\n", "1"),
      (40, "nothing new\npruned 0 lines, counts of ", "1"), (41, "nothing new\n", "1"),
    ] {
      let later = faults.environment(clock: 1_767_225_600 + day * 86_400)
      let outcome = logs.run(["ingest"], environment: later)
      let isSame = text == "nothing new\n" ? outcome.output == text : outcome.output.hasPrefix(text)
      #expect(isSame, "day \(day): \(outcome.output)")
      #expect(logs.value("SELECT count(*) FROM log") == left)
    }
    logs.expectVerified()
  }

  @Test(arguments: ["sql", "export --sql"])
  func `two statements are a usage error`(_ command: String) {
    let logs = Self.folder(3)
    let outcome = logs.run(
      command.split(separator: " ").map(String.init) + ["SELECT 1; DROP TABLE x"])
    #expect(outcome.status == 2 && outcome.errorOutput.contains("more than one statement"))
  }

  @Test func `a dry run counts what is then removed`() {
    let logs = Self.folder(20_000)
    let time = LogFolder.time(1000 + 17_000)
    for options in [["--keep-errors"], []] {
      let arguments =
        ["prune", "--older-than", time, "--rollups-older-than", time, "--format", "csv"] + options
      let lines = [arguments + ["--dry-run"], arguments].map { arguments in
        logs.run(arguments).output.split(separator: "\n").last?.split(separator: ",").prefix(4)
          .joined(separator: ",")
      }
      #expect(lines[0] == lines[1] && lines[0]?.hasPrefix("0,") == false)
    }
  }
}
