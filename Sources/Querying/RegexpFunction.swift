import RegularExpressions
package import SQLite

/// Defines `regexp(pattern, text)`, which is the operator REGEXP, and `regexpi`, the same without
/// regard to case, as the stock shell has them; NULL for a NULL argument.
///
/// As there, `.` matches a line feed and `^` and `$` stand for the ends of the whole text. More than
/// there is understood: look-around, back-references, everything that PCRE2 has. A pattern that takes
/// too many steps on a text ends the statement with an error.
package func registerFunctions(on connection: borrowing Connection) throws(SQLiteError) {
  let functions: [(name: String, options: RegularExpression.Options)] = [
    ("regexp", []), ("regexpi", .ignoresCase),
  ]
  for (name, options) in functions {
    try connection.createFunction(
      name, argumentCount: 2, options: [.deterministic, .innocuous]
    ) { arguments, result in
      if arguments.isNull(0) || arguments.isNull(1) { return }
      let regex = try arguments.cached(0) { () throws(RegularExpressionError) in
        try compile(arguments.text(0), options)
      }
      let text = arguments.bytes(1)
      if (try? UTF8Span(validating: text)) != nil {
        result.set(try regex.matches(text))
      } else {
        // What a view or a function made of a blob; the shell reads U+FFFD there too.
        result.set(try regex.matches(Array(arguments.text(1).utf8).span))
      }
    }
  }
}

/// What `regexp` says of a text to which it can be applied; nil for a pattern that it refuses.
///
/// For those who leave rows out before SQLite sees them: true also where `regexp` itself has to tell,
/// or to complain.
package func regexpCondition(_ pattern: String) -> ((Span<UInt8>) -> Bool)? {
  guard let regex = try? compile(pattern, []) else { return nil }
  return { text in
    guard (try? UTF8Span(validating: text)) != nil else { return true }
    return (try? regex.matches(text)) ?? true
  }
}

private func compile(
  _ pattern: String, _ options: RegularExpression.Options
) throws(RegularExpressionError) -> RegularExpression {
  try RegularExpression(pattern, options: options.union([.dotMatchesLineEnds, .assumesValidUTF8]))
}
