import LogModel

/// Keys for turns that nothing but their record's bytes identifies.
///
/// A record with a time that stands in two files is a copy; one that stands twice in one file is two
/// requests. So the key is the hash of the bytes and of how often they came before, in this file.
/// Records with equal times stand close together: the last few are remembered.
struct CopyCounter: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    var hash: UInt64
    var count: UInt64
  }

  static let most = 64
  /// The oldest first.
  var entries: [Entry] = []

  mutating func identify(_ turn: inout Turn, _ line: Span<UInt8>) {
    guard turn.time != nil else { return }
    var hash = StableHash()
    hash.add(line)
    let bytes = UInt64(bitPattern: hash.value)
    var entry = Entry(hash: bytes, count: 0)
    if let index = entries.firstIndex(where: { $0.hash == bytes }) {
      entry = entries.remove(at: index)
    } else if entries.count == Self.most {
      entries.removeFirst()
    }
    hash.add(entry.count)
    entry.count &+= 1
    entries.append(entry)
    turn.key = hash.value
    turn.scope = .source
    // Equal bytes are equal turns.
    turn.rank = Turn.Rank()
  }
}
