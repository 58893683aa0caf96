/// Why a search query cannot be understood, and which bytes of it are to blame.
package struct QueryError: Error, Equatable {
  package var situation: Situation
  /// Bytes of the query's text; empty where something is missing.
  package var range: Range<Int>

  package enum Situation: Sendable, Equatable {
    case unclosedParenthesis
    case unopenedParenthesis
    case emptyParentheses
    /// `OR`, `AND`, `NOT` or `-` without what it needs on one side.
    case missingTerm(operator: String)
    case unclosedPhrase
    case emptyPhrase
    /// A `*` between other characters of a word.
    case starInside
    case notANumber(field: String)
    case unknownLevel(String)
    case notAPatternID(String)
    case notAnErrorID(String)
    case invalidRegex(message: String)
    case tooLong(limit: Int)
    case tooManyTerms(limit: Int)
    case tooDeep(limit: Int)
  }
}
