import Deflate
package import LogModel
package import SQLite

/// Reads and writes samples of gauges: rows of `gauge_sample` until they are many, then of `gauge_chunk`.
///
/// A gauge has one sample at a time: of two the later one given counts. All of it runs inside the
/// caller's transaction.
package struct GaugeTable: ~Copyable {
  /// What has other labels than so many of a metric is stored under `__other__`.
  package static let maxSeries = 1000
  /// So many samples become chunks, where they are so many of each gauge; of many gauges, more of them.
  private static let manyLoose: Int64 = 256
  private static let manyOfGauge: Int64 = 8
  private static let maxLoose: Int64 = 1 << 14
  private static let maxCount = 512

  package typealias Point = (time: Int64, value: Double)

  private let deflater = Deflater(level: 7)
  private let inflater = Inflater()

  package init() {}

  /// Adds samples; `source` is that of the host, or 0.
  package func add(
    _ samples: [GaugeSample], source: Int64 = 0, in db: borrowing Connection
  ) throws(SQLiteError) {
    for sample in samples {
      let gauge = try gauge(sample, source, db)
      try unpack(gauge, around: sample.time, db)
      try write((sample.time, sample.value), of: gauge, db)
    }
    try pack(db)
  }

  /// Takes out the samples of a host.
  package func remove(source: Int64, in db: borrowing Connection) throws(SQLiteError) {
    let gauges = "SELECT id FROM gauge WHERE source = ?"
    try db.run("DELETE FROM gauge_sample WHERE gauge IN (\(gauges))", source)
    try db.run("DELETE FROM gauge_chunk WHERE gauge IN (\(gauges))", source)
    try db.run("DELETE FROM gauge WHERE source = ?", source)
    try HostTable().remove(source: source, in: db)
  }

  // MARK: Gauges

  /// The names of all.
  package func metrics(in db: borrowing Connection) throws(SQLiteError) -> [String] {
    var names: [String] = []
    var row = try db.prepare("SELECT DISTINCT metric FROM gauge")
    while try row.step() { names.append(row.text(0)) }
    return names
  }

  private func gauge(
    _ sample: GaugeSample, _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    if let known = try id(sample.metric, sample.labels, source, db) { return known }
    let count = try db.integer("SELECT count(*) FROM gauge WHERE metric = ?", sample.metric) ?? 0
    guard count < Self.maxSeries || sample.labels == "{}" else {
      return try insert(sample, try others(sample.labels, db), source, db)
    }
    return try insert(sample, sample.labels, source, db)
  }

  private func insert(
    _ sample: GaugeSample, _ labels: String, _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64 {
    if let known = try id(sample.metric, labels, source, db) { return known }
    try db.run(
      "INSERT INTO gauge(metric, labels, help, source) VALUES(?, ?, ?, ?)", sample.metric, labels,
      sample.help, source)
    return db.lastInsertRowID
  }

  private func id(
    _ metric: String, _ labels: String, _ source: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Int64? {
    try db.integer(
      "SELECT id FROM gauge WHERE metric = ? AND labels = ? AND source = ?", metric, labels, source)
  }

  /// The same names, all with one value.
  private func others(
    _ labels: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> String {
    let other = String(decoding: LabelText.other, as: UTF8.self)
    return LabelText.object(try pairs(labels, db).map { ($0.name, other) })
  }

  func pairs(
    _ labels: String, _ db: borrowing Connection
  ) throws(SQLiteError) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    var row = try db.prepare("SELECT key, value FROM json_each(?)")
    try row.bind(1, labels)
    while try row.step() { pairs.append((row.text(0), row.text(1))) }
    return pairs
  }

  // MARK: Samples

  func write(
    _ point: Point, of gauge: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    let sql = "INSERT OR REPLACE INTO gauge_sample(time_us, gauge, value) VALUES(?, ?, ?)"
    if let whole = GaugeSample.whole(point.value) {
      try db.run(sql, point.time, gauge, whole)
    } else {
      try db.run(sql, point.time, gauge, point.value)
    }
  }

  /// Makes the chunk into whose times `time` falls samples again.
  func unpack(
    _ gauge: Int64, around time: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard let chunk = try chunk(of: gauge, before: time, db), chunk.last >= time else { return }
    for point in try points(of: chunk.id, in: db) { try write(point, of: gauge, db) }
    try db.run("DELETE FROM gauge_chunk WHERE id = ?", chunk.id)
  }

  /// The last chunk that begins at `time` or before it.
  private func chunk(
    of gauge: Int64, before time: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> (id: Int64, last: Int64, count: Int)? {
    var row = try db.prepare(
      """
      SELECT id, last_us, count FROM gauge_chunk WHERE gauge = ? AND first_us <= ?
      ORDER BY first_us DESC LIMIT 1
      """)
    try row.bind(values: gauge, time)
    return try row.step() ? (row.integer(0), row.integer(1), row.int(2)) : nil
  }

  /// What a chunk holds; damage is an error.
  package func points(
    of chunk: Int64, in db: borrowing Connection
  ) throws(SQLiteError) -> [Point] {
    var json: [UInt8] = []
    var (first, unit): (Int64, Int64) = (0, 1)
    do {
      var row = try db.prepare("SELECT first_us, unit_us, size, data FROM gauge_chunk WHERE id = ?")
      try row.bind(1, chunk)
      guard try row.step() else { return [] }
      (first, unit) = (row.integer(0), row.integer(1))
      let size = row.int(2)
      // DEFLATE makes no more than 1,032 bytes of one.
      guard size >= 0, size / 1032 <= row.bytes(3).count,
        inflater.inflate(row.bytes(3), size: size, into: &json)
      else {
        throw SQLiteError(
          code: ErrorChunkTable.corrupt, message: "the samples in chunk \(chunk) are damaged")
      }
    }
    var points: [Point] = []
    var row = try db.prepare("SELECT value->>0, value->>1 FROM json_each(?)")
    try row.bind(1, String(decoding: json, as: UTF8.self))
    while try row.step() { points.append((first + unit * row.integer(0), row.real(1))) }
    return points
  }

  // MARK: Chunks

  /// Makes chunks of the samples, where these are many.
  func pack(_ db: borrowing Connection) throws(SQLiteError) {
    let loose = try db.integer("SELECT count(*) FROM gauge_sample") ?? 0
    guard loose >= Self.manyLoose else { return }
    let gauges = try db.integer("SELECT count(DISTINCT gauge) FROM gauge_sample") ?? 0
    guard loose >= min(gauges * Self.manyOfGauge, Self.maxLoose) else { return }
    var series: [(id: Int64, points: [Point])] = []
    do {
      var row = try db.prepare(
        "SELECT gauge, time_us, value FROM gauge_sample ORDER BY gauge, time_us")
      while try row.step() {
        if series.last?.id != row.integer(0) { series.append((row.integer(0), [])) }
        series[series.count - 1].points.append((row.integer(1), row.real(2)))
      }
    }
    try db.execute("DELETE FROM gauge_sample")
    for (gauge, points) in series { try pack(points[...], of: gauge, db) }
  }

  /// By ascending times; what lies between two chunks does not become one that reaches into them.
  private func pack(
    _ points: ArraySlice<Point>, of gauge: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    var left = points
    while let first = left.first {
      let next = try db.integer(
        "SELECT min(first_us) FROM gauge_chunk WHERE gauge = ? AND first_us > ?", gauge, first.time)
      var part = Array(left.prefix { next == nil || $0.time < next ?? 0 })
      left = left.dropFirst(part.count)
      if let chunk = try chunk(of: gauge, before: first.time, db), chunk.count < Self.maxCount / 2 {
        part = try self.points(of: chunk.id, in: db) + part
        try db.run("DELETE FROM gauge_chunk WHERE id = ?", chunk.id)
      }
      for start in stride(from: 0, to: part.count, by: Self.maxCount) {
        try write(chunk: part[start...].prefix(Self.maxCount), of: gauge, db)
      }
    }
  }

  private func write(
    chunk points: ArraySlice<Point>, of gauge: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard let first = points.first?.time, let last = points.last?.time else { return }
    let unit = [1_000_000, 1000].first { unit in
      points.allSatisfy { ($0.time - first) % unit == 0 }
    }
    var json: [UInt8] = []
    for point in points {
      json.append(contentsOf: (json.isEmpty ? "[[" : ",[").utf8)
      json.append(contentsOf: String((point.time - first) / (unit ?? 1)).utf8)
      json.append(0x2C)
      let whole = GaugeSample.whole(point.value)
      json.append(contentsOf: (whole.map { String($0) } ?? point.value.description).utf8)
      json.append(0x5D)
    }
    json.append(0x5D)
    try db.run(
      """
      INSERT INTO gauge_chunk(gauge, first_us, last_us, count, unit_us, size, data)
      VALUES(?, ?, ?, ?, ?, ?, ?)
      """, gauge, first, last, points.count, unit ?? 1, json.count, deflater.compress(json.span))
  }
}
