import TestSupport
import Testing

/// Files that lose their last lines: what is left of them was read, and is not read again.
@Suite struct `Trimming` {
  /// Takes the last lines out, under the same inode.
  private func trim(_ logs: LogFolder, _ name: String = "app.log", lines: Int) {
    logs.shell("head -n -\(lines) '\(name)' > ../left; cat ../left > '\(name)'")
  }

  @Test(arguments: [1, 5, 19])
  func `T33 the last lines are removed in place`(_ count: Int) {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    trim(logs, lines: count)
    logs.ingest()
    logs.expectRecords()
    #expect(logs.value("SELECT count(*) FROM file WHERE state = 'superseded'") == "1")
    logs.append("app.log", 3)
    logs.ingest()
    logs.append("app.log", 30)
    logs.ingest()
    logs.shell("mv app.log app.log.1")
    logs.append("app.log", 2)
    logs.ingest()
    logs.shell("gzip app.log.1")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T33 a hundred thousand lines less one`() {
    let logs = LogFolder()
    logs.append("app.log", records: logs.lines(100_000))
    logs.ingest()
    trim(logs, lines: 1)
    logs.ingest()
    logs.append("app.log", 5)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T33 again and again, each time before the last place`() {
    let logs = LogFolder()
    logs.append("app.log", 30)
    logs.ingest()
    for _ in 0..<4 {
      trim(logs, lines: 4)
      logs.ingest()
      logs.append("app.log", 2)
      logs.ingest()
      trim(logs, lines: 5)
      logs.ingest()
    }
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: ["", " and then something else", " and more\n  at Frame.one"])
  func `T33 cut inside a record, which then goes on with another text`(_ rest: String) {
    let logs = LogFolder()
    logs.append("app.log", 20)
    logs.ingest()
    logs.shell("truncate -s -30 app.log")
    logs.ingest()
    let last = logs.expected.last ?? ""
    let cut = String(last.prefix(last.utf8.count - 29))
    logs.expected.append(cut)
    logs.expectRecords()
    logs.appendText("app.log", rest + "\n")
    logs.expected[logs.expected.count - 1] = cut + rest
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(
    arguments: ["gzip app.log.1", "zstd -q --rm app.log.1", ":"],
    ["head -n 29", "head -c -1", "head -c -20"])
  func `T33 trimmed by an editor while its last record was open, and archived`(
    _ pack: String, _ trim: String
  ) {
    for isSeenBefore in [false, true] {
      let logs = LogFolder()
      logs.append("app.log", 30)
      logs.ingest()
      logs.shell("\(trim) app.log > ../left; mv ../left app.log")
      if isSeenBefore { logs.ingest() }
      logs.shell("mv app.log app.log.1; \(pack)")
      // What is left of a record that was cut is a record of its own.
      if trim == "head -c -20" { logs.expected.append(String(logs.expected[29].dropLast(19))) }
      logs.ingest()
      logs.shell("touch -d '2026-03-01' *")
      logs.ingest()
      logs.expectExactlyOnce()
      let counted = "(SELECT sum(count) FROM pattern)"
      let open = "(SELECT count(open_line) FROM file)"
      #expect(logs.value("SELECT \(counted) + \(open)") == String(logs.expected.count))
    }
  }

  @Test(arguments: [6, 100])
  func `T33 replaced by an editor, the old inode gone`(_ count: Int) {
    let logs = LogFolder()
    logs.append("app.log", count)
    logs.append("other.log", 3)
    logs.ingest()
    logs.shell("sed -i '$d' app.log")
    logs.ingest()
    logs.append("app.log", 2)
    logs.ingest()
    logs.shell("sed -i '$d' app.log")
    logs.ingest()
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test func `T33 trimmed and compressed before the next run`() {
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.ingest()
    trim(logs, lines: 3)
    logs.shell("mv app.log app.log.1; gzip app.log.1")
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T33 records of several lines, line ends of two bytes, and bytes that are no text`() {
    let logs = LogFolder()
    logs.append("app.log", 5)
    logs.append("app.log", records: logs.lines(5), end: "\r\n")
    logs.append(
      "app.log", records: (0..<4).map { "\(logs.line())\n  at Frame.\($0)\n  at Frame.main" })
    logs.append("app.log", records: [logs.line("Zürich 🦉")])
    let odd = logs.line("odd")
    logs.shell("printf '%s \\000\\377\\n' '\(odd)' >> app.log")
    logs.expected.append(odd + " \u{2400}\u{FFFD}")
    logs.append("app.log", records: [logs.line(String(repeating: "long ", count: 300_000))])
    logs.expected[logs.expected.count - 1] = String(logs.expected.last?.prefix(1 << 20) ?? "")
    logs.append("app.log", 3)
    logs.ingest()
    trim(logs, lines: 2)
    logs.ingest()
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T33 in the middle of a stack trace, of which the first lines are new text`() {
    let logs = LogFolder()
    logs.append("app.log", 5)
    let head = logs.line()
    logs.append("app.log", records: ["\(head)\n  at one\n  at two\n  at three"])
    logs.append("app.log", 1)
    logs.ingest()
    trim(logs, lines: 3)
    logs.ingest()
    logs.expected.append("\(head)\n  at one")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T33 of UTF-16`() {
    let logs = LogFolder()
    logs.append("plain", 30)
    logs.shell("iconv -f UTF-8 -t UTF-16 plain > app.log; rm plain")
    logs.ingest()
    logs.shell("truncate -s -\(2 * ((logs.expected.last?.utf8.count ?? 0) + 1)) app.log")
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T33 the last record was still open`() {
    let logs = LogFolder()
    logs.append("app.log", 10)
    logs.append("app.log", records: ["\(logs.line())\n  at one"])
    logs.ingest()
    trim(logs, lines: 2)
    logs.ingest()
    logs.append("app.log", 2)
    logs.ingest()
    trim(logs, lines: 4)
    logs.ingest()
    logs.append("app.log", 2)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [false, true])
  func `T33 only the last line end is removed, and comes back`(isReplaced: Bool) {
    let logs = LogFolder()
    logs.append("app.log", 30)
    logs.ingest()
    logs.shell(
      isReplaced ? "head -c -1 app.log > ../left; mv ../left app.log" : "truncate -s -1 app.log")
    logs.ingest()
    logs.expectRecords()
    let state = logs.databaseState()
    logs.ingest()
    #expect(logs.databaseState() == state)
    logs.appendText("app.log", "\n")
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test(arguments: [1, 3, 60])
  func `T33 lines are removed and others appended before the next run`(_ count: Int) {
    let logs = LogFolder()
    logs.append("app.log", 60)
    logs.ingest()
    trim(logs, lines: 3)
    logs.append("app.log", count)
    logs.ingest()
    logs.expectExactlyOnce()
  }

  /// Without a time nothing tells what is left from a banner that is written again.
  @Test func `T33 lines without times are read anew`() {
    let logs = LogFolder()
    let banner = (0..<20).map { "a line without a time, number \($0)" }
    logs.append("app.log", records: banner)
    logs.ingest("--as", "raw", logs.path)
    logs.shell(": > app.log")
    logs.append("app.log", records: Array(banner.prefix(12)))
    logs.ingest("--as", "raw", logs.path)
    logs.expectExactlyOnce(inOrder: false)
  }

  @Test(arguments: [1, 9])
  func `T33 truncated and begun with the same lines, which are stored again`(_ count: Int) {
    let logs = LogFolder()
    let first = logs.lines(count)
    logs.append("app.log", records: first + logs.lines(60 - count))
    logs.ingest()
    logs.shell(": > app.log")
    logs.append("app.log", records: first + logs.lines(5))
    logs.ingest()
    logs.shell(": > app.log")
    logs.append("app.log", records: first + logs.lines(70))
    logs.ingest()
    logs.expectExactlyOnce()
  }

  @Test func `T33 an editor's backup of all lines stays beside the file`() {
    let logs = LogFolder()
    logs.append("app.log", 40)
    logs.ingest()
    logs.shell("cp app.log app.log~")
    trim(logs, lines: 2)
    logs.ingest()
    logs.append("app.log", 3)
    logs.ingest()
    logs.expectExactlyOnce()
  }
}
