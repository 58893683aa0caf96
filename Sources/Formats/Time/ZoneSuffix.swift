import LogModel

/// The zone behind a time: `Z`, `+01:00`, ` +0100`, ` UTC`, ` PDT`.
struct ZoneSuffix {
  var offset: Int32 = 0
  var text = TimeLayout.Suffix()
  /// How many bytes it takes.
  var count = 0
}

extension TimeContext {
  /// The zone that stands at `start`, nil when none does.
  @inline(__always)
  mutating func suffix(_ line: Span<UInt8>, at start: Int) -> ZoneSuffix? {
    guard start < line.count else { return nil }
    let first = line[start]
    guard first == 0x5A || first == 0x2B || first == 0x2D || first == 0x20 || first == 0x7A else {
      return nil
    }
    if first == 0x5A, !line.byte(start &+ 1).isWord { return zulu }
    // The seven bytes that a suffix can have and the one that ends it.
    if start &+ 8 <= line.count {
      let word = line.word64(at: start)
      if word == lastSuffix.word, word != 0 { return lastSuffix.value }
      guard let suffix = Self.readSuffix(line, at: start) else { return nil }
      lastSuffix = CachedSuffix(word: word, value: suffix)
      return suffix
    }
    return Self.readSuffix(line, at: start)
  }

  private static func readSuffix(_ line: Span<UInt8>, at start: Int) -> ZoneSuffix? {
    var suffix = ZoneSuffix()
    var index = start
    let isSpaced = line[start] == 0x20
    if isSpaced { index += 1 }
    let sign = line.byte(index)
    if sign.isLetter {
      guard let offset = named(line, &index) else { return nil }
      suffix.offset = offset
    } else if sign == 0x2B || sign == 0x2D {
      index += 1
      guard let hours = line.twoDigits(at: index), hours <= 18 else { return nil }
      index += 2
      var minutes: Int?
      if line.byte(index) == 0x3A {
        minutes = line.twoDigits(at: index + 1)
        guard minutes != nil else { return nil }
        index += 3
      } else {
        minutes = line.twoDigits(at: index)
        if minutes != nil { index += 2 }
      }
      if let minutes, minutes > 59 { return nil }
      // Behind a space a number may belong to the message: only what is a zone somewhere counts.
      if isSpaced {
        guard let minutes, minutes % 15 == 0, hours <= 14 else { return nil }
      }
      let seconds = Int32(hours * 3600 + (minutes ?? 0) * 60)
      suffix.offset = sign == 0x2D ? -seconds : seconds
    } else {
      return nil
    }
    guard !line.byte(index).isWord else { return nil }
    suffix.count = index - start
    guard suffix.count <= 7 else { return nil }
    for place in start..<index where !suffix.text.append(line[place]) { return nil }
    return suffix
  }

  /// The names that RFC 5322 §4.3 defines, and UTC.
  private static func named(_ line: Span<UInt8>, _ index: inout Int) -> Int32? {
    var end = index
    var word: UInt32 = 0
    while end < index + 4, line.byte(end).isLetter {
      word = word << 8 | UInt32(line[end])
      end += 1
    }
    defer { index = end }
    switch word {
    case 0x5A, 0x7A, 0x55_5443, 0x47_4D54: return 0  // Z, z, UTC, GMT
    case 0x45_4454: return -4 * 3600  // EDT
    case 0x45_5354, 0x43_4454: return -5 * 3600  // EST, CDT
    case 0x43_5354, 0x4D_4454: return -6 * 3600  // CST, MDT
    case 0x4D_5354, 0x50_4454: return -7 * 3600  // MST, PDT
    case 0x50_5354: return -8 * 3600  // PST
    default: return nil
    }
  }
}
