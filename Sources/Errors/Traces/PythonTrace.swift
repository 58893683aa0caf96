/// `Traceback (most recent call last):`, the innermost frame last, causes before what they led to.
enum PythonTrace: TraceLanguage {
  private static let marker = "Traceback (most recent call last):"

  static func exceptions(in lines: [Line]) -> [RaisedException] {
    let isGroup = lines.contains { $0.contains("+ Exception Group Traceback") }
    let lines = isGroup ? lines.map(withoutMargin) : lines
    var found: [RaisedException] = []
    var index = 0
    while index < lines.count {
      guard lines[index].contains(marker) else {
        index += 1
        continue
      }
      index += 1
      var exception = RaisedException()
      let start = index
      while index < lines.count, let frame = frame(lines, &index) {
        if let frame { exception.frames.insert(frame, at: 0) }
      }
      // Ruby wrote the same words once.
      if exception.frames.isEmpty, index == start { continue }
      readHeader(lines, &index, &exception)
      found.append(exception)
    }
    guard isGroup, let end = found.firstIndex(where: { $0.type?.hasSuffix("Group") != true }) else {
      return found
    }
    // Of the exceptions in a group the first is the cause.
    return found[...end].reversed()
  }

  /// The line of a group less what is drawn in front of it; a drawn line is a blank one.
  private static func withoutMargin(_ line: Line) -> Line {
    let text = line.trimmed
    if text.begins(with: "+-") { return text.prefix(0) }
    guard text.first == UInt8(ascii: "|") else { return line }
    let rest = text.dropFirst()
    return rest.first == 0x20 ? rest.dropFirst() : rest
  }

  /// Nil behind the last indented line; a line without a place in it is an inner nil.
  private static func frame(_ lines: [Line], _ index: inout Int) -> Frame?? {
    let line = lines[index]
    guard line.indentation > 0 else { return .none }
    index += 1
    guard let rest = line.trimmed.dropping("File \""),
      let quote = rest.firstIndex(of: UInt8(ascii: "\""))
    else { return .some(nil) }
    let path = rest[..<quote]
    let function = rest[quote...].range(of: ", in ").map { rest[$0.upperBound...].text } ?? ""
    return Frame(
      module: SourcePath.module(path), function: function == "<lambda>" ? "lambda" : function,
      isSystem: isSystem(path))
  }

  private static func isSystem(_ path: Line) -> Bool {
    path.first == UInt8(ascii: "<") || path.contains("/site-packages/")
      || path.contains("/dist-packages/") || path.contains("/lib/python")
  }

  private static func readHeader(
    _ lines: [Line], _ index: inout Int, _ exception: inout RaisedException
  ) {
    guard index < lines.count, let header = ExceptionHeader(at: lines[index]) else { return }
    exception.type = header.type
    exception.message = header.message
    index += 1
    // A message of several lines goes on to a blank one.
    while index < lines.count, !lines[index].trimmed.isEmpty, !lines[index].contains(marker) {
      exception.message += [0x0A] + lines[index]
      index += 1
    }
  }
}
