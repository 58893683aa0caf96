import Querying
import TestSupport
import Testing

/// Queries at the parser's limits, which must stay inside those of SQLite: a parser stack of 100
/// and expressions 1000 deep.
private let extremes = [
  String(repeating: "a ", count: 400),
  String(repeating: "-a OR ", count: 199) + "a",
  String(repeating: "f.g:v ", count: 400),
  String(repeating: "f.g>5 OR ", count: 399) + "a",
  String(repeating: "-(a ", count: 6) + String(repeating: ")", count: 6),
  String(repeating: "a (b OR ", count: 12) + "c" + String(repeating: ")", count: 12),
  String(repeating: "x -f.g:", count: 1) + String(repeating: "y", count: 9000),
  String(repeating: "a OR b -(c OR ", count: 6) + "f.g>5" + String(repeating: ")", count: 6),
  String(repeating: "a (b OR ", count: 12) + "f.g:5* f.g>5" + String(repeating: ")", count: 12),
  String(repeating: "NOT ", count: 12) + "a",
  String(repeating: "a OR (b ", count: 12) + "f.g>5" + String(repeating: ")", count: 12),
]

@Test(arguments: extremes)
func `SQLite takes every query that the parser takes`(_ text: String) throws {
  for ignoresCase in [false, true] {
    var query = try SearchQuery.parse(text)
    query.ignoresCase = ignoresCase
    #expect(shell(createLog([]) + query.countSQL + ";\n") == ["0"])
  }
}
