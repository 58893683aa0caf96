import Extraction
import LineStore
import LogModel
import Patterns
import Recomputation
package import Redaction
import SQLite
package import Storage

/// Takes what a pattern matches out of a store: out of lines, and of all that was made from them.
///
/// Ids, times, levels and counts stay. Every transaction is short and leaves a store that is whole:
/// what breaks off is done by doing it again. The caller holds the run's lock.
package struct Purging {
  /// Which lines are searched.
  package struct Scope: Sendable {
    /// Empty: all.
    package var sources: [Int64] = []
    /// Microseconds since 1970; the range is half open.
    package var since: Int64?
    package var until: Int64?

    package init() {}

    var isWhole: Bool { sources.isEmpty && hasAllTimes }

    /// Series are of all lines of a source: of some lines alone they can only be counted anew.
    var hasAllTimes: Bool { since == nil && until == nil }

    func holds(_ time: Int64) -> Bool { time >= since ?? .min && time < until ?? .max }
  }

  /// What was found, and taken out unless it was only looked for.
  package struct Found: Sendable, Equatable {
    package var lines = 0
    package var chunks = 0
    package var rejects = 0
    /// Of sessions, models, failures and the like.
    package var names = 0
    package var patterns = 0
    /// Metrics with labels of the lines: a label may be a part of what was matched, and stays.
    package var metrics: [String] = []

    package var isEmpty: Bool { self == Found() }
  }

  private let redactor: Redactor
  private let scope: Scope
  private var found = Found()
  private var chunks: [Int64] = []
  private var sources: Set<Int64> = []
  private var traces = SkeletonTraces()
  private var renaming = PatternRenaming()

  private init(_ redactor: Redactor, _ scope: Scope) {
    self.redactor = redactor
    self.scope = scope
  }

  /// `progress` is asked at every chunk whether to go on.
  package static func purge(
    _ redactor: Redactor, _ scope: Scope, isDryRun: Bool, in store: borrowing Store,
    isCancelled: () -> Bool
  ) throws -> Found {
    var purging = Purging(redactor, scope)
    try purging.search(store, isCancelled)
    try purging.searchNames(store)
    guard !isDryRun else { return purging.found }
    try purging.write(store, isCancelled)
    return purging.found
  }
}

// MARK: Looking

extension Purging {
  private mutating func search(_ store: borrowing Store, _ isCancelled: () -> Bool) throws {
    var candidates: [(id: Int64, source: Int64)] = []
    try store.wrap { db throws(SQLiteError) in
      var row = try db.prepare(
        "SELECT first_id, source FROM chunk WHERE max_us >= ? AND min_us < ? ORDER BY first_id")
      try row.bind(values: scope.since ?? .min, scope.until ?? .max)
      while try row.step() {
        guard scope.sources.isEmpty || scope.sources.contains(row.integer(1)) else { continue }
        candidates.append((row.integer(0), row.integer(1)))
      }
    }
    traces = try store.wrap { db throws(SQLiteError) in try SkeletonTraces(reading: db) }
    var editor = try store.wrap { db throws(SQLiteError) in try ChunkEditor(reading: db) }
    for (id, source) in candidates {
      if isCancelled() { throw PurgeCancelled() }
      let edits = try store.wrap { db throws(SQLiteError) in
        try rewriting(of: id, &editor, db, noting: true)
      }
      guard !edits.rows.isEmpty else { continue }
      chunks.append(id)
      sources.insert(source)
      found.lines += edits.rows.count
    }
    found.chunks = chunks.count
  }

  private mutating func rewriting(
    of chunk: Int64, _ editor: inout ChunkEditor, _ db: borrowing Connection, noting: Bool
  ) throws(SQLiteError) -> ChunkRewriting {
    let source = try SourceTable().row(id: chunk >> 36, in: db)
    var redaction = StoredRedaction(redactor, format: source?.format)
    return try editor.edit(chunk: chunk, db) { time, skeleton, text in
      guard scope.holds(time), let replacement = redaction.replacement(for: text) else {
        return nil
      }
      if noting { traces.note(skeleton, text, replacement.text.span) }
      return replacement.text
    }
  }

  private mutating func searchNames(_ store: borrowing Store) throws {
    guard scope.isWhole || !chunks.isEmpty else { return }
    let redactor = redactor
    found.names = try store.wrap { db throws(SQLiteError) in
      try TurnNames().count(in: db) { redactor.changed($0) }
        + GaugeTable().countLabels(in: db) { redactor.changed($0) }
    }
    if scope.isWhole, chunks.isEmpty {
      found.names += try store.wrap { db throws(SQLiteError) in
        try ErrorTexts().count(in: db) { redactor.changed($0) }
      }
    }
    if scope.hasAllTimes {
      let sources = scope.sources
      found.names += try store.wrap { db throws(SQLiteError) in
        try SampleTable().countLabels(ofSources: sources, in: db) { redactor.changed($0) }
      }
    }
    found.rejects = try rejects(store).count
    found.metrics = try store.wrap { db throws(SQLiteError) in try labelledMetrics(db) }
    try store.wrap { db throws(SQLiteError) in try searchPatterns(db) }
  }

