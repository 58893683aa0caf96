import TestSupport
import Testing

/// A comparison of a field is looked at twice: first at a glance, on all cores, then by SQL, which has the last word.
@Suite struct `Comparisons of fields` {
  /// What a field may be, as JSON and as text of logfmt.
  private static let values = [
    "0", "1", "-1", "499", "500", "500.0", "500.5", "5e2", "1e400", "-0.0", "9007199254740993",
    "9223372036854775807", "true", "null", #""500""#, #""499.9""#, #"" 500""#, #""500 ""#,
    #""+500""#,
    #"".5""#, #""5.""#, #""0x1F5""#, #""Infinity""#, #""nan""#, #""12ms""#, #""""#, #""5e2""#,
    #""9007199254740993""#, "[500]", #"{"w":500}"#, #"{"w":"500"}"#, #""[500]""#, #""-""#,
    #""٥٠٠""#,
  ]
  private static let queries = [
    "v>=500", "v>500", "v<500", "v<=500", "v>9007199254740992", "v<0.5", "v>=1e300", "v.w>=500",
    "a.b>1",
    "status>=500", "status<300 -bytes>100", "v>=500 500", "(v>=500 OR v<0)", "-v>=500",
  ]

  private static func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
    values[Int.random(in: values.indices, using: &random)]
  }

  private static func store(_ random: inout SeededRandom) -> LogFolder {
    let logs = LogFolder()
    func time(_ number: Int) -> String { LogFolder.time(number / 4) }
    logs.append(
      "json.log",
      records: (0..<70_000).map { number in
        let value = pick(values, &random)
        let more =
          Int.random(in: 0..<3, using: &random) == 0
          ? #","a.b":\#(number % 3),"a":{"b":\#(number % 4)}"# : ""
        return
          #"{"time":"\#(time(number))","level":"info","msg":"n\#(number)","v":\#(value)\#(more)}"#
      })
    logs.append(
      "logfmt.log",
      records: (0..<2000).map { number in
        "time=\(time(number)) level=info msg=n\(number) v=\(pick(values, &random))"
      })
    logs.append(
      "access.log",
      records: (0..<2000).map { number in
        #"10.0.0.1 - - [01/Jan/2026:01:00:10 +0000] "GET /a?v=500 HTTP/1.1" \#(pick([200, 404, 500, 503], &random)) \#(Int.random(in: 0..<300, using: &random)) "-" "agent""#
      })
    logs.append("plain.log", records: (0..<200).map { "\(time($0)) INFO v>=500 status 500" })
    logs.shell("touch -d '1 hour ago' *")
    logs.ingest()
    return logs
  }

  @Test(arguments: [11, 12] as [UInt64])
  func `find the same lines with a glance first and without`(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let logs = Self.store(&random)
    for query in Self.queries {
      let sql = logs.run(["search", query, "--show-sql"]).output
      let exact = sql.replacing(#/attributes MATCH '[^']*' AND /#, with: "")
      #expect(sql.contains("MATCH") == !"(-".contains(query.prefix(1)), "\(sql)")
      let (found, expected) = (
        logs.run(["sql", sql, "--format", "csv"]), logs.run(["sql", exact, "--format", "csv"])
      )
      #expect(found.status == 0 && expected.status == 0, "\(query): \(found.errorOutput)")
      #expect(found.output == expected.output, "\(query)")
      #expect(found.output.split(separator: "\n").count > 1, "\(query)")
    }
  }

  @Test func `MATCH says of a text that is no comparison`() {
    let logs = LogFolder()
    logs.append("app.log", 3)
    logs.ingest()
    for text in ["status", "status=5", "status>=x", ">"] {
      let outcome = logs.run(["sql", "SELECT id FROM log WHERE attributes MATCH '\(text)'"])
      #expect(outcome.errorOutput.contains("no condition on a field: '\(text)'"), "\(outcome)")
      #expect(outcome.status != 0)
    }
  }
}
