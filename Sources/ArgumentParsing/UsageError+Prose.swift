extension UsageError {
  /// One line that says what is wrong, without the program's name.
  package var message: String {
    switch self {
    case .unknownCommand(let name, let parent, _):
      parent.isEmpty
        ? "unknown command \(quoted(name))" : "unknown command \(quoted("\(parent) \(name)"))"
    case .unknownOption(let option, _, _): "unknown option \(quoted(option))"
    case .missingValue(let option, let placeholder):
      "\(option) needs a value: \(option) <\(placeholder.lowercased())>"
    case .unexpectedValue(let option, let value):
      "\(option) takes no value, but was given \(quoted(value))"
    case .unexpectedArgument(let argument, _): "unexpected argument \(quoted(argument))"
    case .missingArgument(let placeholder, _): "missing argument <\(placeholder.lowercased())>"
    case .missingOption(let option, _): "missing option \(option)"
    case .invalidValue(let subject, let value, let expected):
      "\(quoted(value)) is no valid value for \(subject): expected \(expected)"
    case .conflict(let first, let second): "\(first) and \(second) exclude each other"
    }
  }

  /// What to type next, where something can be said.
  package func hint(program: String) -> String? {
    switch self {
    case .unknownCommand(_, let parent, let suggestion?):
      "did you mean '\(words(program, parent, suggestion))'?"
    case .unknownOption(_, _, let suggestion?): "did you mean '\(suggestion)'?"
    case .unknownCommand(_, let parent, nil): "see '\(words(program, "help", parent))'"
    case .unknownOption(_, let command, nil), .unexpectedArgument(_, let command),
      .missingArgument(_, let command), .missingOption(_, let command):
      "see '\(words(program, "help", command))'"
    case .missingValue, .unexpectedValue, .invalidValue, .conflict: nil
    }
  }

  /// What standard error gets, without a final newline.
  ///
  ///     logbook: unknown command 'serach'
  ///     hint: did you mean 'logbook search'?
  package func description(program: String) -> String {
    let first = "\(program): \(message)"
    return hint(program: program).map { "\(first)\nhint: \($0)" } ?? first
  }
}

private func words(_ parts: String...) -> String {
  parts.filter { !$0.isEmpty }.joined(separator: " ")
}

/// In quotation marks and on one line, with control characters escaped.
private func quoted(_ text: String) -> String {
  var result = "'"
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator:
      result += scalar.escaped(asASCII: true)
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "'"
}
