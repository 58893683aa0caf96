import SQLite

/// Which of equal records in several files are the event, and which its copies.
///
/// Records are equal that have one key. Equal records of one file are different events; among files the
/// n-th of the one is the n-th of the other. Of these the line with the lowest id is the event.
package struct ErrorCopies {
  /// What equal records have in common, of a line that is stored; nil where its time is not fine enough
  /// for that.
  typealias Key = (Int64, borrowing Connection) throws(SQLiteError) -> Int64?

  /// A record that may have equals.
  package struct Record: Sendable {
    package var line: Int64
    package var file: Int64
    package var key: Int64

    package init(line: Int64, file: Int64, key: Int64) {
      self.line = line
      self.file = file
      self.key = key
    }
  }

  package init() {}

  private struct Place: Hashable {
    var key: Int64
    var file: Int64
  }

  private struct Event: Hashable {
    var key: Int64
    var nth: Int64
  }

  /// How many equal records each file has so far.
  private var counts: [Place: Int64] = [:]
  private var lines: [Event: Int64] = [:]

  /// What is new with a record: it is a copy, or the event, of which the line returned was thought so far.
  package enum Placement: Sendable, Equatable {
    case copy
    case event(insteadOf: Int64?)
  }

  /// The records of a file come in their order.
  package mutating func place(_ record: Record) -> Placement {
    let nth = counts[Place(key: record.key, file: record.file), default: 0]
    counts[Place(key: record.key, file: record.file)] = nth + 1
    let event = Event(key: record.key, nth: nth)
    let known = lines[event]
    if let known, known < record.line { return .copy }
    lines[event] = record.line
    return .event(insteadOf: known)
  }

  /// What an event says, and when.
  struct Saying: Hashable {
    var time: Int64
    var variant: Int64
  }

  /// Places the stored events of these times, and returns those whose `isCopy` is not so.
  ///
  /// Of a line that is gone the key is that in `keys` of a record which says the same; without one it stays what it is.
  mutating func placeStored(
    at times: Set<Int64>, _ chunks: borrowing ErrorChunkTable, _ key: Key,
    _ keys: [Saying: Int64] = [:], in db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: Bool] {
    guard let first = times.min(), let last = times.max() else { return [:] }
    var found: [ErrorEvent] = []
    try chunks.read(.init(lines: 0 ... .max, times: first...last), in: db) { _, events in
      found += events.lazy.filter { times.contains($0.time) }
    }
    var changed: [Int64: Bool] = [:]
    for event in found {
      let saying = Saying(time: event.time, variant: event.variant)
      guard let key = try key(event.logID, db) ?? keys[saying],
        let file = try ExtentTable().file(ofLine: event.logID, in: db)
      else { continue }
      let isCopy = place(Record(line: event.logID, file: file, key: key)) == .copy
      if isCopy != event.isCopy { changed[event.logID] = isCopy }
    }
    return changed
  }
}
