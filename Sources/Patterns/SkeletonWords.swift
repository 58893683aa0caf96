import LogModel

/// The words of skeletons by their place, and which skeletons have the same word at the same place.
struct SkeletonWords {
  /// What the members of a group share: their number of words, and the largest set of words that
  /// stand in the same skeletons, of all lengths.
  struct Root: Hashable {
    var words: Int
    /// Of the set of skeletons.
    var identity: UInt64
    /// How many words of the skeleton stand in it.
    var count: Int
  }

  /// A column in which the members of a group differ, and the punctuation that its words share.
  struct Column {
    var place: Int
    var prefix: Int
    var suffix: Int
  }

  /// A column with this many words is a value, though each of them be rare.
  private static let minValues = 4
  /// The words behind this many are one.
  private static let maxWords = 128

  private let texts: [[UInt8]]
  /// Where the words stand in their texts; there may be a million.
  private var ranges: [Range<Int32>] = []
  /// Of each text the index of its first word.
  private var starts: [Int] = []
  /// Of each word its row in `counts` and `identities`.
  private var places: [Int32] = []
  /// How many skeletons have the word at the place.
  private var counts: [Int32] = []
  /// The sum of these skeletons' hashes, which no order changes.
  private var identities: [UInt64] = []

  init(_ texts: [[UInt8]]) {
    self.texts = texts
    var rows: [UInt64: Int32] = [:]
    for text in texts {
      starts.append(ranges.count)
      let words = Self.split(text)
      let skeleton = Self.hash(text.span, seed: 0)
      for (place, range) in words.enumerated() {
        let key = Self.hash(text.span.extracting(range), seed: UInt64(place) &+ 1)
        let row = rows[key, default: Int32(counts.count)]
        if row == counts.count {
          rows[key] = row
          counts.append(0)
          identities.append(0)
        }
        counts[Int(row)] += 1
        identities[Int(row)] &+= skeleton
        places.append(row)
      }
      for word in words { ranges.append(Int32(word.lowerBound)..<Int32(word.upperBound)) }
    }
    starts.append(ranges.count)
  }

  private func bounds(ofWord word: Int) -> Range<Int> {
    Int(ranges[word].lowerBound)..<Int(ranges[word].upperBound)
  }

  private static func hash(_ bytes: Span<UInt8>, seed: UInt64) -> UInt64 {
    var hash = StableHash()
    hash.add(seed)
    hash.add(bytes)
    return UInt64(bitPattern: hash.value)
  }

  /// Words end at a blank and behind `=`.
  private static func split(_ text: [UInt8]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    for (index, byte) in text.enumerated() where words.count < maxWords - 1 {
      if byte == UInt8(ascii: " ") {
        if start < index { words.append(start..<index) }
        start = index + 1
      } else if byte == UInt8(ascii: "=") {
        words.append(start..<index + 1)
        start = index + 1
      }
    }
    if start < text.count { words.append(start..<text.count) }
    return words
  }

  /// Of two sets of words as large, that with the first word.
  func root(of text: Int) -> Root {
    let own = places[starts[text]..<starts[text + 1]].map { identities[Int($0)] }
    var root = Root(words: own.count, identity: 0, count: 0)
    for (index, identity) in own.enumerated() where own.count - index > root.count {
      guard identity != root.identity else { continue }
      let count = own[index...].count { $0 == identity }
      if count > root.count { (root.identity, root.count) = (identity, count) }
    }
    return root
  }

  /// The columns whose words are values, in a group of texts that have `root`.
  ///
  /// Of the words that differ, those more common than the root are what many events take as values,
  /// those less common are values if there are several, and else the words of events of their own. The
  /// text that is first in the order of bytes speaks for the group.
  func variableColumns(_ members: [Int], _ root: Root) -> [Column] {
    var speaker = members[0]
    for member in members.dropFirst() where isBefore(member, speaker) { speaker = member }
    let first = starts[speaker]
    var rootCount: Int32 = 0
    for place in 0..<root.words where identities[Int(places[first + place])] == root.identity {
      rootCount = counts[Int(places[first + place])]
    }
    var columns: [Column] = []
    for place in 0..<root.words {
      let word = places[first + place]
      guard members.contains(where: { places[starts[$0] + place] != word }) else { continue }
      let count = counts[Int(word)]
      let isValue =
        count > rootCount || count < rootCount && hasManyWords(members, place)
      if isValue { columns.append(column(members, place)) }
    }
    return columns
  }

  private func hasManyWords(_ members: [Int], _ place: Int) -> Bool {
    var seen: Set<Int32> = []
    for member in members where seen.insert(places[starts[member] + place]).inserted {
      if seen.count >= Self.minValues { return true }
    }
    return false
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    texts[left].lexicographicallyPrecedes(texts[right])
  }

  /// The prefix is told first: in a word that is punctuation only, no byte is in both.
  private func column(_ members: [Int], _ place: Int) -> Column {
    let model = word(members[0], place)
    var prefix = model.prefix { Self.isShared($0) }.count
    for member in members.dropFirst() {
      let other = word(member, place)
      prefix = zip(model.prefix(prefix), other).prefix { $0 == $1 }.count
    }
    var suffix = model.dropFirst(prefix).reversed().prefix { Self.isShared($0) }.count
    for member in members.dropFirst() {
      let other = word(member, place).dropFirst(prefix)
      suffix = zip(model.reversed().prefix(suffix), other.reversed()).prefix { $0 == $1 }.count
    }
    return Column(place: place, prefix: prefix, suffix: suffix)
  }

  private func word(_ text: Int, _ place: Int) -> ArraySlice<UInt8> {
    texts[text][bounds(ofWord: starts[text] + place)]
  }

  private static func isShared(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ";"),
      UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "\""),
      UInt8(ascii: "|"), UInt8(ascii: "="):
      true
    default: false
    }
  }

  func text(of text: Int, masking columns: [Column]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    for column in columns {
      let range = bounds(ofWord: starts[text] + column.place)
      result.append(contentsOf: texts[text][position..<range.lowerBound + column.prefix])
      result.append(contentsOf: Skeleton.wildcard.utf8)
      position = range.upperBound - column.suffix
    }
    result.append(contentsOf: texts[text][position...])
    return result
  }
}
