import Deflate

/// Inflates chunks and turns their columns, see `ColumnWriter`, into rows; the buffers are reused.
///
/// The columns may be damaged: each byte but those of the parameters is checked, and of these where they end.
package struct ColumnReader: ~Copyable {
  /// The columns of one template.
  private struct Group {
    var template: Int64
    /// Where in `starts` its first column begins, how many columns it has, and how many rows.
    var base: Int
    var columns: Int
    var rows: Int
    /// How many of them have been used.
    var used = 0
  }

  private let inflater = Inflater()
  private var columns: [UInt8] = []
  private var groups: [Group] = []
  private var numbers = TemplateNumbers()
  /// Where the values begin: column after column, each with one more place, at which the next value would.
  private var starts: [Int32] = []
  private var parameters = ByteBuffer()
  private var offset: Int64 = 0
  private var indexed = IndexedRows()

  package init() {}

  /// Takes the data of a chunk; false where they do not inflate to `size` bytes.
  package mutating func inflate(_ data: Span<UInt8>, size: Int) -> Bool {
    // DEFLATE makes no more than 1,032 bytes of one.
    (0...Int(Int32.max)).contains(size) && (size == data.count || size / 1100 <= data.count)
      && inflater.inflate(data, size: size, into: &columns)
  }

  /// What was inflated.
  var text: Span<UInt8> {
    @_lifetime(borrow self) get { columns.span }
  }

  /// Puts the rows of what was inflated into `text`, whose contents are replaced, for `ChunkRows`; false where
  /// the columns are damaged.
  package mutating func read(into text: inout [UInt8]) -> Bool {
    var indexed = exchange(&self.indexed, with: IndexedRows())
    defer { self.indexed = indexed }
    guard index(into: &indexed) else { return false }
    var output = RowBuffer(capacity: indexed.text.count + 16 * indexed.rows.count + 2)
    for row in indexed.rows {
      if row.isDropped {
        output.append(droppedLines: row.droppedLines)
      } else {
        output.append(
          offset: row.offset, template: row.template,
          parameters: indexed.text.span.extracting(row.parameters))
      }
    }
    output.close()
    text.removeAll(keepingCapacity: true)
    text.append(output.text.span)
    return true
  }

  /// The same by their index.
  mutating func index(into rows: inout IndexedRows) -> Bool {
    let columns = exchange(&self.columns, with: [])
    defer { self.columns = columns }
    rows.rows.removeAll(keepingCapacity: true)
    rows.text.removeAll(keepingCapacity: true)
    guard indexRows(columns.span, &rows.rows) else { return false }
    rows.text.append(parameters.span)
    return true
  }

  private mutating func indexRows(_ text: Span<UInt8>, _ rows: inout [IndexedRows.Row]) -> Bool {
    parameters.removeAll()
    offset = 0
    var templates = ListCursor(position: 0)
    guard templates.pass("[[", text) else { return false }
    var steps = ListCursor(position: text.place(of: closeBracket, from: templates.position))
    guard steps.pass("],[", text) else { return false }
    var end = ListCursor(position: text.place(of: closeBracket, from: steps.position))
    guard end.pass("],", text) else { return false }
    let isByRow = end.passIf(openBracket, text)
    forgetGroups()
    guard isByRow || end.pass("{", text) && readGroups(text, &end) else { return false }
    guard readRows(text, &templates, &steps, &end, isByRow: isByRow, &rows) else { return false }
    guard !isByRow || end.passIf(closeBracket, text) else { return false }
    return end.pass("]", text) && end.position == text.count
      && groups.allSatisfy { $0.used == $0.rows }
  }

  /// `lists` stands before the rows' parameters, and then behind them, where they are row by row.
  private mutating func readRows(
    _ text: Span<UInt8>, _ templates: inout ListCursor, _ steps: inout ListCursor,
    _ lists: inout ListCursor, isByRow: Bool, _ rows: inout [IndexedRows.Row]
  ) -> Bool {
    guard templates.passIf(closeBracket, text) == steps.passIf(closeBracket, text) else {
      return false
    }
    while text[templates.position - 1] != closeBracket {
      guard rows.count < LineEncoder.maxRows, var row = indexRow(text, &templates, &steps) else {
        return false
      }
      row.start = Int32(truncatingIfNeeded: parameters.count)
      guard isByRow ? appendList(of: row, text, &lists) : appendColumns(of: row, text) else {
        return false
      }
      row.end = Int32(truncatingIfNeeded: parameters.count)
      rows.append(row)
      let isLast = templates.passIf(closeBracket, text)
      guard isLast == steps.passIf(closeBracket, text) else { return false }
      guard isLast || templates.passIf(comma, text) && steps.passIf(comma, text) else {
        return false
      }
      guard isLast || !isByRow || lists.passIf(comma, text) else { return false }
    }
    return true
  }

  private mutating func indexRow(
    _ text: Span<UInt8>, _ templates: inout ListCursor, _ steps: inout ListCursor
  ) -> IndexedRows.Row? {
    var row = IndexedRows.Row()
    guard let template = templates.number(text) else {
      return templates.pass("null", text) && steps.pass("null", text) ? row : nil
    }
    guard template > 0 else {
      guard template < -1, steps.pass("null", text) else { return nil }
      row.droppedLines = -template
      return row
    }
    guard let step = steps.number(text) else { return nil }
    let (sum, isOut) = offset.addingReportingOverflow(step)
    guard !isOut, sum >= 0 else { return nil }
    offset = sum
    row.offset = sum
    row.template = template
    return row
  }

  /// What the columns have for the row.
  private mutating func appendColumns(of row: IndexedRows.Row, _ text: Span<UInt8>) -> Bool {
    guard !row.isDropped, let number = numbers.number(of: row.template) else { return true }
    let group = groups[number]
    guard group.used < group.rows else { return false }
    groups[number].used += 1
    var place = group.base + group.used
    for _ in 0..<group.columns {
      parameters.append(
        comma, text.extracting(Int(starts[place])..<Int(starts[place + 1]) - 1))
      place += group.rows + 1
    }
    return true
  }

  /// The list that stands at the cursor, which has as many values as that of another row of the template.
  private mutating func appendList(
    of row: IndexedRows.Row, _ text: Span<UInt8>, _ cursor: inout ListCursor
  ) -> Bool {
    guard !row.isDropped else { return cursor.pass("[]", text) }
    guard cursor.pass("[", text) else { return false }
    let start = cursor.position
    var count = 0
    if !cursor.passIf(closeBracket, text) {
      repeat {
        cursor.position = ChunkRows.endOfValue(text, cursor.position)
        count += 1
      } while cursor.passIf(comma, text)
      parameters.append(comma, text.extracting(start..<cursor.position))
      guard cursor.pass("]", text) else { return false }
    }
    if let number = numbers.number(of: row.template) { return groups[number].columns == count }
    _ = numbers.add(row.template)
    groups.append(Group(template: row.template, base: 0, columns: count, rows: 0))
    return true
  }

  private mutating func forgetGroups() {
    groups.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    numbers = TemplateNumbers()
  }

  /// Finds the values of all groups; `cursor` stands behind the brace that opens them, then behind that
  /// which closes them.
  private mutating func readGroups(_ text: Span<UInt8>, _ cursor: inout ListCursor) -> Bool {
    if cursor.passIf(closeBrace, text) { return true }
    repeat {
      guard cursor.pass("\"", text), let template = cursor.number(text), cursor.pass("\":[", text),
        template > groups.last?.template ?? 0, groups.count < LineEncoder.maxRows
      else { return false }
      _ = numbers.add(template)
      var group = Group(template: template, base: starts.count, columns: 0, rows: 0)
      repeat {
        guard cursor.pass("[", text) else { return false }
        let first = starts.count
        repeat {
          starts.append(Int32(truncatingIfNeeded: cursor.position))
          cursor.position = ChunkRows.endOfValue(text, cursor.position)
        } while cursor.passIf(comma, text)
        guard cursor.pass("]", text) else { return false }
        starts.append(Int32(truncatingIfNeeded: cursor.position))
        let rows = starts.count - first - 1
        guard group.columns == 0 || group.rows == rows else { return false }
        group.rows = rows
        group.columns += 1
      } while cursor.passIf(comma, text)
      guard cursor.pass("]", text) else { return false }
      groups.append(group)
    } while cursor.passIf(comma, text)
    return cursor.pass("}", text)
  }
}

/// A place in a text of columns.
private struct ListCursor {
  var position: Int

  /// Goes behind `expected`; false where the text goes on in another way.
  mutating func pass(_ expected: StaticString, _ text: Span<UInt8>) -> Bool {
    let count = expected.utf8CodeUnitCount
    guard position + count <= text.count else { return false }
    for index in 0..<count {
      guard text[position + index] == (unsafe expected.utf8Start[index]) else { return false }
    }
    position += count
    return true
  }

  /// Goes behind the byte, if it stands here.
  mutating func passIf(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  /// The whole number that stands here, in the only way to write it; nil for none.
  mutating func number(_ text: Span<UInt8>) -> Int64? {
    let start = position
    let isNegative = passIf(UInt8(ascii: "-"), text)
    let first = position
    let (value, end) = text.decimal(from: first)
    position = end
    let isPlain = text.count > first && text[first] != 0x30 || position == first + 1 && !isNegative
    guard position > first, isPlain else {
      position = start
      return nil
    }
    return isNegative ? -value : value
  }
}

private let comma = UInt8(ascii: ",")
private let openBracket = UInt8(ascii: "[")
private let closeBracket = UInt8(ascii: "]")
private let closeBrace = UInt8(ascii: "}")
