import LogModel

/// The fields that rules ask for, and what they ask of them, each once.
struct FieldTable {
  /// A condition, and the field that it is of, by its place.
  struct Entry {
    let field: Int
    let condition: FieldCondition
    /// Among the conditions of the field.
    let place: Int
  }

  private(set) var names: [String] = []
  private(set) var entries: [Entry] = []
  /// By field: how many conditions.
  private(set) var widths: [Int] = []
  private var fields: [ExactText: Int] = [:]
  private var conditions: [ExactText: Int] = [:]

  /// The place of a field.
  mutating func field(_ name: String) -> Int {
    if let known = fields[ExactText(name)] { return known }
    fields[ExactText(name)] = names.count
    names.append(name)
    widths.append(0)
    return names.count - 1
  }

  /// The place of a condition, which is written as `text`.
  mutating func condition(_ condition: FieldCondition, _ text: String) -> Int {
    if let known = conditions[ExactText(text)] { return known }
    let field = field(condition.field)
    conditions[ExactText(text)] = entries.count
    entries.append(Entry(field: field, condition: condition, place: widths[field]))
    widths[field] += 1
    return entries.count - 1
  }
}
