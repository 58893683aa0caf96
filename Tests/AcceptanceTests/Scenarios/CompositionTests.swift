import TestSupport
import Testing

/// `é` as one scalar, and as `e` with an accent behind it: equal as `String`s, two texts in logs.
@Suite struct `Texts that differ by their composition only` {
  private static let (one, other) = ("caf\u{e9}", "cafe\u{301}")

  @Test func `are two labels, for Prometheus too, and two expressions`() {
    let logs = LogFolder()
    logs.logbook.scratch.write(
      "logbook.yaml",
      """
      metrics:
        - {name: by_user, pattern: 'user=', labels: {user: 'user=(\\S+)'}}
        - {name: ones, pattern: 'user=(?:\(Self.one))'}
        - {name: others, pattern: 'user=(?:\(Self.other))'}

      """)
    logs.appendText(
      "app.log",
      [Self.one, Self.other, Self.other].enumerated().map {
        "2026-03-02T10:00:0\($0)Z INFO user=\($1) came\n"
      }.joined())
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    let shown = logs.run(["metrics", "list", "--format", "prom"])
    #expect(shown.errorOutput == "")
    #expect(
      shown.output.split(separator: "\n").filter { $0.hasPrefix("by_user_total") }
        .map { bytes(String($0)) }.sorted { $0.lexicographicallyPrecedes($1) }
        == [
          bytes("by_user_total{user=\"\(Self.other)\"} 2"),
          bytes("by_user_total{user=\"\(Self.one)\"} 1"),
        ])
    #expect(
      logs.rows(
        "SELECT metric || ' ' || sum(value) FROM samples WHERE metric <> 'by_user' GROUP BY metric")
        == ["ones 1", "others 2"])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `are two files, of a source each`() {
    let logs = LogFolder()
    for name in [Self.one, Self.other] {
      logs.appendText("\(name).log", "2026-03-02T10:00:00Z INFO in \(name)\n")
    }
    logs.ingest()
    #expect(logs.rows("SELECT count(*) FROM source") == ["2"])
    #expect(logs.run(["verify"]).status == 0)
  }

  @Test func `are two sources of the configuration, two rules, and another help`() {
    let logs = LogFolder()
    func configure(help: String) {
      logs.logbook.scratch.write(
        "logbook.yaml",
        """
        sources:
          - {name: \(Self.one), path: logs/one.log, redact: [secret]}
          - {name: \(Self.other), path: logs/other.log}
        metrics:
          - {name: users, pattern: 'user=(?:\(Self.one))', help: '\(help)'}
          - {name: users, pattern: 'user=(?:\(Self.other))', help: '\(help)'}

        """)
    }
    configure(help: Self.one)
    logs.appendText("one.log", "2026-03-02T10:00:00Z INFO secret user=\(Self.one)\n")
    logs.appendText("other.log", "2026-03-02T10:00:00Z INFO secret user=\(Self.other)\n")
    logs.shell("touch -d '1 hour ago' *")
    let added = logs.run(["ingest"]).output
    #expect(added.hasPrefix("metrics: added users, users; 0 untouched\n"))
    let sources = "SELECT count(DISTINCT source) || ' ' || sum(message LIKE '%secret%') FROM log"
    #expect(logs.rows(sources) == ["2 1"])
    #expect(
      logs.rows("SELECT sum(count) FROM sample WHERE series IN (SELECT id FROM series)") == ["2"])
    configure(help: Self.other)
    let changed = logs.run(["ingest"]).output
    #expect(changed.hasPrefix("metrics: changed users, users; 0 untouched\n"))
    #expect(
      logs.rows("SELECT DISTINCT hex(help) FROM metric_rule WHERE id > 0") == ["63616665CC81"])
  }
}
