package import SQLite

// The dictionary, and what is counted of lines.

extension LineWriter {
  /// Templates, skeletons, patterns and counts; before the chunks that use them.
  package func write(_ draft: DictionaryDraft, to db: borrowing Connection) throws(SQLiteError) {
    let counts = draft.counts.entries
    var sources: [SkeletonSource: SkeletonCount] = [:]
    for entry in counts {
      sources[SkeletonSource(entry.hour), default: SkeletonCount()].add(entry)
    }
    let counted = Set(sources.keys.map(\.skeleton))
    let hasUncounted = try hasUncounted(counted, db)
    if !draft.skeletons.isEmpty || hasUncounted {
      try PatternTable().add(draft.skeletons, counted: counted, to: db)
    }
    try add(sources, to: db)
    for template in draft.templates {
      try db.run(
        """
        INSERT INTO template(id, pattern, skeleton, level, base, holes, timed, hash, text)
        VALUES(?1, (SELECT pattern FROM skeleton WHERE id = ?2), ?2, nullif(?3, 0), nullif(?4, 0), ?5, ?6, ?7, ?8)
        """,
        template.id, template.skeleton, Int(template.level), template.base, template.holes,
        template.isTimed, template.hash.map { Int64(bitPattern: $0) }, template.text)
    }
    try add(counts.span, to: db)
  }

  /// Counts the pattern of an open record that is complete as it stands.
  package mutating func countOpenLine(_ id: Int64, in db: borrowing Connection) throws(SQLiteError)
  {
    guard let chunk = try small(chunk: id, db) else { return }
    var walk = ChunkRows()
    guard walk.next(chunk.rows.span), !walk.isDropped else { return }
    guard let time = chunk.scale.time(offset: walk.offset) else { return }
    var counts = SkeletonCounts()
    do {
      var row = try db.prepare("SELECT skeleton, coalesce(level, 0) FROM template WHERE id = ?")
      try row.bind(1, walk.template)
      guard try row.step() else { return }
      counts.add(
        SkeletonCounts.Entry(
          minute: time / 60_000_000, source: chunk.source,
          level: UInt8(truncatingIfNeeded: row.int(1)), skeleton: row.integer(0), count: 1,
          first: time, last: time))
    }
    try write(DictionaryDraft(counts: counts), to: db)
  }

  /// Adds to the counts by minute and skeleton, and to those that are sums of them; in the order of the
  /// tables, so that neighbours are written together.
  private func add(
    _ minutes: Span<SkeletonCounts.Entry>, to db: borrowing Connection
  ) throws(SQLiteError) {
    // Where the entries of an hour's kind begin.
    var starts: [Int] = []
    var sums: [LineMinute: Int] = [:]
    for index in minutes.indices {
      if index == 0 || minutes[index].hour != minutes[index - 1].hour { starts.append(index) }
      sums[LineMinute(minutes[index]), default: 0] += Int(minutes[index].count)
    }
    starts.append(minutes.count)
    try add(minutesOfHours: minutes, from: starts, to: db)
    try add(hours: minutes, from: starts, to: db)
    let lines = sums.sorted { $0.key < $1.key }
    try db.insertRows(
      lines.count, into: "line_count(minute, source, level, count)", columns: 4,
      conflict: "ON CONFLICT DO UPDATE SET count = count + excluded.count"
    ) { statement, first, index throws(SQLiteError) in
      let (minute, count) = lines[index]
      try statement.bind(first, minute.minute)
      try statement.bind(first + 1, minute.source)
      try statement.bind(first + 2, Int(minute.level))
      try statement.bind(first + 3, count)
    }
  }

  /// A row holds the minutes of an hour, and so it is read and written again.
  private func add(
    minutesOfHours minutes: Span<SkeletonCounts.Entry>, from starts: [Int],
    to db: borrowing Connection
  ) throws(SQLiteError) {
    var known = try db.prepare(
      "SELECT lines FROM skeleton_minute WHERE hour = ? AND source = ? AND level = ? AND skeleton = ?"
    )
    var written = try db.prepare(
      """
      INSERT INTO skeleton_minute(hour, source, level, skeleton, lines) VALUES(?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET lines = excluded.lines
      """)
    for (start, end) in zip(starts, starts.dropFirst()) {
      let hour = minutes[start].hour
      var counts = MinuteCounts()
      for index in start..<end {
        counts.add(Int(minutes[index].count), minute: Int(minutes[index].minute))
      }
      try known.bind(values: Int64(hour.hour), Int64(hour.source), Int(hour.level), hour.skeleton)
      if try known.step() { counts.add(known.bytes(0)) }
      known.reset()
      try written.bind(
        values: Int64(hour.hour), Int64(hour.source), Int(hour.level), hour.skeleton, counts.text)
      try written.run()
    }
  }

