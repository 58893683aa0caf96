import TestSupport
import Testing

/// What `status` tells a person and a monitor, and what runs it on a timer.
@Suite struct `Operation` {
  private static func configured(_ text: String = "sources: [{name: app, path: logs/app.log*}]\n")
    -> LogFolder
  {
    let logs = LogFolder()
    logs.logbook.scratch.append("logbook.yaml", text)
    return logs
  }

  @Test func `nothing needs a person while everything is read`() {
    let logs = Self.configured()
    logs.append("app.log", 50)
    logs.ingest("--source", "app")
    let status = logs.run(["status"])
    #expect(status.status == 0 && status.errorOutput.isEmpty, "\(status.errorOutput)")
    logs.append("app.log", 5)
    #expect(logs.run(["status"]).status == 0)
    let rows = logs.run(["status", "--format", "json"])
    #expect(rows.output.contains(#""lag_bytes":290,"#), "\(rows.output)")
    #expect(rows.output.contains(#""parsed":1.0,"pruned":0}"#), "\(rows.output)")
    let files = logs.run(["status", "--files", "--format", "csv"])
    #expect(files.output.contains("/logs/app.log,active,50,"), "\(files.output)")
    let sizes = logs.run(["status", "--sizes", "--format", "csv"])
    #expect(sizes.status == 0 && sizes.output.contains("\nfree pages,"), "\(sizes.output)")
  }

