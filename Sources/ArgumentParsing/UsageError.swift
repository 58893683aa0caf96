/// A command line that cannot be understood.
///
/// Command names are paths such as `errors list`.
package enum UsageError: Error, Equatable {
  /// `parent` is the group whose subcommand was looked for, empty at the top.
  case unknownCommand(name: String, parent: String, suggestion: String?)
  case unknownOption(String, command: String, suggestion: String?)
  case missingValue(option: String, placeholder: String)
  /// A flag was given a value.
  case unexpectedValue(option: String, value: String)
  case unexpectedArgument(String, command: String)
  case missingArgument(placeholder: String, command: String)
  case missingOption(String, command: String)
  /// `subject` is the option as it was typed, or an argument's label.
  case invalidValue(subject: String, value: String, expected: String)
  case conflict(String, String)
}
