import LogModel
import Querying
import Reporting
import SQLite

/// Rows whose first column is a time and whose last one counts something, with a bar behind each number;
/// for that all have to be known first.
struct Histogram {
  /// Of the widest bar.
  static let widest = 40
  /// A narrower bar says nothing.
  static let narrowest = 10
  /// So many empty intervals in a row are shown; of more there is one line.
  static let gap = 3

  /// Columns that it may take.
  let width: Int
  /// Of a time, as it is shown.
  let timeWidth: Int
  /// Intervals without a row get one; nil where nothing is to be filled.
  var interval: Interval?

  init(_ writer: ResultWriter, precision: TimePrecision, interval: Interval? = nil) {
    width = writer.terminalWidth ?? 80
    // In full off a terminal; else with an offset, `2026-03-02T08:00+01:00`.
    timeWidth = writer.terminalWidth == nil ? 32 : precision == .minutes ? 22 : 29
    self.interval = interval
  }

  func write(
    _ sql: String, _ db: borrowing Connection, _ writer: inout ResultWriter
  ) throws {
    var statement = try db.prepare(sql)
    let names = (0..<statement.columnCount).map { statement.columnName($0) }
    var rows: [[Value]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map { Value(statement, $0) })
    }
    let most = rows.map(Self.amount).max() ?? 0
    let room = min(Self.widest, width - taken(names, rows))
    writer.begin(room >= Self.narrowest ? names + [""] : names)
    for row in filled(rows) where writer.isOpen {
      let drawn = bar(Self.amount(row), of: most, width: room)
      writer.row(room >= Self.narrowest ? row + [.text(drawn)] : row)
    }
    try writer.end()
  }

  private static func amount(_ row: [Value]) -> Double {
    switch row.last {
    case .integer(let count)?: Double(count)
    case .real(let amount)?: amount
    default: 0
    }
  }

  /// Columns of all but the bar, with what stands between.
  private func taken(_ names: [String], _ rows: [[Value]]) -> Int {
    var widths = names.map(displayWidth)
    widths[0] = timeWidth
    for row in rows {
      for index in row.indices.dropFirst() {
        switch row[index] {
        case .text(let text): widths[index] = max(widths[index], displayWidth(text))
        case .integer(let number): widths[index] = max(widths[index], String(number).count)
        case .real(let number): widths[index] = max(widths[index], number.description.count)
        case .json(let text): widths[index] = max(widths[index], displayWidth(text))
        default: break
        }
      }
    }
    return widths.reduce(0) { $0 + $1 + 2 }
  }

  private func filled(_ rows: [[Value]]) -> [[Value]] {
    guard let interval else { return rows }
    let width = interval.seconds * 1_000_000
    var all: [[Value]] = []
    var next: Int64?
    for row in rows {
      guard case .text(let text) = row[0], let time = Instant.parse(text) else { return rows }
      if let next, next < time {
        if (time - next) / width > Self.gap {
          all.append([.text("…"), .null])
        } else {
          for start in stride(from: next, to: time, by: Int(width)) {
            all.append([.text(Instant.text(start)), .integer(0)])
          }
        }
      }
      all.append(row)
      next = time + width
    }
    return all
  }
}
