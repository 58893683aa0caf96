import Deflate

/// Inflates chunks and turns their columns, see `ColumnWriter`, into rows for `ChunkRows`; the buffers are
/// reused.
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
  private var rows = ByteBuffer()

  package init() {}

  /// Takes the data of a chunk; false where they do not inflate to `size` bytes.
  package mutating func inflate(_ data: Span<UInt8>, size: Int) -> Bool {
    size <= Int32.max && inflater.inflate(data, size: size, into: &columns)
  }

  /// What was inflated.
  var text: Span<UInt8> {
    @_lifetime(borrow self) get { columns.span }
  }

  /// Puts the rows of what was inflated into `text`, whose contents are replaced; false where the columns are
  /// damaged.
  package mutating func read(into text: inout [UInt8]) -> Bool {
    let columns = exchange(&self.columns, with: [])
    defer { self.columns = columns }
    text.removeAll(keepingCapacity: true)
    guard readRows(columns.span) else { return false }
    text.append(rows.span)
    return true
  }

  private mutating func readRows(_ text: Span<UInt8>) -> Bool {
    rows.removeAll()
    var templates = ListCursor(position: 0)
    guard templates.pass("[[", text) else { return false }
    var steps = ListCursor(position: text.place(of: closeBracket, from: templates.position))
    guard steps.pass("],[", text) else { return false }
    var end = ListCursor(position: text.place(of: closeBracket, from: steps.position))
    guard end.pass("],{", text), readGroups(text, &end), end.pass("]", text) else { return false }
    guard end.position == text.count else { return false }
    rows.append(openBracket)
    guard templates.passIf(closeBracket, text) == steps.passIf(closeBracket, text) else {
      return false
    }
    var count = 0
    while text[templates.position - 1] != closeBracket {
      if count > 0 { rows.append(comma) }
      count += 1
      guard count <= LineEncoder.maxRows, appendRow(text, &templates, &steps) else { return false }
      let isLast = templates.passIf(closeBracket, text)
      guard isLast == steps.passIf(closeBracket, text) else { return false }
      guard isLast || templates.pass(",", text) && steps.pass(",", text) else { return false }
    }
    rows.append(closeBracket)
    return groups.allSatisfy { $0.used == $0.rows }
  }

  private mutating func appendRow(
    _ text: Span<UInt8>, _ templates: inout ListCursor, _ steps: inout ListCursor
  ) -> Bool {
    let (start, first) = (templates.position, steps.position)
    guard let template = templates.number(text) else {
      guard templates.pass("null", text), steps.pass("null", text) else { return false }
      rows.append("null")
      return true
    }
    guard template > 0 else {
      guard template < -1, steps.pass("null", text) else { return false }
      rows.append(decimal: -template)
      return true
    }
    guard steps.number(text) != nil else { return false }
    rows.append(openBracket, text.extracting(first..<steps.position))
    rows.append(comma, text.extracting(start..<templates.position))
    if let number = numbers.number(of: template) {
      let group = groups[number]
      guard group.used < group.rows else { return false }
      groups[number].used += 1
      var place = group.base + group.used
      for _ in 0..<group.columns {
        rows.append(
          comma, text.extracting(Int(starts[place])..<Int(starts[place + 1]) - 1))
        place += group.rows + 1
      }
    }
    rows.append(closeBracket)
    return true
  }

  /// Finds the values of all groups; `cursor` stands behind the brace that opens them, then behind that
  /// which closes them.
  private mutating func readGroups(_ text: Span<UInt8>, _ cursor: inout ListCursor) -> Bool {
    groups.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    numbers = TemplateNumbers()
    if cursor.passIf(closeBrace, text) { return true }
    repeat {
      guard cursor.pass("\"", text), let template = cursor.number(text), cursor.pass("\":[", text),
        template > groups.last?.template ?? 0
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
    var value: Int64 = 0
    while position < text.count, text[position] &- 0x30 <= 9, position - first < 18 {
      value = value * 10 + Int64(text[position] - 0x30)
      position += 1
    }
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
