/// `place@https://shop.example/orders.js:12:5`, as Firefox and Safari write frames; those of other browsers
/// are Node's.
enum BrowserTrace: TraceLanguage {
  static func exceptions(in lines: [Line]) -> [RaisedException] {
    guard let first = lines.firstIndex(where: { frame($0.trimmed) != nil }) else { return [] }
    let said = lines[..<first].lazy.map(\.trimmed).last { !$0.isEmpty }
    let header = said.flatMap { ExceptionHeader(in: $0) }
    return [
      RaisedException(
        type: header?.type, message: header?.message ?? said.map { Array($0) } ?? [],
        frames: lines[first...].compactMap { frame($0.trimmed) })
    ]
  }

  private static let schemes = [
    "http://", "https://", "file://", "webpack:", "webpack-internal:", "capacitor://", "app://",
    "blob:", "moz-extension://", "safari-web-extension://", "resource://",
  ]

  /// Nil for a line that names no place in a script.
  private static func frame(_ line: Line) -> Frame? {
    guard let at = line.firstIndex(of: UInt8(ascii: "@")) else { return nil }
    let location = line[(at + 1)...]
    let path = SourcePath.withoutPosition(location)
    guard path.count < location.count, schemes.contains(where: { path.begins(with: $0) }) else {
      return nil
    }
    var function = line[..<at]
    guard !function.contains(0x20) || function.begins(with: "promise callback*") else { return nil }
    // `async*load`, `place/<` and `Orders.prototype.place`
    if let star = function.lastIndex(of: UInt8(ascii: "*")) { function = function[(star + 1)...] }
    while let last = function.last, "/<".utf8.contains(last) { function = function.dropLast() }
    let isSystem =
      path.contains("node_modules") || path.begins(with: "resource://")
      || path.contains("-extension://")
    return Frame(module: SourcePath.module(path), function: function.text, isSystem: isSystem)
  }
}
