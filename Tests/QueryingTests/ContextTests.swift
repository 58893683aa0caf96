import LogModel
import Querying
import TestSupport
import Testing

struct ContextCase: Sendable, CustomTestStringConvertible {
  var hits: [Int64]
  var before: Int
  var after: Int
  var limit: Int?
  var testDescription: String {
    "\(hits) -B \(before) -A \(after) \(limit.map { "-n \($0)" } ?? "")"
  }
}

private let lines: Int64 = 12

/// Two sources of twelve lines; in the first, later lines are older.
private func rows(hits: [Int64]) -> [LogRow] {
  (1...2).flatMap { source in
    (1...lines).map { line in
      LogRow(
        id: Int64(source) << 36 | line, time: source == 1 ? 50 - line : 20 + 3 * line, level: nil,
        source: "s\(source)", pattern: 1,
        message: hits.contains(Int64(source) * 100 + line) ? "hit" : "other", attributes: nil,
        fields: [:])
    }
  }
}

@Test(arguments: [
  ContextCase(hits: [], before: 1, after: 1),
  ContextCase(hits: [105], before: 0, after: 0),
  ContextCase(hits: [105], before: 2, after: 1),
  ContextCase(hits: [101, 112, 201, 212], before: 3, after: 3),
  ContextCase(hits: [103, 106, 110], before: 1, after: 1),
  ContextCase(hits: [103, 105, 107], before: 1, after: 0),
  ContextCase(hits: [103, 104, 108], before: 0, after: 20),
  ContextCase(hits: [108, 203, 211], before: 20, after: 0),
  ContextCase(hits: [101, 105, 109, 204, 206], before: 1, after: 1, limit: 2),
])
func `matches come with their neighbours in the same source`(_ example: ContextCase) throws {
  var query = try SearchQuery.parse("hit")
  query.limit = example.limit
  let rows = rows(hits: example.hits)
  let script =
    createLog(rows)
    + "SELECT block, hit, id FROM (\(query.contextSQL(before: example.before, after: example.after)));\n"
  let script2 = script + "SELECT '--';\n"
  #expect(Array(shell(script2).dropLast()) == expected(example, rows))
}

/// Marks lines around each hit, then cuts the marked lines of a source into runs.
private func expected(_ example: ContextCase, _ rows: [LogRow]) -> [String] {
  let hits = rows.filter { $0.message == "hit" }.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
    .prefix(example.limit ?? .max)
  var blocks: [[LogRow]] = []
  var last: Int64 = -1
  for row in rows {
    let near = hits.contains { hit in
      hit.source == row.source && row.id >= hit.id - Int64(example.before)
        && row.id <= hit.id + Int64(example.after)
    }
    guard near else { continue }
    if row.id == last + 1 { blocks[blocks.count - 1].append(row) } else { blocks.append([row]) }
    last = row.id
  }
  let newest = { (block: [LogRow]) in
    block.filter { row in hits.contains { $0.id == row.id } }.map(\.time).max() ?? .min
  }
  return blocks.enumerated()
    .sorted { (newest($0.element), $0.offset) > (newest($1.element), $1.offset) }
    .flatMap { number, block in
      block.map { row in
        "\(number + 1)|\(hits.contains { $0.id == row.id } ? 1 : 0)|\(row.id)"
      }
    }
}
