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
        try RegularExpression(
          arguments.text(0), options: options.union([.dotMatchesLineEnds, .assumesValidUTF8]))
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
