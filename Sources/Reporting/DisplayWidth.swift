/// How many terminal columns `text` takes, which holds no control characters.
///
/// Follows UAX #11 (wide and full-width are 2) and counts a grapheme cluster that is shown as one
/// emoji as 2; ambiguous characters count as 1.
package func displayWidth(_ text: String) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.reduce(0) { $0 + displayWidth($1) }
}

func displayWidth(_ character: Character) -> Int {
  let scalars = character.unicodeScalars
  if character.isASCII { return 1 }
  guard let first = scalars.first, scalars.count > 1 else {
    return scalars.reduce(0) { $0 + displayWidth($1) }
  }
  let isEmoji =
    first.properties.isEmoji && !first.properties.isEmojiModifier
    && scalars.contains { scalar in
      scalar == "\u{FE0F}" || scalar == "\u{200D}" || scalar.properties.isEmojiModifier
    }
  let isFlag = (0x1F1E6...0x1F1FF).contains(first.value)
  if isEmoji || isFlag { return 2 }
  return scalars.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  // Vowels and final consonants of decomposed Hangul join the initial consonant's cell.
  if (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FF).contains(scalar.value) {
    return 0
  }
  let isFlagHalf = (0x1F1E6...0x1F1FF).contains(scalar.value)
  if scalar.properties.isEmojiPresentation, !isFlagHalf { return 2 }
  return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
}

/// East Asian Width W and F, less the emoji.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
  0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
  0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF,
  0x20000...0x2FFFD, 0x30000...0x3FFFD,
]
