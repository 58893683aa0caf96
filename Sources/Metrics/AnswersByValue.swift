/// What the conditions of each field said of the values that were seen last, a byte for each condition.
///
/// It has few rows: most fields have few values, or almost none twice.
struct AnswersByValue {
  private static let rows = 64
  /// Longer values are not known again.
  private static let longestValue = 128
  /// The kind of no value.
  private static let none = UInt8.max

  /// By field.
  private let widths: [Int]
  private let starts: [Int]
  /// By field and row.
  private var values: [[UInt8]]
  private var kinds: [UInt8]
  private var answers: [UInt8]

  init(widths: [Int]) {
    self.widths = widths
    var starts: [Int] = []
    var count = 0
    for width in widths {
      starts.append(count)
      count += width * Self.rows
    }
    self.starts = starts
    values = [[UInt8]](repeating: [], count: widths.count * Self.rows)
    kinds = [UInt8](repeating: Self.none, count: widths.count * Self.rows)
    answers = [UInt8](repeating: 0, count: count)
  }

  /// Where the answers for a value of a field begin; they are 0 where nothing was said.
  mutating func row(of value: ArraySlice<UInt8>, kind: UInt8, _ field: Int) -> Int {
    let width = widths[field]
    guard width > 0 else { return 0 }
    let row = Self.row(of: value)
    let start = starts[field] + row * width
    let place = field * Self.rows + row
    if kinds[place] == kind, values[place].elementsEqual(value) { return start }
    let isShort = value.count <= Self.longestValue
    kinds[place] = isShort ? kind : Self.none
    values[place].removeAll(keepingCapacity: true)
    if isShort { values[place].append(contentsOf: value) }
    for index in start..<start + width { answers[index] = 0 }
    return start
  }

  private static func row(of value: ArraySlice<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in value { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return Int(truncatingIfNeeded: hash >> 40) & (rows - 1)
  }

  subscript(index: Int) -> UInt8 {
    @inline(__always) get { answers[index] }
    @inline(__always) set { answers[index] = newValue }
  }
}
