import LogModel
import SQLite
import Storage
import TestSupport
import Testing

@Suite struct SourceTableTests {
  private let scratch = Scratch()
  private let sources = SourceTable()

  @Test func `a source is found by its id, its name and its family`() throws {
    let store = try makeStore(scratch)
    let families: [Path?] = [
      Path("/log/größe.log"), Path(bytes: [0x2F, 0xFF]), nil, Path("/log/größe.log.gz"),
    ]
    for (index, family) in families.enumerated() {
      let id = try sources.nextID(in: store.db)
      let row = SourceRow(
        id: id, name: "shop \(index)", kind: "file", family: family,
        format: index == 0 ? "json" : nil, nextLine: 7)
      try store.write { db throws(SQLiteError) in try sources.insert(row, in: db) }
      #expect(try sources.row(id: id, in: store.db) == row)
      #expect(try sources.row(name: row.name, in: store.db) == row)
      if let family { #expect(try sources.row(family: family, in: store.db) == row) }
    }
    #expect(try sources.row(name: "Shop 0", in: store.db) == nil)
    #expect(try sources.row(family: Path("/log"), in: store.db) == nil)
    #expect(try store.db.integer("SELECT count(*) FROM source WHERE family IS NULL") == 3)
  }

  @Test func `a name belongs to one source`() throws {
    let store = try makeStore(scratch)
    let error = failure { () throws(StorageError) in
      try store.write { db throws(SQLiteError) in
        try sources.insert(
          SourceRow(id: 3, name: "source-1", kind: "file", family: nil), in: db)
      }
    }
    guard case .database? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `the next line is written only over the one that was read`() throws {
    let store = try makeStore(scratch)
    let outcomes = try store.write { db throws(SQLiteError) in
      [
        try sources.update(id: 1, format: "json", nextLine: 5, expected: 1, in: db),
        try sources.update(id: 1, format: "raw", nextLine: 9, expected: 1, in: db),
      ]
    }
    #expect(outcomes == [true, false])
    let row = try sources.row(id: 1, in: store.db)
    #expect(row?.nextLine == 5)
    #expect(row?.format == "json")
  }

  @Test func `a run is one row, however often it is written`() throws {
    let store = try makeStore(scratch)
    let runs = RunTable()
    var run = RunRow(id: try runs.nextID(in: store.db), started: 10, process: 42)
    try store.write { db throws(SQLiteError) in try runs.write(run, in: db) }
    #expect(try store.db.integer("SELECT count(*) FROM run WHERE ended_us IS NULL") == 1)
    run.ended = 20
    run.lines = 3
    run.lostBytes = 4
    try store.write { db throws(SQLiteError) in try runs.write(run, in: db) }
    #expect(
      try store.db.text(
        "SELECT ended_us || ' ' || lines || ' ' || lost_bytes || ' ' || pid FROM run")
        == "20 3 4 42")
    #expect(try runs.nextID(in: store.db) == run.id + 1)
  }

  @Test func `a reject names the place and shows the text`() throws {
    let store = try makeStore(scratch)
    var file = FileRow(source: 1, path: Path("/log/a"), device: 8, inode: 1, birth: nil)
    file.id = 1
    let generation = file
    try store.write { db throws(SQLiteError) in
      try FileTable().insert(generation, seen: 5, in: db)
      try RejectRow(file: 1, offset: 12, line: 99, reason: "too long", text: "aaa").insert(in: db)
    }
    #expect(
      try store.db.text(
        "SELECT source || ' ' || file || ' ' || offset || ' ' || log_id || ' ' || reason FROM rejects"
      )
        == "source-1 /log/a 12 99 too long")
  }
}
