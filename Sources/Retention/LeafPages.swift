import SQLite

/// Which pages of a table or an index are freed as rows go.
///
/// SQLite looks at a page of which a third and less is used, and shares what is left of it and of the two beside it out
/// among as few pages as hold it.
struct LeafPages {
  /// Of a page, without its header.
  private static let capacity = 4088
  /// A page with less is looked at.
  private static let least = 4088 - 4096 * 2 / 3
  private static let page: Int64 = 4096

  /// The rows of each leaf, also such as are gone since it was last looked at.
  private var members: [[Int32]] = []
  private var fills: [Int] = []
  private var neighbours: [(previous: Int, next: Int)] = []
  /// By row: its leaf, and its bytes there; 0 where it is gone.
  private var leaves: [Int32] = []
  private var sizes: [UInt16] = []
  /// Bytes of pages that only one row is on.
  private var overflows: [Int: Int64] = [:]
  /// By key.
  private var rows: [Int64: [Int32]] = [:]
  private(set) var freed: Int64 = 0

  init(_ tree: StoredTree, _ db: borrowing Connection) throws(SQLiteError) {
    let isIndex = tree.isIndex
    var leaf = try db.prepare(
      """
      SELECT ncell, pgsize - unused - 8 FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path
      """)
    try leaf.bind(1, tree.name)
    var row = try db.prepare(tree.sql)
    while try leaf.step() {
      let start = sizes.count
      // Between two leaves of an index one row stands above them.
      for _ in 0..<leaf.int(0) + (isIndex ? 1 : 0) {
        guard try row.step() else { break }
        let (local, beyond) = Self.split(row.integer(1), isIndex: isIndex)
        if beyond > 0 { overflows[sizes.count] = beyond }
        rows[row.integer(0), default: []].append(Int32(sizes.count))
        leaves.append(Int32(members.count))
        sizes.append(UInt16(local))
      }
      fit(start..<sizes.count, to: leaf.int(1))
    }
    if !neighbours.isEmpty { neighbours[neighbours.count - 1].next = -1 }
  }

  /// Of a row: what is on the page of it, and the pages that only it is on.
  private static func split(_ length: Int64, isIndex: Bool) -> (local: Int64, beyond: Int64) {
    let (usable, least): (Int64, Int64) = (4092, 489)
    let most: Int64 = isIndex ? 1002 : 4061
    if length <= most { return (length + 6, 0) }
    let remainder = least + (length - least) % usable
    let local = remainder <= most ? remainder : least
    return (local + 10, (length - local + usable - 1) / usable * page)
  }

  /// Makes a leaf whose rows take what it says.
  private mutating func fit(_ range: Range<Int>, to fill: Int) {
    let sum = range.reduce(0) { $0 + Int(sizes[$1]) }
    for row in range { sizes[row] = UInt16(max(1, Int(sizes[row]) * fill / max(1, sum))) }
    neighbours.append((members.count - 1, members.count + 1))
    members.append(range.map { Int32($0) })
    fills.append(range.reduce(0) { $0 + Int(sizes[$1]) })
  }

  /// All rows of a key.
  mutating func remove(_ key: Int64) {
    for row in rows.removeValue(forKey: key) ?? [] { remove(row: Int(row)) }
  }

  /// Those rows of a key that stand at these places among them.
  mutating func remove(_ key: Int64, where isGone: (Int) -> Bool) {
    guard let all = rows[key] else { return }
    for row in all where isGone(Int(row)) { remove(row: Int(row)) }
    rows[key] = all.filter { !isGone(Int($0)) }
  }

  /// Takes it that the row of a key is as long from now on.
  mutating func resize(_ key: Int64, to length: Int64) {
    guard let row = rows[key]?.first.map({ Int($0) }) else { return }
    let (local, beyond) = Self.split(length, isIndex: false)
    freed += (overflows[row] ?? 0) - beyond
    overflows[row] = beyond
    fills[Int(leaves[row])] += Int(local) - Int(sizes[row])
    sizes[row] = UInt16(local)
    share(Int(leaves[row]))
  }

  private mutating func remove(row: Int) {
    freed += overflows.removeValue(forKey: row) ?? 0
    fills[Int(leaves[row])] -= Int(sizes[row])
    sizes[row] = 0
    share(Int(leaves[row]))
  }

  /// Looks whether a leaf and those beside it can be fewer.
  private mutating func share(_ leaf: Int) {
    guard fills[leaf] < Self.least else { return }
    var group = [leaf]
    let (previous, next) = neighbours[leaf]
    if previous >= 0 { group.insert(previous, at: 0) }
    if next >= 0 { group.append(next) }
    if previous < 0, next >= 0, neighbours[next].next >= 0 { group.append(neighbours[next].next) }
    if next < 0, previous >= 0, neighbours[previous].previous >= 0 {
      group.insert(neighbours[previous].previous, at: 0)
    }
    guard group.count > 1, let last = group.last else { return }
    let rows = group.flatMap { members[$0] }.filter { sizes[Int($0)] > 0 }
    var ends = ends(of: rows)
    while ends.count > group.count { ends.removeLast() }
    ends[ends.count - 1] = rows.count
    freed += Int64(group.count - ends.count) * Self.page
    let after = neighbours[last].next
    var start = 0
    for (member, end) in zip(group, ends) {
      members[member] = Array(rows[start..<end])
      fills[member] = 0
      for row in rows[start..<end] {
        leaves[Int(row)] = Int32(member)
        fills[member] += Int(sizes[Int(row)])
      }
      start = end
    }
    for member in group[ends.count...] { members[member] = [] }
    let kept = group[ends.count - 1]
    neighbours[kept].next = after
    if after >= 0 { neighbours[after].previous = kept }
  }

  /// Where the pages end that rows are shared out to: one at least.
  private func ends(of rows: [Int32]) -> [Int] {
    var ends: [Int] = []
    var fills: [Int] = []
    var fill = 0
    for (place, row) in rows.enumerated() {
      let size = Int(sizes[Int(row)])
      if fill + size > Self.capacity {
        ends.append(place)
        fills.append(fill)
        fill = 0
      }
      fill += size
    }
    ends.append(rows.count)
    fills.append(fill)
    // The first ones are full; each gives to the one behind it until that one has as much.
    for place in fills.indices.dropFirst().reversed() {
      let start = place > 1 ? ends[place - 2] : 0
      while ends[place - 1] > start + 1 {
        let size = Int(sizes[Int(rows[ends[place - 1] - 1])])
        guard fills[place] + size <= fills[place - 1] - size else { break }
        fills[place] += size
        fills[place - 1] -= size
        ends[place - 1] -= 1
      }
    }
    return ends
  }
}
