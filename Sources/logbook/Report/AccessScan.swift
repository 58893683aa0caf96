import Formats
import LineStore
import LogModel
import Querying
import Reporting
import SQLite

/// Reads the lines of access logs and of gateways: all of a range on all cores, or those that a search finds.
enum AccessScan {
  /// The sources of JSON or logfmt at least half of whose records are requests, as some of their chunks show.
  static func recordSources(
    _ query: ReportQuery, _ db: borrowing Connection
  ) throws -> [Int64] {
    var readers: [Int64: (reader: RecordFieldReader, balance: Int)] = [:]
    var row = try db.prepare(query.recordSampleSQL)
    while try row.step() {
      let id = row.integer(0)
      let isLogfmt = row.text(1) == RequestFormat.logfmt.rawValue
      var known = readers.removeValue(forKey: id) ?? (RecordFieldReader(isLogfmt: isLogfmt), 0)
      known.balance += known.reader.fields(of: row.bytes(2)) == nil ? -1 : 1
      readers[id] = known
    }
    return readers.filter { $0.value.balance >= 0 }.keys.sorted()
  }

  static func tally(
    _ query: ReportQuery, _ axis: TimeAxis, _ db: borrowing Connection
  ) throws -> AccessTally {
    var tally = AccessTally(axis)
    for format in RequestFormat.allCases {
      let known = tally.total.hits
      try add(format, query, to: &tally, db)
      if tally.total.hits > known { tally.formats.insert(format) }
    }
    return tally
  }

  private static func add(
    _ format: RequestFormat, _ query: ReportQuery, to tally: inout AccessTally,
    _ db: borrowing Connection
  ) throws {
    var chunks: [Int64] = []
    var chunk = try db.prepare(query.requestChunksSQL(format))
    while try chunk.step() { chunks.append(chunk.integer(0)) }
    if chunks.isEmpty { return }
    guard query.expression == nil else {
      var row = try db.prepare(query.requestLinesSQL(format))
      while try row.step() { tally.add(row.bytes(1), time: row.integer(0), format) }
      return tally.settle()
    }
    let range = query.since..<query.until
    var parts = try LineFold.run(
      chunks, db, start: AccessTally(like: tally), while: { !Interruption.isRequested }
    ) { tally, line, time in
      if range.contains(time) { tally.add(line, time: time, format) }
    }
    if Interruption.isRequested {
      throw Failure("interrupted", status: .signal(Interruption.signal))
    }
    for index in parts.indices {
      parts[index].settle()
      tally.add(parts[index])
    }
  }
}
