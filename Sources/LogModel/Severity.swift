/// How bad a record says it is, on OpenTelemetry's six-step scale; the raw value is what the store keeps.
package enum Severity: UInt8, Sendable, Comparable, CaseIterable {
  case trace = 1
  case debug
  case info
  case warn
  case error
  case fatal

  /// The word that views, options and output use.
  package var name: String { word.description }

  /// The same, ready to be handed on without a copy.
  package var word: StaticString {
    switch self {
    case .trace: "trace"
    case .debug: "debug"
    case .info: "info"
    case .warn: "warn"
    case .error: "error"
    case .fatal: "fatal"
    }
  }

  /// Of one of the names, in letters of either case.
  package init?(name: String) {
    let name = name.lowercased()
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