  @Test func `what needs a person is said, with exit status 1`() throws {
    let faults = try #require(FaultInjection.shared)
    let logs = Self.configured(
      "sources: [{name: app, path: logs/app.log*}, {name: shop, path: logs/shop.log}]\n")
    logs.append("app.log", 200)
    logs.shell("head -c 3000 /dev/urandom | gzip > app.log.2.gz; truncate -s -20 app.log.2.gz")
    _ = logs.run(["ingest"])
    logs.append("app.log", 5)
    let now = Int(logs.shell("date +%s").output.dropLast()) ?? 0
    let later = logs.run(["status"], environment: faults.environment(clock: now + 7300))
    #expect(later.status == 1)
    for text in [
      "logbook: app: 290 B have not been read for 2 h", "shop: no file matches logs/shop.log",
      "app.log.2.gz: incomplete",
    ] {
      #expect(later.errorOutput.contains(text), "\(later.errorOutput)")
    }
    // What was seen, left for the next run, and gone by then.
    _ = logs.run(["ingest", "--max-bytes", "1"])
    logs.shell(": > app.log")
    _ = logs.run(["ingest"])
    let lost = logs.run(["status"])
    #expect(!lost.errorOutput.contains("incomplete"))
    #expect(
      lost.status == 1 && lost.errorOutput.contains(" bytes were lost today"), "\(lost.errorOutput)"
    )
    let week = faults.environment(clock: now + 7 * 86_400)
    #expect(!logs.run(["status"], environment: week).errorOutput.contains("lost"))
  }

  @Test func `what could not be read at all needs a person as long as it is so`() {
    let logs = Self.configured()
    logs.append("app.log", 5)
    logs.shell("printf 'BZh91AY&SY' > app.log.2.bz2")
    #expect(logs.run(["ingest"]).status == 74)
    let before = logs.shell("cat ../logbook.db* | cksum").output
    #expect(logs.run(["ingest"]).status == 74)
    let status = logs.run(["status"])
    #expect(
      status.status == 1 && status.errorOutput.contains("the last ingest: ")
        && status.errorOutput.contains("app.log.2.bz2: "), "\(status.errorOutput)")
    #expect(
      logs.run(["status", "--format", "prom"]).output.hasSuffix("\nlogbook_needs_attention 1\n"))
    #expect(!before.isEmpty && logs.value("SELECT count(*) FROM run") == "1")
    logs.shell("rm app.log.2.bz2")
    #expect(logs.run(["ingest"]).status == 0)
    #expect(logs.run(["status"]).status == 0)
  }

  @Test func `Prometheus reads it`() {
    let logs = LogFolder()
    logs.append("app.log", 50)
    logs.ingest(logs.path, "--source", "a \"b\" \\ c")
    let outcome = logs.run(["status", "--format", "prom"])
    #expect(outcome.status == 0)
    #expect(
      outcome.output.contains(
        "# TYPE logbook_lines gauge\nlogbook_lines{source=\"a \\\"b\\\" \\\\ c\"} 50\n"))
    #expect(outcome.output.contains("logbook_last_line_timestamp_seconds{source="))
    for line in outcome.output.split(separator: "\n") where !line.hasPrefix("#") {
      #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil, "\(line)")
    }
    #expect(logs.run(["status", "--format", "prom", "--files"]).status == 2)
  }

  @Test func `the units pass systemd's own check`() {
    let logs = LogFolder()
    logs.logbook.scratch.append(
      "logbook.yaml", "sources: [{name: app, path: '\(logs.file("app.log*"))'}]\n")
    logs.shell("mkdir -p ../root/etc/systemd/system ../root/etc/cron.d ../root/etc/logrotate.d")
    for (kind, files) in [
      ("systemd", ["systemd/system/logbook.service", "systemd/system/logbook.timer"]),
      ("cron", ["cron.d/logbook"]), ("logrotate", ["logrotate.d/logbook"]),
    ] {
      let outcome = logs.run(["service", kind, "--install", "--root", "root"])
      #expect(outcome.status == 0, "\(outcome.errorOutput)")
      for file in files {
        #expect(outcome.output.contains("root/etc/\(file)\n"), "\(outcome.output)")
      }
      #expect(logs.run(["service", kind, "--install", "--root", "root"]).status == 0)
    }
    let changed = logs.run(["service", "systemd", "--every", "1", "--install", "--root", "root"])
    #expect(
      changed.status == 74 && changed.errorOutput.contains("--force"), "\(changed.errorOutput)")
    #expect(
      logs.run(["service", "systemd", "--every", "1", "--install", "--root", "root", "--force"])
        .status == 0)
    let check = logs.shell(
      "command -v systemd-analyze >/dev/null || exit 9; cd ../root/etc/systemd/system; systemd-analyze verify --man=no ./logbook.service ./logbook.timer",
      isExpectedToWork: false)
    if check.status == 9 {
      print("systemd-analyze is not here: the units were not checked")
    } else {
      #expect(check.status == 0 && check.errorOutput.isEmpty, "\(check.errorOutput)")
    }
    let rotation = logs.shell(
      "command -v logrotate >/dev/null || exit 9; logrotate -d -s ../state ../root/etc/logrotate.d/logbook",
      isExpectedToWork: false)
    #expect(rotation.status == 9 || rotation.status == 0 && !rotation.errorOutput.contains("error"))
  }

  @Test func `the unit that follows passes, too`() {
    let logs = LogFolder()
    logs.logbook.scratch.append(
      "logbook.yaml", "sources: [{name: app, path: \(logs.file("app.log"))}]\n")
    logs.shell("mkdir -p ../root/etc/systemd/system")
    let outcome = logs.run(["service", "systemd", "--follow", "--install", "--root", "root"])
    // What is to be done next holds where the system's own units are.
    #expect(outcome.output.hasSuffix("root/etc/systemd/system/logbook.service\n"), "\(outcome)")
    let verified = logs.shell(
      "command -v systemd-analyze >/dev/null || exit 9; systemd-analyze verify --man=no ../root/etc/systemd/system/logbook.service",
      isExpectedToWork: false)
    #expect(
      verified.status == 9 || verified.status == 0 && verified.errorOutput.isEmpty,
      "\(verified.errorOutput)")
  }

  @Test func `a folder with a blank and a percent sign is one that may be written to`() {
    let logs = LogFolder()
    logs.logbook.scratch.append(
      "logbook.yaml", "sources: [{name: app, path: \(logs.file("app.log"))}]\n")
    let unit = logs.run(["--db", "/srv/100% of $it/logbook.db", "service", "systemd"]).output
    #expect(unit.contains("ReadWritePaths=\"/srv/100%% of $it\"\n"), "\(unit)")
    #expect(unit.contains("\"--db\" \"/srv/100%% of $$it/logbook.db\" \"ingest\"\n"), "\(unit)")
  }

  @Test func `who follows the documents from installing to a report finds everything there`() throws
  {
    let scratch = Scratch()
    let root = scratch.file("root")
    // As built already: building is what `make` does before.
    let install = Command.run(
      "make",
      [
        "-s", "-o", "build", "-o", "extension", "install", "DESTDIR=\(root)",
        "BINARY=\(Logbook.binary)", "EXTENSION=\(LoadableExtension.path)",
      ], directory: Repository.root)
    #expect(install.status == 0, "\(install.errorOutput)")
    for file in [
      "bin/logbook", "lib/liblogbook.so", "share/man/man1/logbook.1.gz",
      "share/bash-completion/completions/logbook", "share/zsh/site-functions/_logbook",
      "share/fish/vendor_completions.d/logbook.fish",
    ] {
      #expect(Command.run("test", ["-s", "\(root)/usr/local/\(file)"]).status == 0, "\(file)")
    }
    let log = scratch.file("app.log")
    scratch.write(
      "app.log", "2026-03-02T10:00:00Z INFO one\n2026-03-02T10:00:01Z ERROR timeout in job 7\n")
    scratch.write(
      "logbook.yaml",
      "database: \(scratch.file("logbook.db"))\nsources: [{name: app, path: \(log)}]\n")
    _ = Command.run(
      "sh", ["-c", "mkdir -p '\(root)/etc/systemd/system'; touch -d '1 hour ago' '\(log)'"])
    // What the documents say, word by word, in the folder of the configuration.
    let commands = [
      "logbook service systemd --install", "logbook ingest", "logbook search timeout",
      "logbook report",
    ]
    let documents = Command.run(
      "sh", ["-c", "cat README.md docs/*.md"], directory: Repository.root
    ).output
    for command in commands {
      #expect(documents.contains(command), "\(command)")
      let words = command.hasSuffix("--install") ? "\(command) --root \(root)" : command
      let outcome = Command.run(
        "sh", ["-c", "PATH=\(root)/usr/local/bin:$PATH; \(words)"],
        environment: ["LANG": "C.UTF-8"], directory: scratch.path)
      #expect(outcome.status == 0, "\(command): \(outcome.errorOutput)")
      if command.hasSuffix("timeout") { #expect(outcome.output.contains("timeout in job 7")) }
      if command.hasSuffix("report") { #expect(outcome.output.contains("timeout in job")) }
    }
    let unit = Command.run("cat", ["\(root)/etc/systemd/system/logbook.service"]).output
    #expect(unit.contains("ExecStart=\"\(root)/usr/local/bin/logbook\" "), "\(unit)")
  }

  @Test func `each file that is written to is in one stanza, or is named`() {
    let logs = LogFolder()
    logs.append("plain.log", 1)
    logs.append("syslog", 1)
    logs.shell("mkdir folder")
    let examples: [([String], String, String)] = [
      (["app.log*"], #""/app.log""#, ""), (["app.log", "app.log.*"], #""/app.log""#, ""),
      (["access*"], #""/access*.log""#, ""), (["syslog*"], #""/syslog""#, ""),
      (["folder"], #""/folder/*.log""#, ""), (["app.log*", "app.log*"], #""/app.log""#, ""),
      (["plain.log"], #""/plain.log""#, "is in no path of app"),
      (["a/**/*.log*", "b.log*"], #""/b.log""#, "cannot be said in a stanza"),
    ]
    for (number, (paths, expected, warning)) in examples.enumerated() {
      let list = paths.map { "\(logs.path)/\($0)" }.joined(separator: ", ")
      logs.logbook.scratch.append("\(number).yaml", "sources: [{name: app, path: [\(list)]}]\n")
      let file = logs.logbook.scratch.file("\(number).yaml")
      let outcome = logs.run(["--config", file, "service", "logrotate"])
      let stanza = outcome.output.split(separator: "\n").first { $0.hasPrefix("\"") } ?? ""
      #expect(stanza.replacing(logs.path, with: "") == "\(expected) {", "\(outcome.errorOutput)")
      #expect(
        warning.isEmpty ? outcome.errorOutput.isEmpty : outcome.errorOutput.contains(warning))
    }
  }

  @Test func `what a unit starts is what the shell would`() {
    let logs = LogFolder()
    logs.logbook.scratch.append(
      "it's 100%.yaml", "sources: [{name: app, path: \(logs.file("app.log"))}]\n")
    logs.append("app.log", 3)
    let cron = logs.run(["--config", "it's 100%.yaml", "service", "cron"]).output
    let line = cron.split(separator: "\n").last.map(String.init) ?? ""
    let command = String(line.dropFirst("*/5 * * * *  root  ".utf8.count))
    // As cron hands it to the shell.
    logs.logbook.scratch.append("command", command.replacing("\\%", with: "%"))
    logs.shell("sh ../command")
    #expect(logs.stored() == logs.expected)
  }

  @Test func `without sources there is nothing to run`() {
    let outcome = LogFolder().run(["service", "systemd"])
    #expect(
      outcome.status == 78 && outcome.errorOutput.contains("no sources"), "\(outcome.errorOutput)")
    let hosts = Self.configured("sources: [{name: h, host: {}}]\n")
    #expect(hosts.run(["service", "cron"]).output.contains(" ingest >/dev/null"))
    #expect(hosts.run(["service", "logrotate"]).errorOutput.contains("no source has files"))
    let relative = Self.configured().run(["service", "cron"])
    #expect(relative.status == 78 && relative.errorOutput.contains("'logs/app.log*' is relative"))
  }
}
