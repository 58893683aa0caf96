/// `Fatal error: …` of Swift, and the uncaught exception of Objective-C, with numbered frames.
enum SwiftTrace: TraceLanguage {
  static func exceptions(in lines: [Line]) -> [RaisedException] {
    var exception: RaisedException?
    for line in lines {
      if let mark = line.range(of: "Fatal error: ") {
        var message = line[mark.upperBound...]
        if let file = message.range(of: ": file ") { message = message[..<file.lowerBound] }
        exception = RaisedException(type: "Fatal error", message: Array(message.trimmed))
        break
      }
      if let mark = line.range(of: "uncaught exception '"),
        let quote = line[mark.upperBound...].firstIndex(of: UInt8(ascii: "'"))
      {
        let reason = line.range(of: "reason: '").map { line[$0.upperBound...] } ?? line[quote...]
        exception = RaisedException(
          type: line[mark.upperBound..<quote].text,
          message: Array(reason.prefix { $0 != UInt8(ascii: "'") }))
        break
      }
    }
    guard var exception else { return [] }
    exception.frames = lines.compactMap(frame)
    // PHP says "Fatal error" as well; its place stands in the line.
    guard !exception.frames.isEmpty || lines.count < 3 || lines.contains(where: isCrash) else {
      return []
    }
    return [exception]
  }

  private static func isCrash(_ line: Line) -> Bool {
    line.contains("Program crashed") || line.contains(" crashed:") || line.contains("call stack")
  }

  /// `3 [ra] 0x00005567 place(_:) + 52 in shop at /src/orders.swift:12:5`, or
  /// `3   shop    0x00000001 place + 52`.
  private static func frame(_ line: Line) -> Frame? {
    let line = line.trimmed
    let number = line.prefix { $0.isDigit }
    guard !number.isEmpty, number.endIndex < line.endIndex, line[number.endIndex] == 0x20,
      let address = line.range(of: " 0x")
    else { return nil }
    let hex = line[address.upperBound...].prefix { $0.isHexadecimal }
    guard hex.count > 3, hex.endIndex < line.endIndex else { return nil }
    var image = line[number.endIndex..<address.lowerBound].trimmed
    var symbol = line[hex.endIndex...].trimmed
    if symbol.begins(with: "- ") { symbol = symbol.dropFirst(2) }
    if let offset = symbol.range(of: " + ") {
      let rest = symbol[offset.upperBound...]
      if let inside = rest.range(of: " in ") {
        image = rest[inside.upperBound...].prefix { $0 != 0x20 }
      }
      symbol = symbol[..<offset.lowerBound]
    } else if let inside = symbol.range(of: " in ") {
      image = symbol[inside.upperBound...].prefix { $0 != 0x20 }
      symbol = symbol[..<inside.lowerBound]
    }
    let function = plain(symbol)
    guard !function.isEmpty else { return nil }
    return Frame(module: image.text, function: function, isSystem: isSystem(image, function))
  }

  private static let systemImages = [
    "CoreFoundation", "Foundation", "UIKit", "AppKit", "GraphicsServices", "XCTest",
  ]

  private static func isSystem(_ image: Line, _ function: String) -> Bool {
    image.begins(with: "lib") || systemImages.contains { image.begins(with: $0) }
      || function.hasPrefix("_") || function.hasPrefix("swift_") || function == "main"
      || function.hasPrefix("Swift.") || function.hasPrefix("Array.")
  }

  /// Without the closure in it, its parameters and what the optimizer did to it.
  private static func plain(_ symbol: Line) -> String {
    var symbol = symbol
    if let inside = symbol.range(of: " in "), symbol.contains("closure") {
      symbol = symbol[inside.upperBound...]
      while let next = symbol.range(of: " in ") { symbol = symbol[next.upperBound...] }
    }
    for word in ["specialized ", "static ", "partial apply for ", "@objc ", "merged "] {
      if let rest = symbol.dropping(word) { symbol = rest }
    }
    if let open = symbol.firstIndex(of: UInt8(ascii: "(")), open > symbol.startIndex {
      symbol = symbol[..<open]
    }
    return symbol.trimmed.text
  }
}
