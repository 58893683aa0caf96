import SQLite

/// Rows that were found and are shown in another order than that in which they stand.
struct WaitingRows {
  struct Row {
    var time: Int64
    var chunk: Int64
    var index: Int

    fileprivate var number: Int64 { chunk + Int64(index) }
  }

  /// One list an opened chunk, the row to be shown first at its end.
  private var lists: [[Row]] = []
  /// The latest time in each of the chunks; empty where chunks do not overlap in the order wanted.
  private var latest: [Int64] = []
  private var isLowestFirst = false

  /// For rows that are shown chunk by chunk, the last of each first.
  init() {}

  /// For the newest rows of all chunks, which it sorts so that the next one to be opened is next.
  init(
    newestOf chunks: inout [Int64], downwards: Bool, _ db: borrowing Connection
  ) throws(SQLiteError) {
    isLowestFirst = !downwards
    let wanted = Set(chunks)
    chunks = []
    var statement = try db.prepare("SELECT first_id, max_us FROM chunk ORDER BY max_us DESC")
    while try statement.step() {
      guard wanted.contains(statement.integer(0)) else { continue }
      chunks.append(statement.integer(0))
      latest.append(statement.integer(1))
    }
  }

  /// Adds what was found in one chunk, in the order of its rows.
  mutating func add(_ rows: [Row]) {
    guard !rows.isEmpty else { return }
    lists.append(latest.isEmpty ? rows : rows.sorted { isBefore($1, $0) })
  }

  /// Takes the row to be shown next; nil while a row of a chunk from `unopened` on may come before it.
  mutating func next(before unopened: Int) -> Row? {
    guard
      let best = lists.indices.max(by: { isBefore(lists[$1].last, lists[$0].last) }),
      let row = lists[best].last
    else { return nil }
    if unopened < latest.count, latest[unopened] >= row.time { return nil }
    lists[best].removeLast()
    if lists[best].isEmpty { lists.remove(at: best) }
    return row
  }

  private func isBefore(_ one: Row?, _ other: Row?) -> Bool {
    guard let one, let other else { return one != nil }
    if one.time != other.time { return one.time > other.time }
    return isLowestFirst ? one.number < other.number : one.number > other.number
  }
}
