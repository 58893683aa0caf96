import LogModel
import Querying
import Testing

private let minutes = """
  CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO source VALUES(1, 'web'), (2, 'db');
  CREATE TABLE line_count(minute, source, level, count,
    PRIMARY KEY(minute, source, level)) WITHOUT ROWID;
  INSERT INTO line_count VALUES
    (29499000, 1, 3, 3), (29499001, 1, 0, 2), (29499059, 2, 5, 4), (29499180, 2, 4, 5);

  """

struct VolumeCase: Sendable, CustomTestStringConvertible {
  var name: String
  var query: VolumeQuery
  var expected: [String]
  var testDescription: String { name }
}

private let hour = Interval(seconds: 3600)

private let volumeCases = [
  VolumeCase(
    name: "hours, the empty ones too", query: VolumeQuery(interval: hour),
    expected: [
      "2026-02-01T10:00:00.000000Z|9", "2026-02-01T11:00:00.000000Z|0",
      "2026-02-01T12:00:00.000000Z|0", "2026-02-01T13:00:00.000000Z|5",
    ]),
  VolumeCase(
    name: "hours per level, only those with a line",
    query: VolumeQuery(interval: hour, sources: ["db"], grouping: .level),
    expected: ["2026-02-01T10:00:00.000000Z|error|4", "2026-02-01T13:00:00.000000Z|warn|5"]),
  VolumeCase(
    name: "days per source",
    query: VolumeQuery(interval: Interval(seconds: 86_400), grouping: .source),
    expected: ["2026-02-01T00:00:00.000000Z|db|9", "2026-02-01T00:00:00.000000Z|web|5"]),
  VolumeCase(
    name: "three hours per level, none among them",
    query: VolumeQuery(interval: Interval(seconds: 10_800), sources: ["w*"], grouping: .level),
    expected: ["2026-02-01T09:00:00.000000Z||2", "2026-02-01T09:00:00.000000Z|info|3"]),
  VolumeCase(
    name: "at least a level",
    query: VolumeQuery(interval: Interval(seconds: 7200), minimumLevel: .warn),
    expected: ["2026-02-01T10:00:00.000000Z|4", "2026-02-01T12:00:00.000000Z|5"]),
  VolumeCase(
    name: "a range that begins and ends inside a minute",
    query: VolumeQuery(
      interval: hour, since: 1_769_940_090_000_000, until: 1_769_943_541_000_000),
    expected: ["2026-02-01T10:00:00.000000Z|6"]),
  VolumeCase(
    name: "nothing", query: VolumeQuery(interval: hour, sources: ["x"], grouping: .source),
    expected: []),
]

@Test(arguments: volumeCases)
func `volume counts lines by interval`(_ example: VolumeCase) {
  let answer = shell(minutes + example.query.sql + ";\nSELECT '--';\n")
  #expect(Array(answer.dropLast()) == example.expected)
}

@Test func `one stray year does not fill the table with empty intervals`() {
  let stray = "INSERT INTO line_count VALUES(-1035593280, 1, 3, 1);\n"
  let answer = shell(minutes + stray + VolumeQuery(interval: Interval(seconds: 60)).sql + ";\n")
  #expect(answer.count == 5)
  #expect(answer.first == "0001-01-01T00:00:00.000000Z|1")
}

@Test func `matches are counted by interval, before 1970 too`() throws {
  let times: [Int64] = [-1, -300_000_000, -300_000_001, 0, 299_999_999, 300_000_000]
  let rows = times.enumerated().map { index, time in
    LogRow(
      id: Int64(index) + 1, time: time, level: nil, source: "s", pattern: 1,
      message: index == 3 ? "other" : "hit", attributes: nil, fields: [:])
  }
  let query = try SearchQuery.parse("hit")
  #expect(
    shell(createLog(rows) + query.countSQL(by: Interval(seconds: 300)) + ";\n") == [
      "1969-12-31T23:50:00.000000Z|1", "1969-12-31T23:55:00.000000Z|2",
      "1970-01-01T00:00:00.000000Z|1", "1970-01-01T00:05:00.000000Z|1",
    ])
  #expect(shell(createLog(rows) + query.countSQL + ";\n") == ["5"])
}

@Test func `roll-ups count as the lines do`() throws {
  var query = SearchQuery()
  query.sources = ["web"]
  let hours = try #require(query.rollupCountSQL(by: hour))
  let total = try #require(query.rollupCountSQL())
  #expect(
    shell(minutes + hours + ";\n" + total + ";\n") == ["2026-02-01T10:00:00.000000Z|5", "5"])
}
