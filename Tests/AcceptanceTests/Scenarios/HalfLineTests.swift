import TestSupport
import Testing

@Suite struct `Half of the first line` {
  private static let logs: [(format: String, text: String)] = [
    (
      "cri",
      """
      2026-03-02T10:00:00.000000006Z stdout P {"time":"2026-03-02T10:00:00Z","model":"gpt-4o","usa
      2026-03-02T10:00:00.000000007Z stdout F ge":{"prompt_tokens":10,"completion_tokens":5}}

      """
    ),
    (
      "json",
      """
      {"time":"2026-03-02T10:00:00Z","model":"gpt-4o","usage":{"prompt_tokens":10,"completion_tokens":5}}
      {"time":"2026-03-02T10:00:01Z","level":"info","msg":"x"}

      """
    ),
    (
      "logfmt",
      "time=2026-03-02T10:00:00Z level=info msg=started\ntime=2026-03-02T10:00:01Z level=warn msg=x\n"
    ),
  ]

  @Test(arguments: logs)
  func `says nothing for good of the format of a log, wherever a run cuts it`(
    _ log: (format: String, text: String)
  ) {
    func read(_ pieces: [Substring]) -> [String] {
      let logs = LogFolder()
      for piece in pieces {
        logs.appendText("app.log", String(piece))
        logs.ingest()
      }
      #expect(logs.run(["verify", "--deep"]).status == 0)
      return logs.rows("SELECT format FROM source")
        + logs.rows("SELECT coalesce(level, '-') || ' ' || message FROM log ORDER BY id")
        + logs.rows("SELECT total_tokens || ' ' || log_id FROM turns")
    }
    let whole = read([log.text[...]])
    #expect(whole.first == log.format)
    for cut in stride(
      from: 2, to: log.text.firstIndex(of: "\n").map { log.text[..<$0].count } ?? 0, by: 5)
    {
      #expect(read([log.text.prefix(cut), log.text.dropFirst(cut)]) == whole, "cut at \(cut)")
    }
  }
}
