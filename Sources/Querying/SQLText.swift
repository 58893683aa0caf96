import LogModel

/// SQL that is read the same by every SQLite: all values stand in the text.
enum SQLText {
  /// A string literal; of a NUL, with which the SQL would end, U+2400, as it stands in the store.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar == "\0" ? "\u{2400}" : scalar)
    }
    return result + "'"
  }

  /// `text` as a GLOB pattern that stands for itself.
  static func globEscaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "*", "?", "[": result += "[\(scalar)]"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` as a regular expression that stands for itself, in PCRE2 and in the shell's dialect.
  ///
  /// The shell has no inline `(?i)`: an ASCII letter whose case is ignored becomes a class.
  static func regexEscaped(_ text: String, ignoringCase: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "(", ")", "*", ".", "+", "?", "[", "]", "$", "^", "{", "|", "}":
        result += "\\\(scalar)"
      case "a"..."z" where ignoringCase, "A"..."Z" where ignoringCase:
        let other = Unicode.Scalar(UInt8(ascii: scalar) ^ 0x20)
        result += "[\(scalar)\(other)]"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// SQL for the fixed-width time of whole seconds since 1970.
  static func timeText(seconds: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%S.000000Z', \(seconds), 'unixepoch')"
  }

  /// SQL for the fixed-width time of microseconds since 1970, as the views write it.
  static func timeText(microseconds: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%S', \(microseconds)/1000000, 'unixepoch') || '.' || substr(1000000 + \(microseconds)%1000000, 2) || 'Z'"
  }

  /// SQL for the word of a level that is stored as a number; null for none.
  static func levelName(_ level: String) -> String {
    "CASE \(level)"
      + Severity.allCases.map { " WHEN \($0.rawValue) THEN '\($0.name)'" }.joined() + " END"
  }

  /// SQL for the start of the interval that holds `value`; right before 1970 too.
  static func floored(_ value: String, to width: Int64) -> String {
    floored(value, to: "\(width)")
  }

  static func floored(_ value: String, to width: String) -> String {
    "\(value) - (\(value) % \(width) + \(width)) % \(width)"
  }
}
