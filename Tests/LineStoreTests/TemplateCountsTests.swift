import SQLite
import Testing

@testable import LineStore

@Suite struct `Counts of templates` {
  private static let lists: [[(template: Int64, count: Int)]] = [
    [], [(1, 4096)], [(1, 3), (2, 1), (70_000, 12)], [(4_194_303, 1)],
  ]

  private func read(_ text: String) -> (counts: [[Int64]], isDamaged: Bool) {
    let bytes = Array(text.utf8)
    var counts = TemplateCounts()
    var read: [[Int64]] = []
    while counts.next(bytes.span) { read.append([counts.template, counts.count]) }
    return (read, counts.isDamaged)
  }

  @Test(arguments: lists.indices)
  func `are read as they were written`(_ index: Int) {
    let list = Self.lists[index]
    let (counts, isDamaged) = read(TemplateCounts.text(list))
    #expect(counts == list.map { [$0.template, Int64($0.count)] })
    #expect(!isDamaged)
  }

  @Test(arguments: [
    "", "[", "]", "[1", "[1,", "[1,2", "[1,2,", "[1,2,3]", "[1,2]]", "[,1]", "[1 ,2]", "{}",
    "[-1,2]",
    "[1,\"2\"]",
  ])
  func `of another form are damaged`(_ text: String) {
    #expect(read(text).isDamaged)
  }

  @Test(arguments: [
    ("", "1 7 2|4 7 1|4 9 30"), ("WHERE chunk = 9", "4 9 30"),
    ("WHERE template = 4", "4 7 1|4 9 30"),
    ("WHERE chunk BETWEEN 6 AND 8 AND count > 1", "1 7 2"),
  ])
  func `are shown one in a row by the view`(_ condition: String, _ expected: String) throws {
    let store = try TestStore()
    try store.db.execute(
      "INSERT INTO template_use VALUES (7, '[1,2,3,1]'), (8, '[]'), (9, '[4,30]')")
    var rows: [String] = []
    var row = try store.db.prepare(
      "SELECT template, chunk, count FROM chunk_template \(condition) ORDER BY chunk, template")
    while try row.step() { rows.append("\(row.integer(0)) \(row.integer(1)) \(row.integer(2))") }
    #expect(rows.joined(separator: "|") == expected)
  }
}