  /// Metrics with labels of the lines in question: a label may be a part of what is matched.
  private func labelledMetrics(_ db: borrowing Connection) throws(SQLiteError) -> [String] {
    var names: [String] = []
    var row = try db.prepare(
      """
      SELECT r.name, s.source FROM series s JOIN metric_rule r ON r.id = s.rule
      WHERE s.labels <> '{}' GROUP BY 1, 2 ORDER BY 1
      """)
    while try row.step() {
      if sources.contains(row.integer(1)), names.last != row.text(0) { names.append(row.text(0)) }
    }
    return names
  }

  private func rejects(
    _ store: borrowing Store
  ) throws(StorageError) -> [(id: Int64, reason: String, text: String)] {
    try store.wrap { db throws(SQLiteError) in
      var changed: [(id: Int64, reason: String, text: String)] = []
      var row = try db.prepare("SELECT id, reason, text, log_id FROM reject")
      while try row.step() {
        let source = row.optionalInteger(3).map { $0 >> 36 }
        guard scope.sources.isEmpty || source.map(scope.sources.contains) ?? true else { continue }
        let text = redactor.label(row.text(2))
        let reason = redactor.label(row.text(1))
        if text != row.text(2) || reason != row.text(1) {
          changed.append((row.integer(0), reason, text))
        }
      }
      return changed
    }
  }

  /// How many lines there are of each skeleton.
  private static func lines(_ db: borrowing Connection) throws(SQLiteError) -> [Int64: Int64] {
    var skeletons: [Int64: Int64] = [:]
    var template = try db.prepare("SELECT id, skeleton FROM template")
    while try template.step() { skeletons[template.integer(0)] = template.integer(1) }
    var lines: [Int64: Int64] = [:]
    var use = try db.prepare("SELECT counts FROM template_use")
    while try use.step() {
      var counts = TemplateCounts()
      while counts.next(use.bytes(0)) {
        guard let skeleton = skeletons[counts.template] else { continue }
        lines[skeleton, default: 0] += counts.count
      }
    }
    return lines
  }

  /// Looks for skeletons and pins whose texts give away what was matched.
  private mutating func searchPatterns(_ db: borrowing Connection) throws(SQLiteError) {
    var patterns: Set<Int64> = []
    var gone: Set<String> = []
    var left: Set<String> = []
    do {
      let lines = try Self.lines(db)
      var row = try db.prepare("SELECT id, text, pattern FROM skeleton")
      while try row.step() {
        let text = row.text(1)
        let words = traces.words(of: row.integer(0), lines: lines[row.integer(0)] ?? 0)
        let new = SkeletonTraces.without(words, redactor.label(text))
        left.formUnion(SkeletonTraces.words(in: new))
        guard new != text else { continue }
        gone.formUnion(SkeletonTraces.words(in: text))
        renaming.skeletons[row.integer(0)] = new
        patterns.insert(row.integer(2))
      }
    }
    gone.subtract(left)
    do {
      var row = try db.prepare("SELECT id, text FROM pattern")
      while try row.step() {
        guard patterns.contains(row.integer(0)), replacement(row.text(1), gone) != nil else {
          continue
        }
        renaming.withdrawn.insert(row.integer(0))
      }
    }
    var row = try db.prepare("SELECT text FROM pattern_pin")
    while try row.step() {
      guard let new = replacement(row.text(0), gone) else { continue }
      renaming.pins[row.text(0)] = new
      patterns.insert(PatternText.id(of: row.text(0)))
    }
    renaming.withdrawn.formUnion(renaming.pins.keys.map { PatternText.id(of: $0) })
    found.patterns = patterns.count
  }

  /// The text without what was matched, and without words that are gone; nil where it has none of it.
  private func replacement(_ text: String, _ gone: Set<String>) -> String? {
    let new = SkeletonTraces.without(gone, redactor.label(text))
    return new == text ? nil : new
  }
}

// MARK: Writing

