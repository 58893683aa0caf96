/// A problem and its place.
package struct YAMLError: Error, Equatable {
  /// The document's name as the caller gave it.
  package var file: String
  /// Nil when the document as a whole is meant.
  package var mark: Mark?
  package var problem: Problem
}

/// Thrown by a `Decodable` whose text has the right type but not a meaning.
///
/// The decoder adds the place and what was found.
package struct Unexpected: Error {
  package var expected: Problem.Expectation

  package init(expected: Problem.Expectation) { self.expected = expected }
}

/// A problem on its way up to where the document's name is known.
package struct Fault: Error {
  package var mark: Mark?
  package var problem: Problem
}
