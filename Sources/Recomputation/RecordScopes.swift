import LogModel
import Metrics
import SQLite
import Storage

/// The lines of one source that rules see.
struct RecordScopes: ~Copyable {
  struct Scope: Hashable {
    /// The first line.
    var start: Int64
    /// Generations; nil: all.
    var files: Set<Int64>?

    func holds(_ line: Int64, of file: Int64) -> Bool {
      line >= start && files?.contains(file) ?? true
    }
  }

  private let source: SourceRow?
  private var rules: [Int64: MetricRule]?
  private var files: [FileRow]?
  private var scopes: [Int64: Scope] = [:]

  init(_ source: Int64, reading db: borrowing Connection) throws(SQLiteError) {
    self.source = try SourceTable().row(id: source, in: db)
  }

  /// Of a rule, or of what is counted without one.
  mutating func scope(
    ofRule rule: Int64, _ db: borrowing Connection
  ) throws(SQLiteError) -> Scope {
    guard let source else { return Scope(start: 0) }
    if rule < 0 { return Scope(start: source.countedFrom ?? 0) }
    if let known = scopes[rule] { return known }
    if rules == nil {
      rules = Dictionary(
        uniqueKeysWithValues: try MetricRuleTable().rules(in: db).map { ($0.id, $0.rule) })
    }
    var scope = Scope(
      start: try MetricRuleTable().start(ofRule: rule, source: source.id, in: db) ?? 0)
    if let rule = rules?[rule], !rule.paths.isEmpty {
      if files == nil { files = try FileTable().rows(source: source.id, in: db) }
      let own = files?.filter { rule.covers(source: source.name, file: $0.path) }
      scope.files = Set((own ?? []).map(\.id))
    }
    scopes[rule] = scope
    return scope
  }
}