  private func add(
    hours minutes: Span<SkeletonCounts.Entry>, from starts: [Int], to db: borrowing Connection
  ) throws(SQLiteError) {
    try db.insertRows(
      starts.count - 1,
      into: "skeleton_hour(hour, source, level, skeleton, \(HourCount.columns))",
      columns: 5 + HourCount.slots, conflict: "ON CONFLICT DO UPDATE SET \(HourCount.addition)"
    ) { statement, first, index throws(SQLiteError) in
      let hour = minutes[starts[index]].hour
      var count = HourCount()
      for index in starts[index]..<starts[index + 1] {
        count.add(Int(minutes[index].count), minute: Int(minutes[index].minute))
      }
      try statement.bind(first, Int64(hour.hour))
      try statement.bind(first + 1, Int64(hour.source))
      try statement.bind(first + 2, Int(hour.level))
      try statement.bind(first + 3, hour.skeleton)
      try statement.bind(first + 4, count.count)
      for slot in 0..<HourCount.slots {
        try statement.bind(first + 5 + Int32(slot), count.lines[slot])
      }
    }
  }

  /// A row of `line_count`, in its order.
  private struct LineMinute: Hashable, Comparable {
    var minute: Int64
    var source: Int64
    var level: UInt8

    init(_ entry: SkeletonCounts.Entry) {
      (minute, level) = (entry.minuteOfAll, entry.hour.level)
      source = Int64(entry.hour.source)
    }

    static func < (left: Self, right: Self) -> Bool {
      (left.minute, left.source, left.level) < (right.minute, right.source, right.level)
    }
  }

  private struct SkeletonSource: Hashable {
    var skeleton: Int64
    var source: Int64
    var level: UInt8

    init(_ hour: SkeletonHour) {
      (skeleton, source, level) = (hour.skeleton, Int64(hour.source), hour.level)
    }
  }

  /// Whether one of them has no lines yet: more skeletons then take part in the merge.
  private func hasUncounted(
    _ skeletons: Set<Int64>, _ db: borrowing Connection
  ) throws(SQLiteError) -> Bool {
    var row = try db.prepare("SELECT 1 FROM skeleton_source WHERE skeleton = ? LIMIT 1")
    for skeleton in skeletons {
      row.reset()
      try row.bind(1, skeleton)
      if try !row.step() { return true }
    }
    return false
  }

  private func add(
    _ sources: [SkeletonSource: SkeletonCount], to db: borrowing Connection
  ) throws(SQLiteError) {
    let rows = sources.sorted {
      ($0.key.skeleton, $0.key.source, $0.key.level)
        < ($1.key.skeleton, $1.key.source, $1.key.level)
    }
    try db.insertRows(
      rows.count, into: "skeleton_source(skeleton, source, level, first_us, last_us, count)",
      columns: 6,
      conflict: """
        ON CONFLICT DO UPDATE SET first_us = min(first_us, excluded.first_us),
          last_us = max(last_us, excluded.last_us), count = count + excluded.count
        """
    ) { statement, first, index throws(SQLiteError) in
      let (source, count) = rows[index]
      try statement.bind(first, source.skeleton)
      try statement.bind(first + 1, source.source)
      try statement.bind(first + 2, Int(source.level))
      try statement.bind(first + 3, count.first)
      try statement.bind(first + 4, count.last)
      try statement.bind(first + 5, count.count)
    }
    var patterns: Set<Int64> = []
    do {
      var row = try db.prepare("SELECT pattern FROM skeleton WHERE id = ?")
      for (source, _) in rows {
        row.reset()
        try row.bind(1, source.skeleton)
        if try row.step() { patterns.insert(row.integer(0)) }
      }
    }
    try PatternTable().addUp(patterns, in: db)
  }
}
