package import LogModel

/// A search query after parsing: what a line has to satisfy.
package indirect enum Expression: Sendable, Equatable {
  case everything
  case all([Expression])
  case any([Expression])
  case not(Expression)
  case text(TextTerm)
  /// A pattern of PCRE2 that matches somewhere in the message.
  case regex(String)
  case field(String, FieldTest)
  /// At least this level.
  case level(Severity)
  /// A source's name, in which `*` stands for any characters.
  case source(String)
  case pattern(Int64)
  /// Lines that show a turn of this session.
  case session(SessionKey)
  /// Lines that show an event of this error; copies are none.
  case error(Int64)

  func renamingPatterns(_ current: (Int64) throws -> Int64) rethrows -> Expression {
    switch self {
    case .all(let parts): .all(try parts.map { try $0.renamingPatterns(current) })
    case .any(let parts): .any(try parts.map { try $0.renamingPatterns(current) })
    case .not(let part): .not(try part.renamingPatterns(current))
    case .pattern(let id): .pattern(try current(id))
    case .everything, .text, .regex, .field, .level, .source, .session, .error: self
    }
  }
}

/// How a session is asked for.
package enum SessionKey: Sendable, Equatable {
  /// Written in quotes.
  case exactly(String)
  /// `*` stands for any characters.
  case like(String)
}

/// A literal text somewhere in the message, between word edges where it is not open.
///
/// A word edge is a place without an ASCII letter, digit, `_` or byte from 0x80 on beside it. Only an
/// end of the literal that is itself such a byte needs an edge: `c++` is found in `c++11`, `c` is not.
package struct TextTerm: Sendable, Equatable {
  /// Never empty.
  package var literal: String
  /// Written `*literal`: a word may begin further left.
  package var opensLeft = false
  /// Written `literal*`: a word may go on to the right.
  package var opensRight = false

  package init(_ literal: String, opensLeft: Bool = false, opensRight: Bool = false) {
    self.literal = literal
    self.opensLeft = opensLeft
    self.opensRight = opensRight
  }

  var needsLeftEdge: Bool { !opensLeft && (literal.utf8.first.map(Word.holds) ?? false) }
  var needsRightEdge: Bool { !opensRight && (literal.utf8.last.map(Word.holds) ?? false) }
}

/// What is asked of one parsed field.
package enum FieldTest: Sendable, Equatable {
  /// The field's value as text has this form, or the line holds the text `name:value` as it was
  /// typed: `status:500` asks for a field, `agent:main:4711` is an identifier that was pasted.
  case value(TextTerm)
  /// The field is there; written `name:*`.
  case exists
  /// The field's value is exactly this text; written in quotes.
  case exactly(String)
  /// The field is a number and compares so; the operand is kept as it was typed.
  case compares(Comparison, String)

  package enum Comparison: String, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }
}
