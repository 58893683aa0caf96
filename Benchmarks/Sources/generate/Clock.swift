/// The time of the lines, in milliseconds since 2026-02-01T00:00:00Z; its months have 28 days, and it
/// runs to the end of the year.
struct Clock {
  var milliseconds: Int

  /// Where the clock of a log of so many lines stands, about.
  init(after lines: Int = 0) { milliseconds = lines * 43 }

  /// 43 ms a line on average: 2,000,000 lines make a day.
  mutating func advance(_ random: inout Random, upTo bound: Int) {
    milliseconds += random.below(bound)
  }

  private var fields: (month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    let seconds = milliseconds / 1000
    return (
      seconds / 86_400 / 28 % 11 + 2, seconds / 86_400 % 28 + 1, seconds / 3600 % 24,
      seconds / 60 % 60, seconds % 60
    )
  }

  private func writeTime(to output: inout Output) {
    let fields = fields
    output.append(UInt64(fields.hour), width: 2)
    output.append(UInt8(ascii: ":"))
    output.append(UInt64(fields.minute), width: 2)
    output.append(UInt8(ascii: ":"))
    output.append(UInt64(fields.second), width: 2)
  }

  /// As `2026-02-01T00:00:00.123Z`.
  func writeISO(to output: inout Output) {
    output.append("2026-")
    output.append(UInt64(fields.month), width: 2)
    output.append("-")
    output.append(UInt64(fields.day), width: 2)
    output.append(UInt8(ascii: "T"))
    writeTime(to: &output)
    output.append(UInt8(ascii: "."))
    output.append(UInt64(milliseconds % 1000), width: 3)
    output.append(UInt8(ascii: "Z"))
  }

  /// As `01/Feb/2026:00:00:00 +0000`.
  func writeCommonLog(to output: inout Output) {
    output.append(UInt64(fields.day), width: 2)
    output.append("/Feb/2026:")
    writeTime(to: &output)
    output.append(" +0000")
  }
}
