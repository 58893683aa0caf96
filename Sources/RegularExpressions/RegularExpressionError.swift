/// Why a pattern cannot be compiled, or a text cannot be searched.
package enum RegularExpressionError: Error, Equatable {
  /// PCRE2's own words, and how many bytes of the pattern it had read.
  case invalidPattern(message: String, offset: Int)
  /// The pattern takes too many steps, or too much memory, on this text.
  case limitExceeded
  /// Any other code of `pcre2_match`.
  case failed(code: Int32)
  case outOfMemory
}

extension RegularExpressionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidPattern(let message, let offset): "\(message) (at byte \(offset) of the pattern)"
    case .limitExceeded: "the pattern takes too many steps on one of the texts"
    case .failed(let code): "PCRE2 error \(code)"
    case .outOfMemory: "out of memory"
    }
  }
}