extension Purging {
  private mutating func write(_ store: borrowing Store, _ isCancelled: () -> Bool) throws {
    let marked = sources
    try store.write { db throws(SQLiteError) in
      for source in marked.sorted() { try SourceTable().mark(id: source, in: db) }
    }
    let renaming = renaming
    if !renaming.isEmpty {
      try store.write { db throws(SQLiteError) in try PatternTable().rename(renaming, in: db) }
    }
    var editor = try store.wrap { db throws(SQLiteError) in try ChunkEditor(reading: db) }
    var writer = LineWriter()
    var errors = ErrorTable()
    for start in stride(from: 0, to: chunks.count, by: Self.chunksAtOnce) {
      if isCancelled() { throw PurgeCancelled() }
      var edits: [ChunkRewriting] = []
      for chunk in chunks[start...].prefix(Self.chunksAtOnce) {
        edits.append(
          try store.wrap { db throws(SQLiteError) in
            try rewriting(of: chunk, &editor, db, noting: false)
          })
      }
      try store.write { db throws(SQLiteError) in
        let known = try errors.fingerprints(in: db)
        var times: Set<Int64> = []
        for edits in edits {
          try writer.rewrite(edits, in: db)
          times.formUnion(try Self.readErrors(of: edits, &errors, in: db))
        }
        guard !times.isEmpty else { return }
        var keys = ErrorKeys()
        try errors.placeAnew(times, in: db) { line, db throws(SQLiteError) in
          try keys.key(ofLine: line, in: db)
        }
        try errors.rebuild(in: db)
        try ErrorDecisions().remove(unused: known, in: db)
      }
    }
    try writeNames(store)
    try writeErrors(store)
    try store.write { db throws(SQLiteError) in try Forgetting.removeUnused(db) }
  }

  /// How many chunks a transaction rewrites: each makes the sums of errors anew.
  private static let chunksAtOnce = 16

  /// Makes the errors of lines that have other texts now those that these texts show.
  ///
  /// Returns the times of those that were and are.
  private static func readErrors(
    of edits: ChunkRewriting, _ errors: inout ErrorTable, in db: borrowing Connection
  ) throws(SQLiteError) -> Set<Int64> {
    let lines = edits.rows.keys.map { edits.chunk + Int64($0) }
    let source = try SourceTable().row(id: edits.chunk >> 36, in: db)
    var replay = try ErrorReplay(format: source?.format, reading: db)
    var rows: [ErrorRow] = []
    for line in lines.sorted() {
      let file = try ExtentTable().file(ofLine: line, in: db)
      guard let file, try FileTable().row(id: file, in: db)?.openLine != line else { continue }
      if let row = try replay.row(line, file: file, in: db) { rows.append(row) }
    }
    // Events that are gone for their age do not come back.
    if let time = try PrunedTable().eventsBefore(source: edits.chunk >> 36, in: db) {
      let known = try ErrorChunkTable().lines((lines.min() ?? 0)...(lines.max() ?? 0), in: db)
      rows.removeAll { $0.time < time && !known.contains($0.logID) }
    }
    return try errors.replace(Set(lines), by: rows, in: db)
  }

  /// What errors are called whose lines are gone, or whose events.
  private mutating func writeErrors(_ store: borrowing Store) throws {
    guard scope.isWhole else { return }
    let redactor = redactor
    let count = try store.write { db throws(SQLiteError) in
      try ErrorTexts().replace(in: db) { redactor.changed($0) }
    }
    if !chunks.isEmpty { found.names += count }
  }

  private func writeNames(_ store: borrowing Store) throws {
    let rejects = try rejects(store)
    let states = try states(store)
    let redactor = redactor
    let isNeeded = found.names > 0
    let scope = scope
    try store.write { db throws(SQLiteError) in
      for (id, reason, text) in rejects {
        try db.run("UPDATE reject SET reason = ?, text = ? WHERE id = ?", reason, text, id)
      }
      for (file, state) in states { try TurnStateTable().write(state, ofFile: file, in: db) }
      guard isNeeded else { return }
      _ = try TurnNames().replace(in: db) { redactor.changed($0) }
      _ = try GaugeTable().replaceLabels(in: db) { redactor.changed($0) }
      guard scope.hasAllTimes else { return }
      let relabelled = try SampleTable().replaceLabels(ofSources: scope.sources, in: db) {
        redactor.changed($0)
      }
      for source in relabelled.sorted() { try SourceTable().mark(id: source, in: db) }
    }
  }

  /// What files have said so far of threads and models, without the names in question.
  private func states(
    _ store: borrowing Store
  ) throws(StorageError) -> [(file: Int64, state: [UInt8])] {
    try store.wrap { db throws(SQLiteError) in
      var changed: [(file: Int64, state: [UInt8])] = []
      var row = try db.prepare("SELECT file, state FROM turn_state")
      while try row.step() {
        let bytes = row.bytes(1)
        let old = bytes.indices.map { bytes[$0] }
        guard var state = TurnExtractor.State(encoded: old) else { continue }
        state.replaceNames({ redactor.label($0) }, listed: PriceTable.listedName)
        if state.encoded != old { changed.append((row.integer(0), state.encoded)) }
      }
      return changed
    }
  }
}

extension Redactor {
  /// A name without what the patterns match in it; nil where they match nothing.
  fileprivate func changed(_ name: String) -> String? {
    let label = label(name)
    return label == name ? nil : label
  }
}

/// The user asked to stop; what was done until then stays.
package struct PurgeCancelled: Error {}
