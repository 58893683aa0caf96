/// `text` on one line and without anything that a terminal acts upon.
///
/// Line ends become `⏎`; control characters, and invisible ones that turn text around or hide it,
/// are written as escapes. Joiners stay, as emoji and some scripts need them.
package func visibleLine(_ text: String) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
  var result = ""
  var isAfterReturn = false
  for scalar in text.unicodeScalars {
    defer { isAfterReturn = scalar == "\r" }
    switch scalar {
    case "\n": if !isAfterReturn { result += "⏎" }
    case "\r": result += "⏎"
    default:
      if let escape = visible(scalar) {
        result += escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result
}

/// An escape for a character that must not reach a terminal, else nil.
func visible(_ scalar: Unicode.Scalar) -> String? {
  if scalar.value >= 0x20, scalar.value < 0x7F { return nil }
  switch scalar.properties.generalCategory {
  case .control:
    switch scalar {
    case "\t": return "\\t"
    case "\r": return "\\r"
    default: return "\\x" + hexadecimal(UInt8(truncatingIfNeeded: scalar.value))
    }
  case .format where scalar == "\u{200C}" || scalar == "\u{200D}": return nil
  case .format where (0xE0020...0xE007F).contains(scalar.value): return nil
  case .format, .lineSeparator, .paragraphSeparator:
    return "\\u{" + String(scalar.value, radix: 16) + "}"
  default: return nil
  }
}
