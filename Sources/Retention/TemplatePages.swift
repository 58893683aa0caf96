import SQLite

/// About how many bytes of `chunk_template` go with chunks.
///
/// Its rows lie by template, and so those of a chunk are spread: SQLite joins a page with those beside it when less than
/// a third of it is used.
struct TemplatePages {
  private static let page = 4096.0
  private static let leastFill = 1.0 / 3

  /// Of each leaf: how much of it is used, and what a row takes.
  private var leaves: [(fill: Double, row: Double)] = []
  /// The leaf of each row, by chunk.
  private var rows: [Int64: [Int32]] = [:]
  /// What is left of the rows of chunks of which some are gone.
  private var shares: [Int64: Double] = [:]

  init(reading db: borrowing Connection) throws(SQLiteError) {
    var leaf = try db.prepare(
      """
      SELECT ncell, unused / (0.0 + pgsize) FROM dbstat WHERE name = 'chunk_template' AND pagetype = 'leaf'
      ORDER BY path
      """)
    var row = try db.prepare("SELECT chunk FROM chunk_template ORDER BY template, chunk")
    while try leaf.step() {
      let fill = 1 - leaf.real(1)
      // Between two leaves one row stands above them.
      for _ in 0...leaf.integer(0) {
        guard try row.step() else { break }
        rows[row.integer(0), default: []].append(Int32(leaves.count))
      }
      leaves.append((fill, fill / Double(leaf.integer(0) + 1)))
    }
  }

  var size: Int64 { Int64(leaves.reduce(0) { $0 + Self.size(fill: $1.fill) }) }

  /// Leaves so much of a chunk's rows, and returns what is freed.
  mutating func reduce(chunk: Int64, to share: Double) -> Int64 {
    let gone = (shares[chunk] ?? 1) - share
    shares[chunk] = share
    var freed = 0.0
    for leaf in rows[chunk] ?? [] {
      let (fill, row) = leaves[Int(leaf)]
      let left = max(0, fill - row * gone)
      freed += Self.size(fill: fill) - Self.size(fill: left)
      leaves[Int(leaf)].fill = left
    }
    return Int64(freed)
  }

  private static func size(fill: Double) -> Double { fill < leastFill ? fill * page : page }
}
