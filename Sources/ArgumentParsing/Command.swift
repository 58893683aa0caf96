/// A set of options that is filled in from words: a command, or the options all commands share.
package protocol OptionGroup: Sendable {
  static var options: [Option<Self>] { get }
  /// Every property at its default.
  init()
}

/// A subcommand as data: parser, help and suggestions are derived from its tables.
///
///     struct Ingest: Command {
///       static let name = "ingest"
///       static let abstract = "Read log files."
///       static let arguments: [Argument<Self>] = [
///         .many("PATH", help: "Files, folders or quoted globs.", sets: \.paths)
///       ]
///       static let options: [Option<Self>] = [
///         .value("source", "s", "NAME", help: "The source's name.", sets: \.source),
///         .flag("follow", "f", help: "Keep reading as the files grow.", sets: \.follow),
///       ]
///       var paths: [String] = []
///       var source: String?
///       var follow = false
///     }
package protocol Command: OptionGroup {
  static var name: String { get }
  /// One sentence for the list of subcommands and the head of the command's help.
  static var abstract: String { get }
  /// Paragraphs below the abstract; indented lines are not wrapped.
  static var discussion: String { get }
  static var arguments: [Argument<Self>] { get }
  /// Command lines, each with what it does.
  static var examples: [(String, String)] { get }
  /// Whether `-word` is an argument unless it is made of short options only, as in a query language
  /// that negates with `-`. A short option's attached value then has to begin with a digit or `=`.
  static var passesUnknownDashesThrough: Bool { get }
  /// Checks what no single option can see, such as two options that exclude each other.
  func validate() throws(UsageError)
}

extension Command {
  package static var discussion: String { "" }
  package static var arguments: [Argument<Self>] { [] }
  package static var options: [Option<Self>] { [] }
  package static var examples: [(String, String)] { [] }
  package static var passesUnknownDashesThrough: Bool { false }
  package func validate() throws(UsageError) {}
}

/// Thrown by `parse:` closures.
package struct InvalidValue: Error, Equatable {
  /// What would have been right, as a noun phrase: `a duration such as 30s or 4h`.
  package var expected: String

  package init(expected: String) { self.expected = expected }
}
