import TestSupport
import Testing

/// What is said, and done, where something is not as it should be.
@Suite struct `Hints` {
  @Test func `a service is installed below folders that are not there yet`() {
    let logs = LogFolder()
    let isTemporary = [Logbook.binary, Repository.root].contains { $0.hasPrefix("/tmp/") }
    for (database, setting) in [("/var/lib/logbook/l.db", "yes"), ("/var/tmp/logs/l.db", "no")] {
      let root = logs.logbook.scratch.file("root\(setting)/below")
      let outcome = Command.run(
        Logbook.binary,
        [
          "--config", Repository.root + "/Examples/logbook.yaml", "--db", database, "service",
          "systemd", "--install", "--root", root,
        ])
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
      let unit = logs.shell("cat \(root)/etc/systemd/system/logbook.service").output
      #expect(unit.contains("\nPrivateTmp=\(isTemporary ? "no" : setting)\n"))
    }
  }

  @Test(arguments: [
    (["--md", "--json"], "--md and --json"),
    (["--format", "html", "--md"], "--md and --format html"),
    (["--html", "x", "--json"], "--html and --json"), (["--json", "--format", "json"], ""),
    (["--html", "x", "--format", "html"], ""),
  ])
  func `a report has one format`(_ arguments: [String], _ message: String) {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.ingest()
    let outcome = Command.run(
      Logbook.binary,
      ["--db", logs.logbook.database, "report"]
        + arguments.map { $0 == "x" ? logs.logbook.scratch.file($0) : $0 })
    #expect(outcome.status == (message.isEmpty ? 0 : 2))
    #expect(outcome.errorOutput.contains(message), "\(outcome.errorOutput)")
  }

  @Test func `a database of which nothing is stored yet is no old one`() {
    let logs = LogFolder()
    logs.shell(": > ../logbook.db")
    let outcome = logs.run(["backup", logs.logbook.scratch.file("copy.db")])
    #expect(outcome.status == 74 && outcome.errorOutput.contains("nothing has been stored yet"))
    #expect(
      outcome.errorOutput.contains("try again in a moment")
        && !outcome.errorOutput.contains("migrate"))
  }

  @Test func `a status from 600 on is no 5xx`() {
    let logs = LogFolder()
    let statuses = [200, 404, 500, 599, 600, 999]
    logs.append(
      "access.log",
      records: statuses.map {
        #"10.0.0.1 - - [01/Jan/2026:01:00:10 +0000] "GET /a HTTP/1.1" \#($0) 7 "-" "agent""#
      })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    #expect(logs.value("SELECT count(*) FROM log WHERE level = 'error'") == "2")
    #expect(logs.value("SELECT sum(count) FROM errors") == "2")
    #expect(logs.run(["report", "--json", "-o", logs.logbook.scratch.file("r.json")]).status == 0)
    let figures = logs.shell(
      """
      jq -c '.requests | [.requests, .failed_requests, .refused_requests]' ../r.json
      export LOGBOOK_DB=\(logs.logbook.database); command=$(jq -r .requests.commands.failed_requests ../r.json)
      eval "\(Logbook.binary) ${command#logbook } --count"
      """)
    #expect(figures.output == "[6,2,1]\n2\n", "\(figures.output)")
  }

  @Test func `the manual page has the date of its version`() {
    let page = Command.run(Logbook.binary, ["manual"]).output
    #expect(page.hasPrefix(".TH LOGBOOK 1 \"20"))
  }

  @Test func `damaged events are named, with what helps, wherever they are`() {
    let logs = LogFolder()
    logs.append("app.log", records: (0..<300).map { _ in logs.line(level: "ERROR") })
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    let outcome = Command.run(
      "sqlite3", [logs.logbook.database, "UPDATE error_chunk SET data = x'00112233'"])
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    let name = "the errors from line 68719476737 on are damaged\n"
    let since = logs.value("SELECT substr(min(time), 1, 16) || ':30Z' FROM log")
    for arguments in [["report", "--since", since], ["report"]] {
      let report = logs.run(arguments)
      if report.status == 0 { continue }
      #expect(
        report.status == 74 && report.errorOutput.contains(name)
          && report.errorOutput.contains("hint: 'logbook sources reingest "),
        "\(report.errorOutput)")
    }
    let list = logs.run(["errors", "list", "--since", since])
    #expect(list.status == 74 && list.errorOutput.contains("damaged"), "\(list.errorOutput)")
    logs.append("app.log", records: [logs.line("again", level: "ERROR"), logs.line()])
    let ingest = logs.run(["ingest", logs.path])
    #expect(
      ingest.status == 74 && ingest.errorOutput.contains(name)
        && ingest.errorOutput.contains("hint: see 'logbook status'"), "\(ingest.errorOutput)")
  }
}
