/// The periods of constant offset in a TZif file.
struct Periods {
  var starts: [Int64]
  var offsets: [Int32]

  init(starts: [Int64], offsets: [Int32]) {
    self.starts = starts
    self.offsets = offsets
  }

  /// Nil for bytes that are not TZif of version 1 to 4.
  init?(file: [UInt8]) {
    guard let old = Header(file, at: 0) else { return nil }
    var header = old
    var start = 44
    var width = 4
    if old.version >= 0x32 {
      start += old.size(width: 4)
      guard let new = Header(file, at: start) else { return nil }
      header = new
      start += 44
      width = 8
    }
    guard start + header.size(width: width) <= file.count, header.types > 0 else { return nil }
    let kinds = start + header.times * width
    let types = kinds + header.times
    func offset(_ type: Int) -> Int32? {
      guard type < header.types else { return nil }
      return Int32(truncatingIfNeeded: file.bigEndian(at: types + 6 * type, width: 4))
    }
    guard let initial = offset(0) else { return nil }
    starts = [.min / 4]
    offsets = [initial]
    for index in 0..<header.times {
      let time = file.bigEndian(at: start + index * width, width: width)
      guard let next = offset(Int(file[kinds + index])), abs(Int64(next)) < 200_000 else {
        return nil
      }
      guard time > .min / 4 else {
        offsets[0] = next
        continue
      }
      guard starts.last.map({ $0 < time }) ?? true else { return nil }
      starts.append(time)
      offsets.append(next)
    }
    guard width == 8 else { return }
    let footer = file[(start + header.size(width: width))...].dropFirst().prefix { $0 != 0x0A }
    if let rule = ZoneRule(Array(footer)) {
      let lastYear = starts.count > 1 ? Self.year(of: starts[starts.count - 1]) : 1970
      extend(by: rule, from: lastYear)
    }
  }

  private static func year(of seconds: Int64) -> Int {
    min(max(Int(seconds / 31_556_952) + 1970, 1900), 2100)
  }

  /// Appends the changes that `rule` makes after the last one here, to the year 2100.
  mutating func extend(by rule: ZoneRule, from year: Int) {
    guard let summer = rule.summer else {
      if starts.count == 1 { offsets[0] = rule.standard }
      return
    }
    guard year <= 2100 else { return }
    for year in year...2100 {
      let begin = summer.begin.seconds(year: year) - Int64(rule.standard)
      let end = summer.end.seconds(year: year) - Int64(summer.offset)
      for change in [(begin, summer.offset), (end, rule.standard)].sorted(by: { $0.0 < $1.0 }) {
        guard let last = starts.last, change.0 > last, offsets.last != change.1 else { continue }
        starts.append(change.0)
        offsets.append(change.1)
      }
    }
  }

  private struct Header {
    var version: UInt8
    var times: Int
    var types: Int
    private var utIndicators: Int
    private var standardIndicators: Int
    private var leaps: Int
    private var characters: Int

    init?(_ file: [UInt8], at start: Int) {
      guard start + 44 <= file.count, file[start..<start + 4].elementsEqual("TZif".utf8) else {
        return nil
      }
      func count(_ index: Int) -> Int { Int(file.bigEndian(at: start + 20 + 4 * index, width: 4)) }
      version = file[start + 4]
      utIndicators = count(0)
      standardIndicators = count(1)
      leaps = count(2)
      times = count(3)
      types = count(4)
      characters = count(5)
      let counts = [utIndicators, standardIndicators, leaps, times, types, characters]
      guard counts.allSatisfy({ (0...65_536).contains($0) }) else { return nil }
    }

    /// The bytes behind the header.
    func size(width: Int) -> Int {
      times * (width + 1) + types * 6 + characters + leaps * (width + 4) + standardIndicators
        + utIndicators
    }
  }
}

extension [UInt8] {
  /// The signed number in `width` bytes from `index` on.
  fileprivate func bigEndian(at index: Int, width: Int) -> Int64 {
    var value: Int64 = self[index] >= 0x80 ? -1 : 0
    for place in index..<index + width { value = value << 8 | Int64(self[place]) }
    return value
  }
}
