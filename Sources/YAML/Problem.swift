/// What is wrong with a document.
package enum Problem: Sendable, Equatable {
  /// Not a single node: no text, or only comments.
  case empty
  /// Larger than `limit` bytes.
  case tooLarge(limit: Int)
  case utf16
  case notUTF8
  /// A character that YAML forbids, NUL above all, written as itself or as an escape.
  case forbiddenCharacter(UInt32)
  case tabIndentation
  /// What libyaml says, and the construct it was reading with the line where that begins.
  case syntax(String, context: String?, contextLine: Int?)
  case secondDocument
  case unknownTag(String)
  case undefinedAlias(String)
  case tooDeep(limit: Int)
  /// More nodes than `limit` after aliases are replaced.
  case tooManyNodes(limit: Int)
  case keyNotScalar
  case duplicateKey(String, firstLine: Int)
  case unknownKey(String, nearest: String?)
  /// A key with a meaning that this program does not carry out.
  case unsupportedKey(String)
  case missingKey(String)
  case unexpected(Found, expected: Expectation)

  package enum Found: Equatable, Sendable {
    case nothing
    case text(String)
    /// A plain scalar that is a number or a truth value, as written.
    case plain(String)
    case list
    case mapping
  }

  package enum Expectation: Equatable, Sendable {
    case text
    case truth
    case number
    case wholeNumber
    /// A whole number of a type with these bounds; they are text because types differ in width.
    case wholeNumberBetween(String, String)
    case list
    case mapping
    case oneOf([String])
    /// A noun phrase: "a duration such as 30s".
    case described(String)
  }
}
