import LogModel

/// The level that a line carried inside another one shows: the message of a container's log or of
/// syslog, which the application wrote in its own format.
enum MessageLevel {
  /// How far a key is looked for.
  private static let reach = 400

  static func find(
    _ line: Span<UInt8>, _ body: Range<Int>, _ context: inout TimeContext
  ) -> Severity? {
    if let severity = LevelScanner.leading(line, from: body.lowerBound) { return severity }
    let first = line.byte(body.lowerBound)
    if first == 0x7B { return json(line, body, &context) }
    let start = body.lowerBound + (first == 0x5B ? 1 : 0)
    if let found = context.leading(line, at: start), found.match.end <= body.upperBound {
      let end = found.match.end
      let limit = min(body.upperBound, end + EmbeddedObject.reach)
      return found.severity ?? LevelScanner.find(line, from: end, limit: limit)?.severity
        ?? EmbeddedObject(line, in: min(line.skippingBlanks(end), limit)..<limit)?.severity(
          line, &context)
    }
    let near = body.lowerBound..<min(body.upperBound, body.lowerBound + reach)
    for key in ["level=", "lvl="] {
      guard let place = line.firstIndex(of: key, in: near),
        place == body.lowerBound || line[place - 1] == 0x20
      else { continue }
      return word(line, at: place + key.utf8.count, in: body)
    }
    return nil
  }

  private static func json(
    _ line: Span<UInt8>, _ body: Range<Int>, _ context: inout TimeContext
  ) -> Severity? {
    guard line.byte(body.lowerBound + 1) == 0x5C else {
      let near = body.lowerBound..<body.lowerBound + 1
      return EmbeddedObject(line, in: near)?.severity(line, &context)
    }
    // JSON inside a JSON string: every quote stands behind a backslash.
    let near = body.lowerBound..<min(body.upperBound, body.lowerBound + reach)
    for key in [#"\"level\":"#, #"\"severity\":"#, #"\"lvl\":"#, #"\"levelname\":"#] {
      guard let place = line.firstIndex(of: key, in: near) else { continue }
      return word(line, at: place + key.utf8.count, in: body)
    }
    return nil
  }

  /// The level in the word or the number at `start`, quotes aside.
  private static func word(_ line: Span<UInt8>, at start: Int, in body: Range<Int>) -> Severity? {
    var begin = start
    while begin < body.upperBound, [0x20, 0x22, 0x5C].contains(line[begin]) { begin += 1 }
    var end = begin
    while end < body.upperBound, line[end].isLetter || line[end].isDigit { end += 1 }
    return JSONRecord.severity(line, begin..<end, .level)
  }
}
