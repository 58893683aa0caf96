import Formats
import LineStore
package import LogModel
package import Metrics
package import SQLite
package import Storage

/// Shows stored lines to the rules of metrics once more.
package struct MetricReplay: ~Copyable {
  private var lines: StoredLines
  private var head = LineHead()
  package var counting: MetricCounting
  let isStandard: Bool
  private let keepsRejects: Bool
  /// What was told of the lines of a file: the first rows, and how many there are.
  private var rejects: [RejectRow] = []
  private var rejectCount = 0
  /// Of those of the extent at hand: what came before them in it.
  private var places: [(reject: Int, bytes: Int64, lines: Int64)] = []
  private var bytesBefore: Int64 = 0
  private var linesBefore: Int64 = 0
  private var times: (source: Int64, files: FileTimes)?
  /// Records that may be copies, until it is known.
  private var shared: [SharedRecord] = []

  /// Sees the templates that there are now; `isStandard`: what is counted without a rule, too.
  package init(
    _ rules: [ActiveMetricRule], isStandard: Bool, keepsRejects: Bool = false,
    reading db: borrowing Connection
  ) throws(SQLiteError) {
    lines = try StoredLines(reading: db)
    // What runs had the patience for must be found again.
    counting = MetricCounting(
      rules, patience: keepsRejects ? MetricReader.patienceAtFirst : .max / 2)
    self.isStandard = isStandard
    self.keepsRejects = keepsRejects
  }

  /// Lines between two questions whether to go on.
  private static let linesAtOnce: Int64 = 64
  /// Records that are looked up together.
  private static let sharedAtOnce = 1 << 13

  /// Shows the complete records of generation `file` of `source`; false where some are not stored any
  /// more.
  ///
  /// `goesOn` is asked every few lines, and may take what was counted until then; where it says no, the
  /// rest is not shown.
  @discardableResult
  package mutating func run(
    _ file: FileRow, of source: SourceRow, in db: borrowing Connection,
    goesOn: (inout MetricCounting) throws(SQLiteError) -> Bool
  ) throws(SQLiteError) -> Bool {
    let selection = counting.rules.select(source: source.name, id: source.id, file: file.path)
    guard selection != nil || first(of: source) < .max else { return true }
    try readTimes(of: source, db)
    var isWhole = true
    var parser = LineParser(format: source.format, zone: .utc, reference: 0, multiline: .none)
    for extent in try ExtentTable().extents(file: file.id, before: file.offset, in: db) {
      (bytesBefore, linesBefore) = (0, 0)
      for id in extent.firstID..<extent.firstID + extent.count where id != file.openLine {
        if id % Self.linesAtOnce == 0 {
          if shared.count >= Self.sharedAtOnce { try countShared(of: source, db) }
          if try !goesOn(&counting) { return false }
        }
        // A line that was dropped was counted when it was there.
        guard try lines.seek(id, db) else {
          isWhole = false
          continue
        }
        show(id, of: source, file.id, selection, &parser)
        bytesBefore += Int64(lines.text.count)
        linesBefore += 1
      }
      place(extent, of: file)
    }
    try countShared(of: source, db)
    return isWhole
  }

  private mutating func readTimes(
    of source: SourceRow, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard times?.source != source.id else { return }
    times = (source.id, try FileTimes(source: source.id, reading: db))
  }

  /// Counts those of the records that may be copies which are none.
  private mutating func countShared(
    of source: SourceRow, isMerging: Bool = true, _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard !shared.isEmpty else { return }
    var counted = MetricIncrements(
      increments: try RecordCopies.counted(shared, of: source.id, .stored, in: db))
    if isMerging { counted.merge() }
    counting.shared += counted.increments
    shared = []
  }

  /// Shows the complete records among some lines of `source`, as far as these are stored; `each` takes what was
  /// counted of one, or of several without adding it up.
  mutating func run(
    lines ids: Range<Int64>, of source: SourceRow, in db: borrowing Connection,
    each: (inout MetricCounting) -> Void
  ) throws(SQLiteError) {
    try readTimes(of: source, db)
    var parser = LineParser(format: source.format, zone: .utc, reference: 0, multiline: .none)
    for extent in try ExtentTable().extents(ofLines: ids, in: db) {
      guard let file = try FileTable().row(id: extent.file, in: db) else { continue }
      let selection = counting.rules.select(source: source.name, id: source.id, file: file.path)
      let own = extent.firstID..<extent.firstID + extent.count
      for id in own.clamped(to: ids) where id != file.openLine {
        guard try lines.seek(id, db) else { continue }
        show(id, of: source, file.id, selection, &parser)
        each(&counting)
      }
    }
    try countShared(of: source, isMerging: false, db)
    each(&counting)
  }

  /// The first line of a source that is counted without a rule.
  private func first(of source: SourceRow) -> Int64 {
    isStandard ? source.countedFrom ?? .max : .max
  }

  /// Shows the line that was found last.
  private mutating func show(
    _ id: Int64, of source: SourceRow, _ file: Int64, _ selection: Int?, _ parser: inout LineParser
  ) {
    Self.read(lines, &parser, &head)
    let isShared =
      SharedRecord.mayBe(lines.text, head)
      && times?.files.isShared(lines.time, of: file) ?? false
    var found: [MetricIncrement] = []
    if head.isCountable, id >= first(of: source) {
      found = Self.count(lines, head, source.id, isShared, &counting.standard)
      if keepsRejects, head.mayMeasure { keep(counting.standard.rejects, id, file) }
    }
    if let selection {
      found += Self.count(
        lines, id, head.severity, source.id, selection, parser, isShared, &counting.rules)
      if keepsRejects { keep(counting.rules.rejects, id, file) }
    }
    if !found.isEmpty {
      shared.append(SharedRecord(line: id, time: lines.time, increments: found))
    }
  }

  private mutating func keep(_ found: [MetricReader.Reject], _ id: Int64, _ file: Int64) {
    rejectCount += found.count
    for reject in found where rejects.count < RejectRow.most {
      places.append((rejects.count, bytesBefore, linesBefore))
      let row = RejectRow(
        file: file, offset: nil, line: id,
        reason: RejectRow.reason(metric: reject.metric, isTooLarge: reject.isTooLarge),
        text: Self.shown(lines))
      rejects.append(row)
    }
  }

  /// Tells where the records begin that were told of, if the lines of their extent are all there, byte for byte, and, with
  /// line ends of one kind, come to its bytes.
  private mutating func place(_ extent: Extent, of file: FileRow) {
    defer { places = [] }
    let end = (extent.bytes - bytesBefore) / extent.count
    // A byte order mark is as long as one byte more for each of three lines.
    let mayHaveMark = extent.offset == 0 && extent.count == 3 && end == 2
    guard file.sanitized == 0, file.bytesCut == 0, linesBefore == extent.count,
      [1, 2].contains(end), !mayHaveMark,
      bytesBefore + end * extent.count == extent.bytes
    else { return }
    for (reject, bytes, lines) in places {
      rejects[reject].offset = extent.offset + bytes + end * lines
    }
  }

  private static func shown(_ lines: borrowing StoredLines) -> String {
    let text = lines.text
    var end = min(200, text.count)
    while end < text.count, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: (0..<end).map { text[$0] }, as: UTF8.self)
  }

  mutating func takeRejects() -> (rows: [RejectRow], count: Int) {
    defer { (rejects, rejectCount) = ([], 0) }
    return (rejects, rejectCount)
  }

  private static func read(
    _ lines: borrowing StoredLines, _ parser: inout LineParser, _ head: inout LineHead
  ) {
    let text = lines.text
    let end = text.indices.first { text[$0] == 0x0A } ?? text.count
    _ = parser.parse(text.extracting(0..<end), into: &head)
  }

  /// Returns what is not counted yet.
  private static func count(
    _ lines: borrowing StoredLines, _ head: LineHead, _ source: Int64, _ isShared: Bool,
    _ standard: inout StandardReader
  ) -> [MetricIncrement] {
    if isShared {
      return standard.readApart(lines.text, head, source: source, time: lines.time)
    }
    standard.read(lines.text, head, source: source, time: lines.time)
    return []
  }

  /// Returns what is not counted yet.
  private static func count(
    _ lines: borrowing StoredLines, _ id: Int64, _ severity: Severity?, _ source: Int64,
    _ selection: Int, _ parser: LineParser, _ isShared: Bool, _ reader: inout MetricReader
  ) -> [MetricIncrement] {
    if isShared {
      return reader.readApart(
        lines.text, id: id, source: source, time: lines.time, severity: severity,
        selection: selection, parser: parser)
    }
    reader.read(
      lines.text, id: id, source: source, time: lines.time, severity: severity,
      selection: selection, parser: parser)
    return []
  }
}

/// What rules count, and what is counted without one.
package struct MetricCounting {
  package var rules: MetricReader
  var standard = StandardReader()
  /// Of records that other files may have, too.
  var shared: [MetricIncrement] = []

  init(_ rules: [ActiveMetricRule], patience: Int) {
    self.rules = MetricReader(rules, patience: patience)
  }

  package var hasManyBuckets: Bool {
    rules.hasManyBuckets || standard.hasManyBuckets || shared.count >= MetricReader.manyBuckets
  }

  /// What was counted since the last time, by rules and without.
  package mutating func take() -> MetricIncrements {
    var taken = rules.take()
    taken.append(standard.take())
    taken.increments += shared
    shared = []
    return taken
  }
}
