import Querying

/// What a log says in a field, as commands can hold it.
struct FieldValue {
  private let value: String

  /// What takes more is not written out.
  private static let limit = 1000

  init(_ value: String) { self.value = value }

  /// Whether a word of a query can hold it: an address of IPv4 or IPv6.
  var isAddress: Bool {
    !value.isEmpty && value.utf8.count < 64
      && value.utf8.allSatisfy {
        Character(Unicode.Scalar($0)).isHexDigit || $0 == 0x2E || $0 == 0x3A
      }
  }

  /// In quotes, for behind `name:` in a query; nil for what cannot be seen, for what is very long, and for what literals of
  /// JSON look like there.
  var query: String? {
    guard !["null", "true", "false"].contains(value), value.utf8.count <= Self.limit,
      value.unicodeScalars.allSatisfy(Self.isVisible)
    else {
      return nil
    }
    return "\"" + value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
  }

  /// A condition on the field of the name; of what is very long its length, its beginning and its end.
  func sql(_ name: String) -> String {
    let field = "CAST(attributes->>'$.\(name)' AS TEXT)"
    guard value.utf8.count > Self.limit else { return "\(field) = \(Self.literal(value))" }
    let (scalars, part) = (Array(value.unicodeScalars), 100)
    func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      return Self.literal(String(text))
    }
    return """
      length(\(field)) = \(scalars.count) AND substr(\(field), 1, \(part)) = \(text(scalars.prefix(part))) \
      AND substr(\(field), -\(part)) = \(text(scalars.suffix(part)))
      """
  }

  /// Of SQL; what cannot be seen stands in escapes of JSON.
  private static func literal(_ text: String) -> String {
    if text.unicodeScalars.allSatisfy(isVisible) { return "'\(sqlText(text))'" }
    var json = ""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" {
        json += "\\\(scalar)"
      } else if isVisible(scalar) {
        json.unicodeScalars.append(scalar)
      } else {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return "('\"\(sqlText(json))\"'->>'$')"
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value != 0x7F
      && ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
        scalar.properties.generalCategory)
  }
}
