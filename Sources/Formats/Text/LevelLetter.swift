import LogModel

/// A level that is one letter of running text.
enum LevelLetter {
  /// The level at `start`, the first word of a text, before which `token` numbers stand.
  static func find(_ line: Span<UInt8>, at start: Int, token: Int) -> LevelMatch? {
    let next = line.byte(start + 1)
    // `1702  2395 E Tag: …`: logcat with a year. `E! [inputs.cpu] …`: Telegraf.
    let isAlone = token == 2 && next == 0x20
    let isCalled = token == 0 && next == 0x21 && line.byte(start + 2) == 0x20
    guard isAlone || isCalled else { return token == 0 ? logcat(line, at: start) : nil }
    return LevelWords.severity(letter: line[start]).map {
      LevelMatch(severity: $0, end: start + (isCalled ? 2 : 1))
    }
  }

  /// `E/Tag: …` and `E/Tag  ( 123): …`; the end is behind the slash.
  static func logcat(_ line: Span<UInt8>, at start: Int) -> LevelMatch? {
    guard line.byte(start + 1) == 0x2F else { return nil }
    let letter = line[start]
    // Not `N/A` nor `C/…`: Android has six levels.
    guard letter != 0x4E, letter != 0x43, letter != 0x54,
      let severity = LevelWords.severity(letter: letter)
    else { return nil }
    var end = start + 2
    while line.byte(end).isWord || line.byte(end) == 0x2E || line.byte(end) == 0x2D { end += 1 }
    guard end >= start + 4 else { return nil }
    let isTag = line.byte(end) == 0x3A || line.byte(line.skippingBlanks(end)) == 0x28
    return isTag ? LevelMatch(severity: severity, end: start + 2) : nil
  }
}
