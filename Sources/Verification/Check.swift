/// What one check found: a row of `verify`.
package struct Check: Sendable, Equatable {
  package var name: String
  package var isOK: Bool
  /// What was looked at, or the first faults and how many more there are.
  package var detail: String

  package init(name: String, isOK: Bool, detail: String) {
    self.name = name
    self.isOK = isOK
    self.detail = detail
  }
}
