import LineStore
import SQLite
import Storage
import TestSupport
import Testing

@testable import Verification

@Suite struct VerifierTests {
  let scratch = Scratch()
  var path: String { scratch.file("store.db") }

  func checks() throws -> [Check] {
    let store = try Store.openForReading(path: path)
    return try Verifier.run(store)
  }

  @Test func `a healthy store passes every check, and each says what it looked at`() throws {
    try StoreBuilder.makeStore(path)
    let checks = try checks()
    #expect(
      checks.map(\.name) == [
        "integrity", "chunks", "chunk_template", "chunk_word", "extents", "offsets", "lines",
        "patterns", "line_count", "templates", "turns", "errors", "metrics",
      ])
    for check in checks { #expect(check.isOK, "\(check.name): \(check.detail)") }
    #expect(
      checks.dropFirst().map(\.detail) == [
        "5 chunks, 661 lines", "13 counts", "1 filter", "5 extents", "4 files, 43281 bytes stored",
        "661 lines", "3 patterns of 3 skeletons, 660 lines", "660 lines", "3 templates",
        "0 turns", "66 events of 1 group", "0 samples",
      ])
  }

  @Test(arguments: Damage.all)
  func `what is damaged is found and named, and nothing else`(_ damage: Damage) throws {
    try StoreBuilder.makeStore(path)
    try damage.apply(path)
    var failed = try checks().filter { !$0.isOK }
    failed.removeAll {
      ["turns", "errors", "metrics"].contains($0.name) && $0.detail.hasPrefix("not c")
    }
    #expect(Set(failed.map(\.name)) == Set(damage.expected.keys), "\(failed)")
    for check in failed {
      #expect(check.detail.hasPrefix(damage.expected[check.name] ?? ""), "\(check)")
    }
  }

  @Test func `a store in which nothing is stored yet passes`() throws {
    var builder = try StoreBuilder(path: path)
    _ = builder.addSource("app.log")
    try builder.write()
    for check in try checks() { #expect(check.isOK, "\(check.name): \(check.detail)") }
  }

  @Test func `a row that was dropped keeps its id and its count`() throws {
    try StoreBuilder.makeStore(path)
    try Damage.columns(in: Damage.small, of: path) { columns in
      columns = try Damage.withoutFirstRow(columns)
    }
    do {
      let db = try Connection(path: path, mode: .readWrite)
      try db.run(
        "UPDATE template_use SET counts = json_set(counts, '$[1]', (counts->>1) - 1) WHERE chunk = ?",
        Damage.small)
      try db.run("INSERT INTO thinned(chunk, lines) VALUES(?, 1)", Damage.small)
      try db.run(
        "INSERT INTO retention(source, lines) SELECT source, 1 FROM chunk WHERE first_id = ?",
        Damage.small)
    }
    for check in try checks() { #expect(check.isOK, "\(check.name): \(check.detail)") }
  }

  @Test func `of many faults a few are named and the others counted`() throws {
    try StoreBuilder.makeStore(path)
    do {
      let db = try Connection(path: path, mode: .readWrite)
      try db.execute("UPDATE chunk SET crc32 = crc32 + 1")
    }
    let chunks = try #require(try checks().first { $0.name == "chunks" })
    #expect(
      chunks.detail == """
        chunk 68719476737 (source app.log): crc32 differs; \
        chunk 68719477337 (source app.log): crc32 differs; \
        chunk 68719477357 (source app.log): crc32 differs; and 2 more
        """)
  }

  @Test func `progress counts the chunks to the last`() throws {
    try StoreBuilder.makeStore(path)
    let store = try Store.openForReading(path: path)
    var steps: [Int64] = []
    _ = try Verifier.run(store) { done, total in
      #expect(total == 5)
      steps.append(done)
    }
    #expect(steps == [1, 2, 3, 4, 5])
  }
}
