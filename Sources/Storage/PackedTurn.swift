import LogModel
import Pricing

/// A turn of a gateway's log in numbers, as `turn_chunk` holds it.
package struct PackedTurn: Sendable {
  /// `turn.id`.
  package var id: Int64
  package var logID: Int64
  /// Microseconds since 1970.
  package var time: Int64
  var key: Int64
  /// By `Column`.
  private var numbers = InlineArray<28, Int64>(repeating: absent)

  /// What stands for NULL.
  static let absent = Int64.min

  init(id: Int64, logID: Int64, time: Int64, key: Int64) {
    (self.id, self.logID, self.time, self.key) = (id, logID, time, key)
  }

  /// The other columns of the table `turn`, as they follow each other in a row of JSON: those that
  /// mostly say nothing come last.
  package enum Column: Int, CaseIterable, Sendable {
    case session, model, agent, input, cache_read, output, reasoning, latency_ms, first_token_ms
    case stream, status, consumer, route, round, price, match, cost_nano, saved_nano
    case claimed_reasoning, failure, tool_calls, suspect, invalid_time
    case cache_write_5m, cache_write_1h, tier, rank, tie

    package var name: String { "\(self)" }

    /// What a row says that ends before it; nil is NULL.
    package var missing: Int64? {
      switch self {
      case .input, .cache_read, .output, .reasoning, .tool_calls, .suspect, .invalid_time,
        .cache_write_5m, .cache_write_1h, .rank, .tie:
        0
      default: nil
      }
    }

    static let all = allCases

    /// Those that hold numbers of `turn_label`.
    static let labels: [Column] = [.model, .agent, .failure, .consumer, .route, .tier]
  }

  package subscript(_ column: Column) -> Int64? {
    get {
      let number = numbers.span[column.rawValue]
      return number == Self.absent ? nil : number
    }
    set { numbers[column.rawValue] = newValue ?? Self.absent }
  }

  /// Without the last ones that say nothing.
  fileprivate func appendNumbers(to text: inout [UInt8]) {
    let numbers = numbers.span
    var end = numbers.count
    while end > 0, numbers[end - 1] == Self.missing[end - 1] { end -= 1 }
    for index in 0..<end {
      text.append(UInt8(ascii: ","))
      if numbers[index] != Self.absent {
        text.append(decimal: numbers[index])
      } else {
        text.append(UInt8(ascii: "n"))
        text.append(UInt8(ascii: "u"))
        text.append(UInt8(ascii: "l"))
        text.append(UInt8(ascii: "l"))
      }
    }
  }

  fileprivate static let missing = Column.all.map { $0.missing ?? absent }

  /// Of two with one key the higher one is the turn.
  var rank: (Int64, Int64) { (self[.rank] ?? 0, self[.tie] ?? 0) }

  /// Whether a turn is kept in chunks: it is known to one source only, and asks for no column that they
  /// have not.
  static func holds(_ turn: TurnRow) -> Bool {
    turn.agent == Turn.Agent.higress.rawValue && turn.key != nil && !turn.isShared
      && turn.project == nil && turn.requestID == nil
  }

  var tokens: TokenUsage {
    TokenUsage(
      uncachedInput: self[.input] ?? 0, cacheRead: self[.cache_read] ?? 0,
      cacheWrite5m: self[.cache_write_5m] ?? 0, cacheWrite1h: self[.cache_write_1h] ?? 0,
      visibleOutput: self[.output] ?? 0, reasoning: self[.reasoning] ?? 0)
  }

  mutating func take(_ bill: Bill) {
    self[.price] = bill.price
    self[.match] = bill.match?.rawValue
    self[.cost_nano] = bill.nanoUSD
    self[.saved_nano] = bill.savedNanoUSD
  }

  var bill: Bill {
    Bill(
      price: self[.price], match: self[.match].flatMap { Match(rawValue: $0) },
      nanoUSD: self[.cost_nano],
      savedNanoUSD: self[.saved_nano])
  }
}

/// The rows of a `turn_chunk` as JSON, see the schema.
struct PackedRows {
  var firstID: Int64
  var firstLine: Int64
  /// Microseconds; times are in `unit` from it on.
  var start: Int64
  var unit: Int64

