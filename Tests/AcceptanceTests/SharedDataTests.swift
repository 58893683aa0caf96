import Glibc
import TestSupport
import Testing

/// What the real logs of the shared test data must come back as; skipped where they are absent.
@Suite(.enabled(if: Repository.data != nil, "the shared test data is absent"))
struct SharedDataTests {
  static let files: [String] = {
    guard let data = Repository.data else { return [] }
    let found = Command.run(
      "/bin/sh",
      ["-c", "find access/apache_logs formats loghub/*/*_2k.log higress 1688sync -type f"],
      directory: data)
    return found.output.split(separator: "\n").map(String.init).sorted()
  }()

  /// Line ends are not part of a message, and the shell ends its last row with one.
  private static func normalized(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A { continue }
      result.append(byte)
    }
    if result.last != 0x0A { result.append(0x0A) }
    return result
  }

  @Test(arguments: files) func `the stock shell gives a file back byte for byte`(
    _ name: String
  ) throws {
    let data = try #require(Repository.data)
    let logbook = Logbook()
    let ingest = logbook.run("ingest", data + "/" + name)
    #expect(ingest.status == 0, "\(ingest.errorOutput)")
    let input = Command.run("/bin/cat", [data + "/" + name]).outputBytes
    let shell = Command.run(
      "sqlite3", [logbook.database, "SELECT message FROM log ORDER BY id"])
    let isSame = Self.normalized(shell.outputBytes) == Self.normalized(input)
    #expect(isSame, "\(name) differs")
    let both = """
      SELECT id, time, time_us, level, source, pattern_id, hex(message), chunk FROM log ORDER BY id
      """
    let view = Command.run("sqlite3", ["-csv", "-header", logbook.database, both])
    let table = logbook.run("sql", both, "--format", "csv")
    #expect(view.output.replacing("\r\n", with: "\n") == table.output)
    #expect(logbook.run("verify").status == 0)
  }

  @Test func `the gateway's rotation counts 10, 15 and 18 lines over two renames`() throws {
    let data = try #require(Repository.data) + "/higress/rotation_test/"
    let logbook = Logbook()
    let log = logbook.scratch.file("access.log")
    var totals: [String] = []
    for (index, generation) in ["access.log.2", "access.log.1", "access.log"].enumerated() {
      for number in stride(from: index, to: 0, by: -1) {
        let from = number == 1 ? log : "\(log).\(number - 1)"
        let renamed = unsafe rename(from, "\(log).\(number)")
        #expect(renamed == 0)
      }
      #expect(Command.run("/bin/cp", [data + generation, log]).status == 0)
      #expect(logbook.run("ingest", log + "*").status == 0)
      totals.append(logbook.run("search", "--count").output)
    }
    #expect(totals == ["10\n", "15\n", "18\n"])
    let before = Command.run("sha256sum", [logbook.database]).output
    let fourth = logbook.run("ingest", log + "*", "--format", "json")
    #expect(fourth.output.hasPrefix(#"{"run":0,"files":0,"lines":0,"bytes":0,"records":0,"#))
    #expect(Command.run("sha256sum", [logbook.database]).output == before)
    #expect(logbook.run("verify").status == 0)
  }
}
