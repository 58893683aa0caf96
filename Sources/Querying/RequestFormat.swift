/// The formats whose lines are requests, or may be, by their names.
package enum RequestFormat: String, Sendable, CaseIterable {
  case access, higress
  /// Of some sources only, under names of their own.
  case json, logfmt

  package var isOfRecords: Bool { self == .json || self == .logfmt }
}
