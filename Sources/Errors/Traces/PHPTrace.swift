/// `Uncaught Type: message in file:12`, `Stack trace:` and `#0 file(12): Class->method()`; `Next` begins
/// what a cause led to.
enum PHPTrace: TraceLanguage {
  static func exceptions(in lines: [Line]) -> [RaisedException] {
    guard lines.contains(where: { isFrame($0.trimmed) }) else { return [] }
    var found: [RaisedException] = []
    var isInTrace = false
    var header: RaisedException?
    for line in lines {
      let line = line.trimmed
      if isFrame(line) {
        if !isInTrace {
          found.append(header ?? RaisedException())
          (isInTrace, header) = (true, nil)
        }
        if let frame = frame(line) { found[found.count - 1].frames.append(frame) }
        continue
      }
      isInTrace = false
      guard !line.isEmpty, !line.begins(with: "Stack trace:"), !line.begins(with: "[stacktrace]"),
        !line.begins(with: "thrown in")
      else { continue }
      header = exception(line) ?? header
    }
    return found
  }

  private static func isFrame(_ line: Line) -> Bool {
    guard line.first == UInt8(ascii: "#") else { return false }
    let number = line.dropFirst().prefix { $0.isDigit }
    guard !number.isEmpty else { return false }
    let rest = line[number.endIndex...]
    return rest.begins(with: " {main}") || rest.begins(with: " [internal function]")
      || rest.begins(with: " /") && rest.contains("): ") || rest.contains(".php(")
  }

  private static func exception(_ line: Line) -> RaisedException? {
    var line = line
    if let next = line.dropping("Next ") { line = next }
    // Monolog: `… [object] (RuntimeException(code: 0): message at /app/a.php:12)`.
    if let object = line.range(of: "(code: "),
      let close = line[object.upperBound...].range(of: "): ")
    {
      let before = line[..<object.lowerBound]
      let start = before.lastIndex { $0 == UInt8(ascii: "(") || $0 == 0x20 }
      let type = before[(start.map { $0 + 1 } ?? before.startIndex)...]
      let end = line.range(of: " at /")?.lowerBound ?? line.endIndex
      guard close.upperBound <= end else { return nil }
      return thrown(type.text, line[close.upperBound..<end], in: line[end...].dropping(" at "))
    }
    if let uncaught = line.range(of: "Uncaught ") { line = line[uncaught.upperBound...] }
    guard let header = ExceptionHeader(in: line) ?? ExceptionHeader(at: line) else { return nil }
    let message = header.message[...]
    guard let place = message.range(of: " in /") else {
      return thrown(header.type, message, in: nil)
    }
    return thrown(
      header.type, message[..<place.lowerBound], in: message[(place.lowerBound + 4)...])
  }

  private static func thrown(_ type: String, _ message: Line, in place: Line?) -> RaisedException {
    var exception = RaisedException(type: type, message: Array(message.trimmed))
    if let place {
      let path = SourcePath.withoutPosition(place.prefix { $0 != UInt8(ascii: ")") })
      exception.frames = [
        Frame(module: SourcePath.module(path), function: "", isSystem: isSystem(path))
      ]
    }
    return exception
  }

  private static func isSystem(_ path: Line) -> Bool { path.contains("/vendor/") }

  /// Reads a frame such as `#0 /app/src/Orders.php(34): Shop\Orders->place(42)`.
  private static func frame(_ line: Line) -> Frame? {
    guard let blank = line.firstIndex(of: 0x20) else { return nil }
    let rest = line[(blank + 1)...]
    guard !rest.begins(with: "{main}") else { return nil }
    let call = rest.range(of: ": ").map { rest[$0.upperBound...] } ?? rest[rest.endIndex...]
    let path = rest.firstIndex(of: UInt8(ascii: "(")).map { rest[..<$0] } ?? rest
    let isInternal = rest.begins(with: "[internal")
    var function = call.firstIndex(of: UInt8(ascii: "(")).map { call[..<$0] } ?? call
    if let closure = function.range(of: "{closure") { function = function[..<closure.upperBound] }
    // `class@anonymous`, NUL and the place where it stands.
    var name = function.text
    if let anonymous = function.range(of: "@anonymous") {
      let rest = function[anonymous.upperBound...]
      let method = rest.range(of: "->") ?? rest.range(of: "::")
      name =
        function[..<anonymous.upperBound].text + (method.map { rest[$0.lowerBound...].text } ?? "")
    }
    return Frame(
      module: isInternal ? "" : SourcePath.module(path), function: name,
      isSystem: isInternal || isSystem(path))
  }
}