  static let units: [Int64] = [1_000_000, 1000, 1]

  /// For turns that are then written.
  init(of turns: [PackedTurn]) {
    firstID = turns.lazy.map(\.id).min() ?? 0
    firstLine = turns.lazy.map(\.logID).min() ?? 0
    let start = turns.lazy.map(\.time).min() ?? 0
    self.start = start
    unit = Self.units.first { unit in turns.allSatisfy { ($0.time &- start) % unit == 0 } } ?? 1
  }

  init(firstID: Int64, firstLine: Int64, start: Int64, unit: Int64) {
    (self.firstID, self.firstLine, self.start, self.unit) = (firstID, firstLine, start, unit)
  }

  func json(_ turns: [PackedTurn]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(turns.count * 96)
    for turn in turns {
      text.append(text.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
      text.append(UInt8(ascii: "["))
      text.append(decimal: turn.id &- firstID)
      text.append(UInt8(ascii: ","))
      text.append(decimal: turn.logID &- firstLine)
      text.append(UInt8(ascii: ","))
      text.append(decimal: (turn.time &- start) / unit)
      turn.appendNumbers(to: &text)
      text.append(UInt8(ascii: "]"))
    }
    text.append(UInt8(ascii: "]"))
    return text
  }

  /// `width` numbers of each turn: id, line, time and the other columns; nil where `json` is nothing that
  /// `json(_:)` made of `count` turns.
  func numbers(_ json: Span<UInt8>, count: Int) -> [Int64]? {
    var numbers: [Int64] = []
    numbers.reserveCapacity(count * Self.width)
    var reader = NumberReader()
    guard reader.take(UInt8(ascii: "["), json) else { return nil }
    repeat {
      guard numbers.count < count * Self.width, reader.take(UInt8(ascii: "["), json) else {
        return nil
      }
      let bases = [(firstID, 1), (firstLine, 1), (start, unit)]
      for (place, base) in bases.enumerated() {
        guard place == 0 || reader.take(UInt8(ascii: ","), json), let number = reader.number(json),
          number >= 0, number <= (Int64.max - max(0, base.0)) / base.1
        else { return nil }
        numbers.append(base.0 + number * base.1)
      }
      var left = PackedTurn.missing.count
      while left > 0, reader.take(UInt8(ascii: ","), json) {
        guard let number = reader.number(json) else { return nil }
        numbers.append(number)
        left &-= 1
      }
      while left > 0 {
        numbers.append(PackedTurn.missing[PackedTurn.missing.count &- left])
        left &-= 1
      }
      guard reader.take(UInt8(ascii: "]"), json) else { return nil }
    } while reader.take(UInt8(ascii: ","), json)
    guard reader.take(UInt8(ascii: "]"), json), reader.position == json.count,
      numbers.count == count * Self.width
    else { return nil }
    return numbers
  }

  static let width = 3 + PackedTurn.Column.all.count
}

/// Reads the JSON of numbers that `PackedRows` writes.
private struct NumberReader {
  private(set) var position = 0

  @inline(__always)
  mutating func take(_ byte: UInt8, _ json: Span<UInt8>) -> Bool {
    guard position < json.count, json[position] == byte else { return false }
    position &+= 1
    return true
  }

  /// A number, or `PackedTurn.absent` for `null`.
  @inline(__always)
  mutating func number(_ json: Span<UInt8>) -> Int64? {
    if take(UInt8(ascii: "n"), json) {
      position &+= 3
      return PackedTurn.absent
    }
    let isNegative = take(UInt8(ascii: "-"), json)
    let begin = position
    var value: Int64 = 0
    while position < json.count, case let digit = json[position] &- 0x30, digit < 10 {
      value = value &* 10 &+ Int64(digit)
      position &+= 1
    }
    return position == begin ? nil : isNegative ? 0 &- value : value
  }
}

extension PackedTurn {
  /// `numbers` are `PackedRows.width`.
  init(_ numbers: ArraySlice<Int64>, key: Int64) {
    let first = numbers.startIndex
    self.init(id: numbers[first], logID: numbers[first + 1], time: numbers[first + 2], key: key)
    for column in Column.all {
      let number = numbers[first + 3 + column.rawValue]
      self[column] = number == Self.absent ? nil : number
    }
  }
}
