/// `panic: …` and `goroutine 1 [running]:`, or the frames alone as loggers write them: a line for the
/// function, and an indented one for its place.
enum GoTrace: TraceLanguage {
  static func exceptions(in lines: [Line]) -> [RaisedException] {
    guard let first = lines.indices.first(where: { isPlace(lines, $0) }) else {
      return panic(lines).map { [$0] } ?? []
    }
    var exception = panic(Array(lines[..<first])) ?? RaisedException()
    var index = first
    while index < lines.count, isPlace(lines, index) {
      if let frame = frame(lines[index - 1].trimmed, at: lines[index]) {
        exception.frames.append(frame)
      }
      index += 2
    }
    return [exception]
  }

  /// Whether the line says where the function of the line before it stands.
  private static func isPlace(_ lines: [Line], _ index: Int) -> Bool {
    guard index > 0, lines[index].first == 0x09, !lines[index - 1].trimmed.isEmpty else {
      return false
    }
    guard let suffix = lines[index].range(of: ".go:") else { return false }
    return suffix.upperBound < lines[index].endIndex
      && lines[index][suffix.upperBound].isDigit
  }

  private static func panic(_ lines: [Line]) -> RaisedException? {
    for line in lines {
      for (mark, type) in [("panic: ", "panic"), ("fatal error: ", "fatal error")] {
        guard let place = line.range(of: mark), isStart(line, place.lowerBound) else { continue }
        var message = line[place.upperBound...]
        var type = type
        if let rest = message.dropping("runtime error: ") {
          type = "runtime error"
          message = rest
        }
        if let end = message.range(of: " [recovered]") { message = message[..<end.lowerBound] }
        // Without a goroutine behind it this may be any text.
        let isTrace = lines.contains { $0.begins(with: "goroutine ") } || type == "runtime error"
        return isTrace || place.lowerBound == line.startIndex
          ? RaisedException(type: type, message: Array(message.trimmed)) : nil
      }
    }
    return nil
  }

  private static func isStart(_ line: Line, _ place: Int) -> Bool {
    place == line.startIndex || line[place - 1] == 0x20 || line[place - 1] == UInt8(ascii: "\t")
  }

  /// Reads a call such as `github.com/acme/shop/orders.(*Service).Place(0xc0000…)`.
  private static func frame(_ call: Line, at place: Line) -> Frame? {
    var call = withoutParameters(call)[...]
    if let creator = call.dropping("created by ") {
      call = creator.range(of: " in goroutine").map { creator[..<$0.lowerBound] } ?? creator
    }
    if call.last == UInt8(ascii: ")"), let open = call.lastIndex(of: UInt8(ascii: "(")) {
      call = call[..<open]
    }
    guard !call.isEmpty, !call.elementsEqual("panic".utf8) else { return nil }
    let path = call.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? call.startIndex
    let dot = call[path...].firstIndex(of: UInt8(ascii: ".")) ?? call.endIndex
    let package = call[..<dot]
    let function = call[min(dot + 1, call.endIndex)...]
    let isSystem =
      package.elementsEqual("runtime".utf8) || place.contains("/go/src/")
      || place.contains("/pkg/mod/") || place.contains("/vendor/")
    return Frame(module: package.text, function: plain(function), isSystem: isSystem)
  }

  /// Without what stands in square brackets: `(*Pool[...]).Get`.
  private static func withoutParameters(_ call: Line) -> [UInt8] {
    var depth = 0
    return call.filter { byte in
      if byte == UInt8(ascii: "[") { depth += 1 }
      defer { if byte == UInt8(ascii: "]") { depth = max(0, depth - 1) } }
      return depth == 0
    }
  }

  /// Without `.func1` and the like.
  private static func plain(_ function: Line) -> String {
    let parts = function.split(separator: UInt8(ascii: "."))
    let kept = parts.filter { part in
      let digits = part.dropping("func") ?? part
      return !digits.allSatisfy(\.isDigit)
    }
    return kept.map(\.text).joined(separator: ".")
  }
}
