import LogModel

/// Columns of text for people, two spaces apart; numbers stand at the right.
///
/// The first rows are held back to find the widths; what comes later and is wider moves its own
/// row's rest to the right, or is elided where the table has a width.
struct TableRenderer: RowRenderer {
  static let rowsHeldBack = 1000
  static let bytesHeldBack = 1 << 20
  static let narrowest = 8

  private struct Cell {
    var text: String
    var width: Int
    var isNumber: Bool
  }

  private let sink: TextSink
  private let style: TableStyle
  private var header: [Cell] = []
  private var levelColumn: Int?
  private var held: [[Cell]] = []
  private var heldBytes = 0
  /// Known once rows are written.
  private var layout: [(width: Int, isRight: Bool)]?

  init(_ sink: TextSink, style: TableStyle) {
    self.sink = sink
    self.style = style
  }

  mutating func begin(columns: [String]) {
    header = columns.map { cell(.text($0)) }
    levelColumn = columns.firstIndex(of: "level")
  }

  mutating func row(_ values: [Value]) {
    let cells = values.map(cell)
    if let layout { return write(cells, layout) }
    heldBytes += cells.reduce(0) { $0 + $1.text.utf8.count }
    held.append(cells)
    if held.count >= Self.rowsHeldBack || heldBytes >= Self.bytesHeldBack { release() }
  }

  mutating func end() { release() }

  mutating func flush() {
    if !held.isEmpty { release() }
    sink.flush()
  }

  /// Settles the widths and writes the header and the rows held back, once.
  private mutating func release() {
    guard layout == nil else { return }
    var widths = header.map(\.width)
    var isRight = header.map { _ in true }
    var hasNumbers = header.map { _ in false }
    for row in held {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], cell.width)
        hasNumbers[index] = hasNumbers[index] || cell.isNumber
        isRight[index] = isRight[index] && (cell.isNumber || cell.text.isEmpty)
      }
    }
    isRight = zip(isRight, hasNumbers).map { $0 && $1 }
    if let width = style.width {
      widths = fitted(
        widths, elastic: isRight.map { !$0 }, into: width - 2 * (widths.count - 1),
        minimum: Self.narrowest)
    }
    let layout = zip(widths, isRight).map { (width: $0, isRight: $1) }
    self.layout = layout
    if !header.isEmpty { write(header, layout, isHeader: true) }
    for row in held { write(row, layout) }
    held = []
  }

  private func write(
    _ cells: [Cell], _ layout: [(width: Int, isRight: Bool)], isHeader: Bool = false
  ) {
    var line = ""
    var pending = 0
    for (index, (cell, place)) in zip(cells, layout).enumerated() {
      let isElided = style.width != nil && cell.width > place.width && !cell.isNumber
      let text = isElided ? elided(cell.text, to: place.width) : cell.text
      let width = isElided ? displayWidth(text) : cell.width
      let padding = max(0, place.width - width)
      if index > 0 { pending += 2 }
      if place.isRight { pending += padding }
      if !text.isEmpty {
        line += String(repeating: " ", count: pending)
        pending = 0
        line += colored(text, column: index, isHeader: isHeader)
      }
      if !place.isRight { pending += padding }
    }
    while line.last == " " { line.removeLast() }
    sink.write(line)
    sink.write(0x0A)
  }

  private func colored(_ text: String, column: Int, isHeader: Bool) -> String {
    guard style.color else { return text }
    if isHeader { return "\u{1B}[1m\(text)\u{1B}[0m" }
    guard column == levelColumn else { return text }
    switch text {
    case "error", "fatal": return "\u{1B}[31m\(text)\u{1B}[0m"
    case "warn": return "\u{1B}[33m\(text)\u{1B}[0m"
    default: return text
    }
  }

  private func cell(_ value: Value) -> Cell {
    let text =
      switch value {
      case .null: ""
      case .integer(let number): String(number)
      case .real(let number): number.description
      case .text(let text), .json(let text): visibleLine(text)
      case .blob(let bytes): sqlBlob(bytes)
      }
    return Cell(text: text, width: displayWidth(text), isNumber: value.isNumber)
  }
}

extension Value {
  var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text, .blob, .json: false
    }
  }
}
