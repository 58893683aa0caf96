/// A text that every match of a regular expression contains.
package enum RequiredLiteral {
  /// The longest such text that has at least three characters.
  package static func find(in pattern: String) -> String? {
    guard let required = RequiredTexts(of: pattern), !required.ignoresCase else { return nil }
    return required.texts.count == 1 ? required.texts.first : nil
  }
}
