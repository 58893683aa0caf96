import Deflate
import LineStore
import SQLite
import TestSupport
import Testing

/// `verify --deep`: the files that are still there say what is stored of them.
@Suite struct `Comparing the files with the store` {
  /// Of an app.log of 200 lines, of 58 bytes each.
  private func makeStore() -> LogFolder {
    let logs = LogFolder()
    logs.append("app.log", 200)
    logs.shell("touch -d '-1 hour' app.log")
    logs.ingest()
    return logs
  }

  private func deep(_ logs: LogFolder) -> (status: Int32, detail: String) {
    let outcome = logs.run(["verify", "--deep", "--format", "csv"])
    return (
      outcome.status,
      String(
        outcome.output.split(whereSeparator: \.isNewline).last?.dropFirst("files,".count) ?? "")
    )
  }

  @Test func `says what was compared`() {
    let logs = makeStore()
    logs.append("other.log", 10)
    logs.shell("gzip -k app.log; mv app.log.gz archive.log.gz; rm app.log")
    logs.ingest()
    logs.shell("rm other.log")
    let (status, detail) = deep(logs)
    #expect(status == 0)
    #expect(
      detail
        == "true,\"1 file, 11600 bytes; not compared: 1 file, 580 bytes, gone, rewritten or unreadable\""
    )
  }

  @Test(arguments: [
    ("holes", "head -c 9000 /dev/zero >> app.log"),
    ("a hole in a record", "printf '\\n    at' >> app.log; head -c 9000 /dev/zero >> app.log"),
    ("lines cut", "head -c 2000000 /dev/zero | tr '\\0' x >> app.log; echo >> app.log"),
    ("bytes that are no text", "printf 'a\\0b\\377\\376\\n' >> app.log"),
    ("line ends of two bytes", "sed -i 's/$/\\r/' app.log"),
    ("a byte order mark", "sed -i '1s/^/\\xEF\\xBB\\xBF/' app.log"),
    ("UTF-16", "iconv -t utf-16 app.log > app; mv app app.log"),
    (
      "several members",
      "gzip app.log; cat app.log.gz app.log.gz > app; rm app.log.gz; mv app app.log"
    ),
    ("an open record", "printf 'half of a ch\\303' >> app.log"),
  ])
  func `knows what is changed when it is stored`(_ name: String, _ script: String) {
    let logs = LogFolder()
    logs.append("app.log", 100)
    logs.shell(script)
    logs.ingest()
    #expect(deep(logs).status == 0, "\(name): \(deep(logs).detail)")
    logs.shell(
      "case $(head -c 2 app.log | od -An -tx1) in ' 1f 8b') ;; *) echo more >> app.log; esac")
    #expect(deep(logs).status == 0, "\(name), grown: \(deep(logs).detail)")
    logs.append("next.log", 3)
    logs.ingest()
    #expect(deep(logs).status == 0, "\(name), read on: \(deep(logs).detail)")
  }

  @Test func `knows records whose lines interleave, and finds what is changed in them`() {
    let logs = LogFolder()
    let padding = (0..<30).map { "out F line \($0) of many" }
    let group = ["out P a1 ", "err F e1", "out P a2 ", "err P f1 ", "out F a3", "err F f2"]
    let lines = (padding + group + padding).enumerated().map { place, text in
      "\(LogFolder.time(place)) std\(text)\n"
    }
    logs.appendText("app.log", lines.joined())
    logs.shell("touch -d '-1 hour' app.log")
    logs.ingest("--as", "cri", logs.path)
    #expect(deep(logs).status == 0, "\(deep(logs).detail)")
    let id = logs.value("SELECT id FROM log WHERE message LIKE '%f1%'")
    let start = lines[..<33].joined().utf8.count
    let changed = start + lines[33].utf8.count - 3
    logs.shell("printf X | dd of=app.log bs=1 seek=\(changed) conv=notrunc status=none")
    let (status, detail) = deep(logs)
    #expect(status == 1)
    #expect(detail.hasSuffix("line \(id) differs from what stands at byte \(start)"), "\(detail)")
  }

  @Test func `finds a stored line that was changed, with its checksum`() throws {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.shell("touch -d '-1 hour' app.log")
    logs.ingest()
    try edit(logs, "replace(CAST(data AS TEXT), 'id=1002', 'id=1004')")
    #expect(logs.run(["verify"]).status == 0)
    let id = logs.value("SELECT id FROM log WHERE message LIKE '%id=1004%'")
    let (status, detail) = deep(logs)
    #expect(status == 1)
    #expect(
      detail
        == "false,file 1 (\(logs.file("app.log"))): line \(id) differs from what stands at byte 58")
  }

  @Test func `finds a line that is missing from the middle, with all counts`() throws {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.shell("touch -d '-1 hour' app.log")
    logs.ingest()
    try edit(
      logs,
      """
      json_replace(json_remove(CAST(data AS TEXT), '$[0][1]', '$[1][1]', '$[2].1[0][1]'),
        '$[1][1]', (CAST(data AS TEXT)->>'$[1][1]') + (CAST(data AS TEXT)->>'$[1][2]'))
      """)
    let db = try Connection(path: logs.logbook.database, mode: .readWrite)
    try db.execute(
      """
      UPDATE chunk SET count = 2;
      UPDATE template_use SET counts = replace(counts, ',3]', ',2]');
      UPDATE pattern SET count = 2;
      UPDATE skeleton_minute SET lines = replace(lines, ':3', ':2');
      UPDATE skeleton_hour SET count = 2, m15 = 2;
      UPDATE skeleton_source SET count = 2;
      UPDATE line_count SET count = 2;
      UPDATE source SET next_line = 3;
      UPDATE file SET lines = 2, bytes_stored = 116, bytes_skipped = 58;
      INSERT INTO extent SELECT first_id + 1, 1, file, 116, 58 FROM extent;
      UPDATE extent SET count = 1, bytes = 58 WHERE offset = 0;
      """)
    #expect(logs.run(["verify"]).status == 0, "\(logs.run(["verify"]).output)")
    let first = logs.value("SELECT min(id) FROM log")
    let (status, detail) = deep(logs)
    #expect(status == 1)
    #expect(
      detail
        == "false,\"file 1 (\(logs.file("app.log"))): has a line at byte 58, behind line \(first), that is not stored\""
    )
  }

  @Test func `finds a file that was changed in place, with its time put back`() {
    let logs = makeStore()
    logs.shell(
      """
      touch -r app.log ../time
      printf X | dd of=app.log bs=1 seek=5830 conv=notrunc status=none
      touch -r ../time app.log
      """)
    let id = logs.rows("SELECT id FROM log ORDER BY id")[100]
    let (status, detail) = deep(logs)
    #expect(status == 1)
    #expect(
      detail
        == "false,file 1 (\(logs.file("app.log"))): line \(id) differs from what stands at byte 5800"
    )
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `a file that was rewritten is not compared`() {
    let logs = makeStore()
    logs.shell("sed 's/done/DONE/' app.log > new; cat new > app.log; rm new")
    let (status, detail) = deep(logs)
    #expect(status == 0)
    #expect(
      detail
        == "true,\"0 files, 0 bytes; not compared: 1 file, 11600 bytes, gone, rewritten or unreadable\""
    )
  }

  /// Replaces the columns of the only chunk, with a size and a checksum that fit them.
  private func edit(_ logs: LogFolder, _ expression: String) throws {
    let db = try Connection(path: logs.logbook.database, mode: .readWrite)
    var data: [UInt8] = []
    do {
      var row = try db.prepare("SELECT CAST(\(expression) AS BLOB) FROM chunk")
      try #require(try row.step())
      let bytes = row.bytes(0)
      data = bytes.indices.map { bytes[$0] }
    }
    try db.run(
      "UPDATE chunk SET data = ?, size = ?, crc32 = ?", data, data.count, Int(crc32(data.span)))
  }
}
