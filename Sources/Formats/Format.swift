package import LogModel

/// One way of writing a log line.
///
/// A format is one file and one line in `Formats.all`.
package protocol Format: Sendable {
  /// What the command line and the store call it.
  static var name: String { get }
  /// Other names that people use for it.
  static var aliases: [String] { get }
  /// One sentence for a list of formats.
  static var summary: String { get }
  /// Whether a line that is not of this format continues the record before it.
  static var isMultiline: Bool { get }

  init()

  /// Reads one line without its line end. `head` comes in fresh; its state is unspecified after
  /// false, which means that the line is not of this format.
  mutating func parse(
    _ line: Span<UInt8>, _ context: inout TimeContext, into head: inout LineHead
  ) -> Bool

  /// The fields of a record, in the order of the line: those of the names, and perhaps others.
  ///
  /// A record of several lines shows those of its first line, unless the format joins lines. Not made for speed.
  func attributes(
    of record: Span<UInt8>, among names: FieldNames
  ) -> [(key: String, value: Value)]
}

extension Format {
  package static var aliases: [String] { [] }
  package static var isMultiline: Bool { false }
  package func attributes(
    of record: Span<UInt8>, among _: FieldNames
  ) -> [(key: String, value: Value)] { [] }
}

package enum Formats {
  /// In the order in which detection prefers them: what says more about a line stands first.
  package static let all: [any Format.Type] = [
    DockerJSON.self, CRI.self, Higress.self, JSONLines.self, RFC5424.self, AccessLog.self,
    Syslog.self, Logfmt.self, Generic.self, Raw.self,
  ]

  package static var names: [String] { all.map { $0.name } }

  /// The format of a name or an alias.
  package static func format(named name: String) -> (any Format.Type)? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }
}
