/// `thread 'main' panicked at src/main.rs:4:5:`, with a backtrace or without.
enum RustTrace: TraceLanguage {
  static func exceptions(in lines: [Line]) -> [RaisedException] {
    for (index, line) in lines.enumerated() {
      guard let mark = line.range(of: " panicked at "), line[..<mark.lowerBound].contains("thread ")
      else { continue }
      var exception = RaisedException(type: "panic")
      let rest = line[mark.upperBound...]
      var place: Line
      if rest.first == UInt8(ascii: "'"), let end = rest.dropFirst().range(of: "', ") {
        exception.message = Array(rest[(rest.startIndex + 1)..<end.lowerBound])
        place = rest[end.upperBound...]
      } else {
        place = rest.last == UInt8(ascii: ":") ? rest.dropLast() : rest
        if index + 1 < lines.count { exception.message = Array(lines[index + 1].trimmed) }
      }
      place = SourcePath.withoutPosition(place.trimmed)
      exception.frames = frames(lines[(index + 1)...])
      if !exception.frames.contains(where: { !$0.isSystem }) {
        exception.frames = [Frame(module: SourcePath.module(place), function: "", isSystem: false)]
      }
      return [exception]
    }
    return []
  }

  /// `   3: shop::orders::place::h0f1e2d3c4b5a6978`, then `             at ./src/orders.rs:12:5`.
  private static func frames(_ lines: ArraySlice<Line>) -> [Frame] {
    var frames: [Frame] = []
    for line in lines {
      let line = line.trimmed
      if let place = line.dropping("at "), !frames.isEmpty {
        if place.contains("/rustc/") || place.contains("/.cargo/registry/") {
          frames[frames.count - 1].isSystem = true
        }
        continue
      }
      let number = line.prefix { $0.isDigit }
      guard !number.isEmpty, line[number.endIndex...].begins(with: ":") else { continue }
      var symbol = line[(number.endIndex + 1)...].trimmed
      if symbol.begins(with: "0x"), let dash = symbol.range(of: " - ") {
        symbol = symbol[dash.upperBound...]
      }
      let name = plain(symbol)
      frames.append(Frame(module: "", function: name, isSystem: isSystem(name)))
    }
    return frames
  }

  private static func isSystem(_ name: String) -> Bool {
    let roots = ["std::", "core::", "alloc::", "<core::", "<alloc::", "<std::", "tokio::", "rayon"]
    return roots.contains { name.hasPrefix($0) } || name.hasPrefix("_") || name == "main"
      || name.hasPrefix("rust_") || name == "clone" || name == "start_thread"
  }

  /// Without the hash, closures and generic parameters.
  private static func plain(_ symbol: Line) -> String {
    var parts: [String] = []
    var depth = 0
    var part: [UInt8] = []
    func flush() {
      let text = String(decoding: part, as: UTF8.self)
      let isHash =
        part.count == 17 && part[0] == UInt8(ascii: "h")
        && part.dropFirst().allSatisfy(\.isHexadecimal)
      if !isHash, text != "{{closure}}", text != "{closure#0}", !text.isEmpty { parts.append(text) }
      part = []
    }
    var index = symbol.startIndex
    while index < symbol.endIndex {
      let byte = symbol[index]
      if byte == UInt8(ascii: ":"), depth == 0, index + 1 < symbol.endIndex,
        symbol[index + 1] == byte
      {
        flush()
        index += 2
        continue
      }
      // `<T as Trait>::f` keeps what it begins with.
      if byte == UInt8(ascii: "<"), index > symbol.startIndex { depth += 1 }
      if depth == 0 { part.append(byte) }
      if byte == UInt8(ascii: ">"), depth > 0 { depth -= 1 }
      index += 1
    }
    flush()
    return parts.joined(separator: "::")
  }
}
