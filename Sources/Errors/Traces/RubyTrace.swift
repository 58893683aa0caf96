/// `app/orders.rb:12:in 'place': message (Type)` and `from …`; a second such line is the cause.
enum RubyTrace: TraceLanguage {
  static func exceptions(in lines: [Line]) -> [RaisedException] {
    guard let first = lines.firstIndex(where: { place(in: $0.trimmed) != nil }) else { return [] }
    var found: [RaisedException] = []
    for (index, line) in lines.enumerated().dropFirst(first) {
      let line = line.trimmed
      guard let place = place(in: line) else { continue }
      let isFrom = line.begins(with: "from ")
      let said = line[place.end...].dropping(": ")
      if found.isEmpty || said != nil && !isFrom {
        var exception = RaisedException()
        if let said { (exception.type, exception.message) = header(said, lines, index) }
        if exception.type == nil { take(lines[..<first], &exception) }
        found.append(exception)
      }
      found[found.count - 1].frames.append(place.frame)
    }
    return found.reversed()
  }

  /// The frame of a line, and where its name ends.
  private static func place(in line: Line) -> (frame: Frame, end: Int)? {
    let line = line.dropping("from ") ?? line
    guard let mark = line.range(of: ":in ") else { return nil }
    let path = SourcePath.withoutPosition(line[..<mark.lowerBound])
    guard path.endIndex < mark.lowerBound, mark.upperBound < line.endIndex,
      path.ends(with: ".rb") || path.begins(with: "<internal:") || path.contains("/bin/"),
      line[mark.upperBound] == UInt8(ascii: "'") || line[mark.upperBound] == UInt8(ascii: "`")
    else { return nil }
    let start = mark.upperBound + 1
    guard let close = line[start...].firstIndex(of: UInt8(ascii: "'")) else { return nil }
    var function = line[start..<close]
    // `block (2 levels) in place`, `rescue in place`
    if let inside = function.range(of: " in ") { function = function[inside.upperBound...] }
    let isSystem =
      path.first == UInt8(ascii: "<") || path.contains("/gems/") || path.contains("/lib/ruby/")
    return (
      Frame(module: SourcePath.module(path), function: function.text, isSystem: isSystem), close + 1
    )
  }

  /// `message (Type)`, of which the message may go on in lines that follow.
  private static func header(
    _ said: Line, _ lines: [Line], _ index: Int
  ) -> (type: String?, message: [UInt8]) {
    let said = said.trimmed
    if said.last == UInt8(ascii: ")"), let open = said.lastIndex(of: UInt8(ascii: "(")) {
      return (said[(open + 1)..<(said.endIndex - 1)].text, Array(said[..<open].trimmed))
    }
    return (nil, Array(said))
  }

  /// `RuntimeError (message):` or `RuntimeError: message` above the frames.
  private static func take(_ lines: ArraySlice<Line>, _ exception: inout RaisedException) {
    guard let header = lines.reversed().lazy.compactMap({ ExceptionHeader(in: $0) }).first else {
      return
    }
    exception.type = header.type
    exception.message = header.message
  }
}
