/// Turns a chunk's rows into columns, which is how the store has them:
/// `[[template, …],[step, …],{"template":[[p1, …],[p2, …], …], …}]`.
///
/// What stands at one place of lines of one kind is alike, and side by side deflate makes a sixth less of it
/// than row by row, in less time; docs/decisions/0037 has the measurement. The templates and the steps are
/// in the order of the rows; a step is the row's offset less that of the row before it. Behind them come the
/// templates that have parameters, ascending, each with the parameters of its rows. A row that was dropped
/// is `null` in both lists; where its record had `n` lines and not one, `-n` stands among the templates.
///
/// Where parameters are long and repeat what stood shortly before in another place, see `NearRepeats`, they stay row by
/// row, and a list of lists takes the place of the object: `[[template, …],[step, …],[[p1, p2, …], …]]`, with an empty one
/// for a row that has none or was dropped.
///
/// Rows of one template have equally many parameters.
struct ColumnWriter: ~Copyable {
  struct Row {
    /// The number of its template; -1 for a row that was dropped.
    var template: Int32
    /// Where its next parameter begins, at the comma, and where the last one ends.
    var start: Int32
    var end: Int32
  }

  private var numbers = TemplateNumbers()
  private var rows: [Row] = []
  /// By the numbers of the templates.
  private var counts: [Int] = []
  private var templates: ByteBuffer
  private var steps: ByteBuffer
  private var last: Int64 = 0

  init(rows count: Int) {
    rows.reserveCapacity(count)
    templates = ByteBuffer(capacity: 4 * count + 64)
    steps = ByteBuffer(capacity: 4 * count + 64)
    templates.append(openBracket)
    steps.append(openBracket)
  }

  /// Of the rows of a text that `ChunkRows` walks; it is not damaged.
  init(rows text: Span<UInt8>, count: Int) {
    self.init(rows: count)
    var walk = ChunkRows()
    while walk.next(text) {
      if walk.isDropped {
        append(droppedLines: walk.droppedLines)
      } else {
        append(offset: walk.offset, template: walk.template, parameters: walk.parameters)
      }
    }
  }

  /// `parameters` is where they stand in the text that `write` is given, with a comma before each.
  mutating func append(offset: Int64, template: Int64, parameters: Range<Int>) {
    separate()
    templates.append(decimal: template)
    steps.append(decimal: offset - last)
    last = offset
    let number = numbers.add(template)
    if number == counts.count { counts.append(0) }
    counts[number] += 1
    rows.append(
      Row(
        template: Int32(truncatingIfNeeded: number),
        start: Int32(truncatingIfNeeded: parameters.lowerBound),
        end: Int32(truncatingIfNeeded: parameters.upperBound)))
  }

  mutating func append(droppedLines lines: Int64) {
    separate()
    if lines > 1 { templates.append(decimal: -lines) } else { templates.append("null") }
    steps.append("null")
    rows.append(Row(template: -1, start: 0, end: 0))
  }

  private mutating func separate() {
    guard !rows.isEmpty else { return }
    templates.append(comma)
    steps.append(comma)
  }

  var rowCount: Int { rows.count }

  /// Each template and the number of its rows, in no order.
  var counted: [(template: Int64, count: Int)] {
    numbers.templates.indices.map { (numbers.templates[$0], counts[$0]) }
  }

  /// The columns of the rows that were appended; done once.
  mutating func write(_ text: Span<UInt8>) -> ByteBuffer {
    var output = ByteBuffer(capacity: text.count + templates.count + steps.count + 1024)
    output.append(openBracket)
    output.append(templates.span)
    output.append("],")
    output.append(steps.span)
    output.append("],")
    if NearRepeats.areMany(in: rows, text) {
      writeRows(text, to: &output)
    } else {
      writeGroups(text, to: &output)
    }
    output.append(closeBracket)
    return output
  }

  private func writeRows(_ text: Span<UInt8>, to output: inout ByteBuffer) {
    var separator = openBracket
    for row in rows {
      output.append(separator)
      separator = comma
      output.append(openBracket)
      // Behind the first comma.
      if row.start < row.end { output.append(text.extracting(Int(row.start) + 1..<Int(row.end))) }
      output.append(closeBracket)
    }
    output.append(closeBracket)
  }

  private mutating func writeGroups(_ text: Span<UInt8>, to output: inout ByteBuffer) {
    output.append(UInt8(ascii: "{"))
    let ordered = rowsByTemplate()
    var isFirst = true
    let ascending = numbers.templates.indices.sorted {
      numbers.templates[$0] < numbers.templates[$1]
    }
    for number in ascending {
      let range = ordered.ends[number] - counts[number]..<ordered.ends[number]
      let first = rows[ordered.rows[range.lowerBound]]
      guard first.start < first.end else { continue }
      if !isFirst { output.append(comma) }
      isFirst = false
      output.append(quote)
      output.append(decimal: numbers.templates[number])
      output.append("\":")
      writeColumns(of: ordered.rows.span.extracting(range), text, to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  /// The rows of one template after those of the other, and where those of each end.
  private func rowsByTemplate() -> (rows: [Int], ends: [Int]) {
    var ends: [Int] = []
    var sum = 0
    for count in counts {
      ends.append(sum)
      sum += count
    }
    var ordered = [Int](repeating: 0, count: sum)
    for index in rows.indices where rows[index].template >= 0 {
      let template = Int(rows[index].template)
      ordered[ends[template]] = index
      ends[template] += 1
    }
    return (ordered, ends)
  }

  /// Of one template's rows, which have equally many parameters, and at least one.
  private mutating func writeColumns(
    of selected: Span<Int>, _ text: Span<UInt8>, to output: inout ByteBuffer
  ) {
    var opening = openBracket
    while rows[selected[0]].start < rows[selected[0]].end {
      output.append(opening)
      opening = comma
      var separator = openBracket
      for index in selected.indices {
        let start = Int(rows[selected[index]].start) + 1
        let end = ChunkRows.endOfValue(text, start)
        output.append(separator, text.extracting(start..<end))
        separator = comma
        rows[selected[index]].start = Int32(truncatingIfNeeded: end)
      }
      output.append(closeBracket)
    }
    output.append(closeBracket)
  }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let openBracket = UInt8(ascii: "[")
private let closeBracket = UInt8(ascii: "]")
