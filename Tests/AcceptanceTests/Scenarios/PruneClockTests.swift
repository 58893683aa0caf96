import TestSupport
import Testing

/// A line of a clock that was wrong keeps itself and what counts it, and nothing else.
@Suite struct `Pruning where clocks were wrong` {
  /// One line a minute, but for the times that some have.
  private static func logs(_ count: Int, strange: [Int: String]) -> LogFolder {
    let logs = LogFolder()
    logs.append(
      "app.log",
      records: (0..<count).map { number in
        let time = strange[number] ?? LogFolder.time(number * 60)
        let level = number % 50 == 7 ? "ERROR" : "INFO"
        return "\(time) \(level) job \(number) of kind-\(number % 13) done in \(number * 7919) ms"
      })
    logs.shell("touch -d '1 hour ago' app.log")
    logs.ingest()
    return logs
  }

  /// What was removed, by columns.
  private static func prune(
    _ logs: LogFolder, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) -> [String: Int] {
    let outcome = logs.run(["prune", "--format", "csv"] + arguments)
    #expect(
      outcome.status == 0, "\(arguments): \(outcome.errorOutput)", sourceLocation: sourceLocation)
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: ",") }
    guard lines.count == 2 else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: zip(lines[0], lines[1]).map { (String($0), Int($1) ?? -1) })
  }

  @Test(arguments: [
    // In the newest chunk, long ago; in an old one, that it keeps.
    [12_000: "1970-01-02T00:00:00Z"], [100: "2099-01-01T00:00:00Z"],
    [12_000: "1970-01-02T00:00:00Z", 12_100: "1999-01-02T00:00:00Z", 100: "2099-01-01T00:00:00Z"],
  ])
  func `counts go that none of the stored lines are of`(_ strange: [Int: String]) {
    let logs = Self.logs(12_400, strange: strange)
    let time = LogFolder.time(12_250 * 60)
    let limits = ["--older-than", time, "--rollups-older-than", time]
    let said = logs.run(["prune", "--format", "json"] + limits + ["--dry-run"])
    let done = Self.prune(logs, limits)
    #expect(said.output.contains("\"counts\":\(done["counts"] ?? -1),"), "\(said) \(done)")
    // Each hour that is counted yet has stored lines.
    let counted = logs.value("SELECT count(DISTINCT hour) AS n FROM skeleton_hour")
    let stored = logs.value("SELECT count(DISTINCT time_us / 3600000000) AS n FROM log")
    #expect(counted == stored)
    #expect((done["counts"] ?? 0) >= 4000, "\(done)")
    logs.expectVerified()
    #expect(logs.ingest().output == "nothing new\n")
  }

  @Test(arguments: [[], ["--keep-errors"]])
  func `a size is reached all the same`(_ options: [String]) {
    let logs = Self.logs(12_400, strange: [12_395: "1970-01-02T00:00:00Z"])
    let arguments = ["prune", "--max-size", "600kB", "--format", "csv"] + options
    let outcome = logs.run(arguments)
    #expect(outcome.status == 0, "\(outcome.errorOutput)")
    #expect(logs.shell("test $(stat -c %s ../logbook.db) -le 600000").status == 0)
    logs.expectVerified()
  }

  @Test func `counts alone may be what a size asks for`() {
    let logs = Self.logs(12_400, strange: [:])
    _ = Self.prune(logs, ["--older-than", "2027-01-01"])
    let done = Self.prune(logs, ["--max-size", "600kB"])
    #expect(done["lines"] == 0 && done["counts"] ?? 0 > 0, "\(done)")
    logs.expectVerified()
  }
}
