import LogModel

/// Columns of text for people, two spaces apart; numbers stand at the right.
///
/// The first rows are held back to find the widths; what comes later and is wider moves its own
/// row's rest to the right, or is elided where the table has a width. There sources give way first,
/// then other text; headings, numbers and times never do, and when that is not enough each record
/// becomes a block of lines.
struct TableRenderer: RowRenderer {
  static let rowsHeldBack = 1000
  static let bytesHeldBack = 1 << 20
  static let narrowest = 8
  static let widestComponent = 20

  private struct Cell {
    var text: String
    var width: Int
    var isNumber: Bool
    /// A number or a time, of which no part can be left out.
    var isRigid: Bool
  }

  private enum Layout {
    case columns([(width: Int, isRight: Bool)])
    /// The width of the names.
    case blocks(Int)
  }

  private let sink: TextSink
  private let style: TableStyle
  private var header: [Cell] = []
  private var levelColumn: Int?
  private var names: [String] = []
  private var isFirstBlock = true
  private var held: [[Cell]] = []
  private var heldBytes = 0
  /// Known once rows are written.
  private var layout: Layout?

  init(_ sink: TextSink, style: TableStyle) {
    self.sink = sink
    self.style = style
  }

  mutating func begin(columns: [String]) {
    header = columns.map { cell(.text($0), column: nil) }
    levelColumn = columns.firstIndex(of: "level")
    names = columns
  }

  mutating func row(_ values: [Value]) {
    let cells = values.enumerated().map { cell($1, column: $0) }
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

  /// Settles the layout and writes the header and the rows held back, once.
  private mutating func release() {
    guard layout == nil else { return }
    let layout = settled()
    self.layout = layout
    if case .columns(let places) = layout, !header.isEmpty { write(header, places, isHeader: true) }
    for row in held { write(row, layout) }
    held = []
  }

  private func settled() -> Layout {
    var widths = header.map(\.width)
    var isRight = header.map { _ in true }
    var isRigid = header.map { _ in true }
    var hasNumbers = header.map { _ in false }
    for row in held {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], cell.width)
        hasNumbers[index] = hasNumbers[index] || cell.isNumber
        isRight[index] = isRight[index] && (cell.isNumber || cell.text.isEmpty)
        isRigid[index] = isRigid[index] && (cell.isRigid || cell.text.isEmpty)
      }
    }
    isRight = zip(isRight, hasNumbers).map { $0 && $1 }
    if let width = style.width, !held.isEmpty {
      let room = width - 2 * (widths.count - 1)
      guard !style.isVertical, let fitting = narrowed(widths, isRigid, into: room) else {
        return .blocks(header.map(\.width).max() ?? 0)
      }
      widths = fitting
    }
    return .columns(zip(widths, isRight).map { (width: $0, isRight: $1) })
  }

  /// Nil when the columns cannot be made to fit.
  private func narrowed(_ widths: [Int], _ isRigid: [Bool], into room: Int) -> [Int]? {
    var widths = widths
    var minimums = widths.indices.map { index in
      isRigid[index] ? widths[index] : min(widths[index], max(header[index].width, Self.narrowest))
    }
    for index in names.indices where names[index] == "source" && !isRigid[index] {
      // Down to the longest last component, which says most.
      let components = held.map { row in
        row[index].text.split(separator: "/").last.map { displayWidth("…/" + $0) } ?? 0
      }
      let floor = max(minimums[index], min(Self.widestComponent, components.max() ?? 0))
      let excess = widths.reduce(0, +) - room
      widths[index] = max(min(floor, widths[index]), widths[index] - max(0, excess))
      minimums[index] = min(minimums[index], widths[index])
    }
    return fitted(widths, minimums: minimums, into: room)
  }

  private mutating func write(_ cells: [Cell], _ layout: Layout) {
    switch layout {
    case .columns(let places): write(cells, places)
    case .blocks(let width):
      if !isFirstBlock { sink.write(0x0A) }
      isFirstBlock = false
      for (index, (name, cell)) in zip(header, cells).enumerated() {
        let padding = String(repeating: " ", count: width - name.width + 2)
        sink.write(colored(name.text, column: index, isHeader: true))
        if !cell.text.isEmpty {
          sink.write(padding + colored(cell.text, column: index, isHeader: false))
        }
        sink.write(0x0A)
      }
    }
  }

  private func write(
    _ cells: [Cell], _ places: [(width: Int, isRight: Bool)], isHeader: Bool = false
  ) {
    var line = ""
    var pending = 0
    for (index, (cell, place)) in zip(cells, places).enumerated() {
      let isElided = style.width != nil && cell.width > place.width && !cell.isRigid
      let text =
        isElided ? elided(cell.text, to: place.width, at: elision(cell, index)) : cell.text
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

  private func elision(_ cell: Cell, _ column: Int) -> Elision {
    switch names[column] {
    case "source": .start
    case "message": .end
    default: cell.text.utf8.contains(0x20) ? .end : .middle
    }
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

  private func cell(_ value: Value, column: Int?) -> Cell {
    let text =
      switch value {
      case .null: ""
      case .integer(let number): String(number)
      case .real(let number):
        column.map { names[$0].hasSuffix("_usd") || names[$0] == "usd_per_hour" } == true
          ? money(number, isFine: style.hasFineMoney) : number.description
      case .text(let text), .json(let text): visibleLine(text)
      case .blob(let bytes): sqlBlob(bytes)
      }
    let time = style.width == nil ? nil : shortTime(text, style.precision)
    return Cell(
      text: time ?? text, width: displayWidth(time ?? text), isNumber: value.isNumber,
      isRigid: value.isNumber || time != nil)
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
