/// Bytes that a message must contain.
struct Needle {
  /// In lower case where `ignoresCase`.
  let bytes: [UInt8]
  /// Of ASCII letters only, as LIKE does.
  let ignoresCase: Bool

  /// Longer texts are searched by their beginning.
  static let maxCount = 128

  /// Nil for a text that is too short to be worth a search.
  init?(_ text: [UInt8], ignoresCase: Bool) {
    guard text.count >= 2 else { return nil }
    let part = text.prefix(Self.maxCount)
    bytes = ignoresCase ? part.map(ASCII.lowercase) : Array(part)
    self.ignoresCase = ignoresCase
  }
}

/// Finds all ways in which a needle can lie in the lines of a template that do not hold it in their
/// constant text: which parts of the needle the parameters must contribute.
///
/// A parameter may be any text, the empty one too; a time is what `TimeMask` lets it be. The answer
/// may name ways that no line takes, and never misses one.
struct NeedlePlacement {
  private let needle: Needle
  /// The template's constant text, one more than there are pieces.
  private let segments: [[UInt8]]
  private let timePiece: Int
  private let masks: [TimeMask]
  private var steps = 0

  /// For each way the longest part of the needle that stands in one parameter.
  private(set) var fragments: [Range<Int>] = []
  /// Some way takes too little from the parameters to look for it there.
  private(set) var isOpen = false

  private static let maxSteps = 2000
  private static let maxFragments = 4
  private var minFragment: Int { min(3, needle.bytes.count) }

  init(_ needle: Needle, segments: [[UInt8]], timePiece: Int, masks: [TimeMask]) {
    self.needle = needle
    self.segments = segments
    self.timePiece = timePiece
    self.masks = masks
    for piece in 0..<segments.count - 1 where !isOpen { begin(piece) }
  }

  /// The needle begins inside the piece, or in the constant text before it.
  private mutating func begin(_ piece: Int) {
    let count = needle.bytes.count
    if piece == timePiece {
      for mask in masks {
        for offset in 0..<mask.count {
          let inside = min(count, mask.count - offset)
          guard mask.fits(needle.bytes[0..<inside], at: offset, ignoringCase: needle.ignoresCase)
          else {
            continue
          }
          if inside == count { end(0..<0) } else { leave(piece, inside, 0..<0) }
        }
      }
    } else {
      end(0..<count)
      for inside in 1..<count where !isOpen { leave(piece, inside, 0..<inside) }
    }
    let before = segments[piece]
    guard !before.isEmpty else { return }
    for length in 1...min(before.count, count - 1) where !isOpen {
      if before.suffix(length).elementsEqual(needle.bytes[0..<length]) {
        enter(piece, length, 0..<0)
      }
    }
  }

  /// The needle from `position` on stands at the beginning of the piece.
  private mutating func enter(_ piece: Int, _ position: Int, _ longest: Range<Int>) {
    steps += 1
    if steps > Self.maxSteps { isOpen = true }
    let count = needle.bytes.count
    if piece == timePiece {
      for mask in masks where !isOpen {
        let inside = min(count - position, mask.count)
        guard
          mask.fits(
            needle.bytes[position..<position + inside], at: 0, ignoringCase: needle.ignoresCase)
        else { continue }
        if position + inside == count {
          end(longest)
        } else {
          leave(piece, position + inside, longest)
        }
      }
    } else {
      end(Self.longer(longest, position..<count))
      for inside in position..<count where !isOpen {
        leave(piece, inside, Self.longer(longest, position..<inside))
      }
    }
  }

  /// The piece ends before the needle's `position`.
  private mutating func leave(_ piece: Int, _ position: Int, _ longest: Range<Int>) {
    let after = segments[piece + 1]
    let rest = needle.bytes.count - position
    let shared = min(rest, after.count)
    for index in 0..<shared where after[index] != needle.bytes[position + index] { return }
    if rest <= after.count {
      end(longest)
    } else if piece + 2 < segments.count {
      enter(piece + 1, position + after.count, longest)
    }
  }

  private mutating func end(_ longest: Range<Int>) {
    if longest.count < minFragment { isOpen = true }
    if !fragments.contains(longest) { fragments.append(longest) }
    if fragments.count > Self.maxFragments { isOpen = true }
  }

  private static func longer(_ one: Range<Int>, _ other: Range<Int>) -> Range<Int> {
    other.count > one.count ? other : one
  }
}
