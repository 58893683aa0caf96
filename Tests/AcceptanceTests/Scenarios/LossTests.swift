import TestSupport
import Testing

/// What is not stored as it stood in a file is told: in the summary, in `status`, in `runs`.
@Suite struct `Loss is reported` {
  struct Loss: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Steps, with a run after each.
    var scripts: [String]
    /// What all runs together say, by key; every other one is 0.
    var expected: [String: Int]
    var status: Int32 = 0
    /// What the last run's sentence ends in.
    var words: String
  }

  private static let keys = [
    "rejects", "lost_bytes", "hole_bytes", "cut_bytes", "sanitized", "damaged",
  ]
  private static let time = "2026-03-02T10:00:00Z INFO"

  static let losses = [
    Loss(
      testDescription: "a hole",
      scripts: ["head -c 9000 /dev/zero >> app.log; echo '\(time) x' >> app.log"],
      expected: ["hole_bytes": 9000], words: ", 9.0 kB of holes in "),
    Loss(
      testDescription: "a line too long",
      scripts: ["head -c 2000000 /dev/zero | tr '\\0' x >> app.log; echo >> app.log"],
      expected: ["rejects": 1, "cut_bytes": 2_000_000 - 1 << 20],
      words: ", 1 reject, 951 kB cut off in "),
    Loss(
      testDescription: "a line too long, in three runs, with a hole",
      scripts: [
        "head -c 2000000 /dev/zero | tr '\\0' x >> app.log", "printf xxx >> app.log",
        "echo x >> app.log; head -c 9000 /dev/zero >> app.log; echo '\(time) x' >> app.log",
      ],
      expected: ["rejects": 1, "cut_bytes": 2_000_005 - 1 << 20, "hole_bytes": 9000],
      words: ", 5 B cut off, 9.0 kB of holes in "),
    Loss(
      testDescription: "bytes that are no text, in a line that is written in two runs",
      scripts: [
        "printf '\(time) a\\0b\\n\(time) \\377' >> app.log", "printf 'x\\n\(time) x\\n' >> app.log",
      ],
      expected: ["sanitized": 2], words: ""),
    Loss(
      testDescription: "half a character of UTF-16",
      scripts: [
        """
        { printf '\\377\\376'; printf '\(time) a' | iconv -t utf-16le; printf '\\000\\330\\n\\000'; \
        printf '\(time) b\\n' | iconv -t utf-16le; } > wide.log
        """
      ],
      expected: ["sanitized": 1], words: ", 1 sanitized in "),
    Loss(
      testDescription: "an archive cut off",
      scripts: ["seq -f '\(time) %g' 9999 | gzip | head -c 9000 > old.log.gz"],
      expected: ["damaged": 1], status: 65, words: ", 1 damaged in "),
    Loss(
      testDescription: "an archive with a damaged byte",
      scripts: [
        """
        seq -f '\(time) %g' 9999 | gzip > old.log.gz
        head -c 64 /dev/zero | dd of=old.log.gz bs=1 seek=6000 conv=notrunc status=none
        """
      ],
      expected: ["damaged": 1], status: 65, words: ", 1 damaged in "),
    Loss(
      testDescription: "an archive whose second member is none",
      scripts: [
        "echo '\(time) x' | gzip > old.log.gz; echo '\(time) y' | gzip | tail -c +2 >> old.log.gz"
      ],
      expected: ["damaged": 1], status: 65, words: ", 1 damaged in "),
  ]

  @Test(arguments: losses) func `by all who speak of runs and sources`(_ loss: Loss) {
    let logs = LogFolder()
    logs.append("app.log", 30)
    logs.shell("touch -d '-1 hour' app.log")
    logs.ingest()
    var said: [String: Int] = [:]
    for script in loss.scripts {
      logs.shell(script)
      let copy = logs.run(["ingest", "--dry-run", logs.path])
      if script == loss.scripts.last {
        #expect(copy.output.contains(loss.words), "\(copy.output)")
      }
      let outcome = logs.run(["ingest", "--format", "json", logs.path])
      #expect(outcome.status == loss.status, "\(outcome.errorOutput)")
      #expect(outcome.errorOutput.isEmpty == (loss.status == 0))
      for (key, value) in Self.numbers(outcome) { said[key, default: 0] += value }
    }
    var expected = Dictionary(uniqueKeysWithValues: Self.keys.map { ($0, 0) })
    expected.merge(loss.expected) { $1 }
    #expect(said == expected)
    for key in Self.keys {
      #expect(logs.value("SELECT sum(\(key)) FROM runs") == String(expected[key] ?? 0), "\(key)")
    }
    let hasError = loss.status != 0
    #expect((logs.value("SELECT count(*) FROM runs WHERE error IS NOT NULL") != "0") == hasError)
    let status = logs.run(["status", "--format", "json"])
    let total = Command.run(
      "jq",
      ["-c", "{" + Self.keys.map { "\($0): (map(.\($0)) | add)" }.joined(separator: ",") + "}"],
      input: status.outputBytes)
    #expect(Self.numbers(total) == expected, "\(status.output)")
    logs.expectVerified()
  }

  private static func numbers(_ outcome: Command.Outcome) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for key in keys {
      let value = Command.run("jq", [".\(key)"], input: outcome.outputBytes).output
      numbers[key] = Int(value.filter { !$0.isNewline })
    }
    return numbers
  }
}
