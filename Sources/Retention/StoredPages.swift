import LineStore
import SQLite

/// The pages of the tables that lines and counts take, and which of them are freed as these go.
struct StoredPages {
  private struct Skeleton {
    var pattern: Int64
    var templates = 0
    /// By the rows of `skeleton_source`.
    var counts: [Int32: Int64] = [:]
  }

  private struct Origin: Hashable {
    var source: Int64
    var level: Int64
  }

  private var trees: [LeafPages] = []
  private var uses: TemplateUses
  /// The skeleton of each template.
  private var templates: [Int64: Int64] = [:]
  private var skeletons: [Int64: Skeleton] = [:]
  /// How many skeletons each has.
  private var patterns: [Int64: Int] = [:]
  /// By the rows of `skeleton_source`.
  private var originOfRow: [Origin] = []

  init(reading db: borrowing Connection) throws(SQLiteError) {
    uses = try TemplateUses(reading: db)
    for tree in StoredTree.allCases { trees.append(try LeafPages(tree, db)) }
    var template = try db.prepare("SELECT id, skeleton FROM template")
    while try template.step() {
      templates[template.integer(0)] = template.integer(1)
    }
    var skeleton = try db.prepare("SELECT id, pattern FROM skeleton")
    while try skeleton.step() {
      skeletons[skeleton.integer(0)] = Skeleton(pattern: skeleton.integer(1))
      patterns[skeleton.integer(1), default: 0] += 1
    }
    for skeleton in templates.values { skeletons[skeleton]?.templates += 1 }
    var count = try db.prepare(
      "SELECT skeleton, source, level, count FROM skeleton_source ORDER BY 1, 2, 3")
    while try count.step() {
      skeletons[count.integer(0)]?.counts[Int32(originOfRow.count)] = count.integer(3)
      originOfRow.append(Origin(source: count.integer(1), level: count.integer(2)))
    }
  }

  private subscript(tree: StoredTree) -> LeafPages {
    _read { yield trees[tree.rawValue] }
    _modify { yield &trees[tree.rawValue] }
  }

  /// In bytes.
  var freed: Int64 { trees.reduce(0) { $0 + $1.freed } }

  /// What is left of each table, by name.
  func sizes(_ db: borrowing Connection) throws(SQLiteError) -> [String: Int64] {
    var sizes = try Pruning.tableSizes(db)
    for tree in StoredTree.allCases { sizes[tree.table]? -= self[tree].freed }
    return sizes
  }

  /// More may be left than `sizes` says: what lies on which page is worked out from lengths.
  func doubt(of sizes: [String: Int64]) -> Int64 {
    let tables = Set(StoredTree.allCases.map(\.table))
    return tables.reduce(0) { $0 + (sizes[$1] ?? 0) } / 50 + Int64(trees.count) * 4096
  }

  // MARK: Lines

  mutating func remove(
    chunk id: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    for tree in [StoredTree.chunk, .chunkTime, .chunkWord, .templateUse] { self[tree].remove(id) }
    var use = try db.prepare("SELECT counts FROM template_use WHERE chunk = ?")
    try use.bind(1, id)
    guard try use.step() else { return }
    var counts = TemplateCounts()
    var used: [Int64] = []
    while counts.next(use.bytes(0)) { used.append(counts.template) }
    try release(used)
  }

  /// Takes it that a chunk has no line of the templates `gone` any more, and what is left of it takes.
  mutating func thin(
    chunk id: Int64, without gone: Set<Int64>, to left: (data: Int, words: Int, counts: Int)
  ) throws(SQLiteError) {
    self[.chunk].resize(id, to: Int64(left.data) + StoredTree.chunkLength)
    if left.words == 0 {
      self[.chunkWord].remove(id)
    } else {
      self[.chunkWord].resize(id, to: Int64(left.words) + StoredTree.wordLength)
    }
    self[.templateUse].resize(id, to: Int64(left.counts) + StoredTree.wordLength)
    try release(gone)
  }

  private mutating func release(_ gone: some Sequence<Int64>) throws(SQLiteError) {
    var unused: [Int64] = []
    try uses.release(gone) { unused.append($0) }
    for id in unused {
      guard let skeleton = templates.removeValue(forKey: id) else { continue }
      for tree in [StoredTree.template, .templatePattern, .templateSkeleton] {
        self[tree].remove(id)
      }
      skeletons[skeleton]?.templates -= 1
      drop(skeleton: skeleton)
    }
  }

  // MARK: Counts

  /// The counts of an hour, source and level.
  mutating func remove(
    _ group: Pruning.HourGroup, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var row = try db.prepare(
      "SELECT skeleton, count FROM skeleton_hour WHERE hour = ? AND source = ? AND level = ?")
    try row.bind(values: group.hour, group.source, group.level)
    let origin = Origin(source: group.source, level: group.level)
    while try row.step() {
      let id = row.integer(0)
      guard let place = skeletons[id]?.counts.keys.first(where: { originOfRow[Int($0)] == origin })
      else { continue }
      skeletons[id]?.counts[place, default: 0] -= row.integer(1)
      guard skeletons[id]?.counts[place] ?? 0 <= 0 else { continue }
      skeletons[id]?.counts[place] = nil
      self[.skeletonSource].remove(id) { $0 == Int(place) }
      drop(skeleton: id)
    }
    for tree in [StoredTree.skeletonHour, .skeletonMinute, .lineCount] {
      self[tree].remove(StoredTree.key(of: group))
    }
  }

  /// Where nothing is left of it.
  private mutating func drop(skeleton id: Int64) {
    guard let skeleton = skeletons[id], skeleton.templates <= 0, skeleton.counts.isEmpty else {
      return
    }
    skeletons[id] = nil
    self[.skeleton].remove(id)
    self[.skeletonPattern].remove(id)
    patterns[skeleton.pattern, default: 0] -= 1
    if patterns[skeleton.pattern] == 0 { self[.pattern].remove(skeleton.pattern) }
  }
}
