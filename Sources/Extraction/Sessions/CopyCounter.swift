import LogModel

/// Keys for turns that nothing but their record's bytes identifies.
///
/// A record with a time that stands in two files is a copy; one that stands twice in one file is two
/// requests. So the key is the hash of the bytes and of how often they came before, in this file.
/// Records with equal bytes have equal times and stand close together: those of the latest seconds
/// are remembered.
struct CopyCounter: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    var hash: UInt64
    /// In seconds since 1970.
    var time: Int64
    var count: UInt64
  }

  /// As many are remembered in any case.
  static let fewest = 64
  /// More are not, even if they are of one second.
  static let most = 8192
  private static let seconds: Int64 = 10

  /// The oldest first; those before `first` are forgotten.
  private var entries: [Entry] = []
  private var first = 0
  /// Places in `entries` from 1 on, by the lowest bits of the hash and those behind; 0 is free.
  private var slots: [UInt16] = []

  init() {}

  /// Goes on behind `live`.
  init(_ live: [Entry]) {
    entries = live
    if !live.isEmpty { makeRoom() }
  }

  /// The oldest first.
  var live: ArraySlice<Entry> { entries[first...] }

  static func == (left: CopyCounter, right: CopyCounter) -> Bool { left.live == right.live }

  mutating func identify(_ turn: inout Turn, _ line: Span<UInt8>, lineTime: Int64?) {
    guard let time = turn.time ?? lineTime ?? (turn.hasInvalidTime ? 0 : nil) else { return }
    var hash = StableHash()
    hash.add(line)
    // Without a time in its bytes, a record is another one at another time.
    if turn.time == nil, let lineTime { hash.add(UInt64(bitPattern: lineTime)) }
    let seconds = time / 1_000_000
    hash.add(count(UInt64(bitPattern: hash.value), at: seconds))
    turn.key = Turn.key(hash, at: seconds)
    turn.scope = .source
    // Equal bytes are equal turns.
    turn.rank = Turn.Rank()
  }

  /// How often the hash came before.
  private mutating func count(_ hash: UInt64, at time: Int64) -> UInt64 {
    if entries.count &* 2 >= slots.count { makeRoom() }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
    while slots[slot] != 0 {
      let place = Int(slots[slot]) &- 1
      if place >= first, entries[place].hash == hash {
        let count = entries[place].count
        entries[place].count &+= 1
        return count
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    entries.append(Entry(hash: hash, time: time, count: 1))
    slots[slot] = UInt16(truncatingIfNeeded: entries.count)
    while entries.count &- first > Self.fewest,
      entries.count &- first > Self.most || entries[first].time < time &- Self.seconds
    {
      first &+= 1
    }
    return 0
  }

  /// Drops what is forgotten, and keeps a quarter of the slots in use at most.
  private mutating func makeRoom() {
    entries.removeSubrange(..<first)
    first = 0
    var room = 4 * Self.fewest
    while room < 4 * (entries.count + 1) { room *= 2 }
    slots = [UInt16](repeating: 0, count: room)
    for (place, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & (room - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (room - 1) }
      slots[slot] = UInt16(truncatingIfNeeded: place + 1)
    }
  }
}
