package import LogModel
package import SQLite

/// What must happen for the stored rules to be those of the configuration.
package struct MetricSync: Sendable {
  /// Names, in the order of the configuration; removed ones in the order of their making.
  package private(set) var added: [String] = []
  package private(set) var changed: [String] = []
  package private(set) var removed: [String] = []
  package private(set) var untouched: [String] = []

  private var new: [MetricRule] = []
  private var replacements: [(id: Int64, rule: MetricRule)] = []
  private var texts: [(id: Int64, rule: MetricRule)] = []
  private var gone: [Int64] = []

  /// Compares `rules` with those that are stored, by all of their options.
  ///
  /// Of rules with one name, equal ones are found first; the others are changed in their order. Stored
  /// rules of a name in `unknown`, of which the configuration says something that cannot be used, stay
  /// as they are, and others of that name are added beside them.
  package init(_ rules: [MetricRule], stored: [ActiveMetricRule], keeping unknown: Set<String>) {
    var left = stored
    var open: [Int] = []
    var states = [Bool](repeating: false, count: rules.count)
    for (index, rule) in rules.enumerated() {
      let place = left.firstIndex { $0.rule.hash == rule.hash }
      guard let place else {
        open.append(index)
        continue
      }
      let known = left.remove(at: place)
      states[index] = ExactText(known.rule.help) == ExactText(rule.help)
      if !states[index] || ExactText(known.rule.folder) != ExactText(rule.folder) {
        texts.append((known.id, rule))
      }
    }
    var fresh: Set<Int> = []
    for index in open {
      let name = rules[index].name
      // Which of the stored ones the unusable rule of that name was before, nobody knows.
      if !unknown.contains(name), let place = left.firstIndex(where: { $0.rule.name == name }) {
        replacements.append((left.remove(at: place).id, rules[index]))
      } else {
        fresh.insert(index)
        new.append(rules[index])
      }
    }
    for (index, rule) in rules.enumerated() {
      if states[index] {
        untouched.append(rule.name)
      } else if fresh.contains(index) {
        added.append(rule.name)
      } else {
        changed.append(rule.name)
      }
    }
    for entry in left where !unknown.contains(entry.rule.name) {
      removed.append(entry.rule.name)
      gone.append(entry.id)
    }
  }

  /// There is nothing to tell.
  package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }

  /// There is nothing to write either.
  package var isDone: Bool { isEmpty && texts.isEmpty }

  /// Does it, inside the caller's transaction.
  package func write(now: Int64, to db: borrowing Connection) throws(SQLiteError) {
    let table = MetricRuleTable()
    for id in gone { try table.remove(id, in: db) }
    for (id, rule) in replacements { try table.replace(id, by: rule, now: now, in: db) }
    for (id, rule) in texts {
      try table.set(help: rule.help, folder: rule.folder, of: id, in: db)
    }
    for rule in new { try table.insert(rule, now: now, in: db) }
  }
}
