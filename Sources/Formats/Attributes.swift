package import LogModel

/// Parsed fields by their names.
package enum Attributes {
  /// `a.b` is the field `a.b` itself, or else `b` in the object `a`; nil where there is neither.
  package static func value(
    of name: String, in fields: [(key: String, value: Value)]
  ) -> Value? {
    if let field = fields.first(where: { $0.key == name }) { return field.value }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, !parts.contains(where: \.isEmpty) else { return nil }
    var members = fields
    var found: Value?
    for part in parts {
      guard let member = members.first(where: { $0.key == part }) else { return nil }
      found = member.value
      members = []
      if case .json(let text) = member.value { members = JSONAttributes.members(of: text) }
    }
    return found
  }
}
