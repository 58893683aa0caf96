/// One frame that begins with `at`.
enum CallFrame {
  static func holds(_ line: Line) -> Bool {
    let text = line.trimmed
    return line.indentation > 0 && text.begins(with: "at ") && text.count > 3
  }

  /// Nil for a frame that names nothing.
  static func read(_ line: Line) -> Frame? {
    var call = line.dropFirst(3).trimmed
    for word in ["async ", "new "] { call = call.dropping(word) ?? call }
    guard let open = call.firstIndex(of: UInt8(ascii: "(")) else {
      // Without a position this may be any words.
      let isPlace = SourcePath.withoutPosition(call).count < call.count
      return isPlace ? place(call, "") : nil
    }
    let close = call[open...].firstIndex(of: UInt8(ascii: ")")) ?? call.endIndex
    let inside = call[(open + 1)..<max(open + 1, close)]
    if open > call.startIndex, call[open - 1] == 0x20 {
      // `Promise.all (index 3)` says which promise it was.
      if inside.begins(with: "index ") { return nil }
      return place(inside, function(call[..<open].trimmed))
    }
    return isJava(inside)
      ? java(call[..<open], isGenerated: inside.elementsEqual("<generated>".utf8))
      : dotNet(call[..<open])
  }

  // MARK: JavaScript

  /// Reads a place such as `/app/src/orders.js:12:5`.
  private static func place(_ location: Line, _ function: String) -> Frame? {
    var location = location
    // `eval at …, <anonymous>:1:1`
    if let comma = location.range(of: ", ") { location = location[comma.upperBound...] }
    let path = SourcePath.withoutPosition(location)
    let isSystem =
      path.begins(with: "node:") || path.begins(with: "internal/")
      || path.contains("node_modules") || path.begins(with: "<anonymous>")
      || path.elementsEqual("native".utf8)
    guard !path.isEmpty else { return nil }
    return Frame(module: SourcePath.module(path), function: function, isSystem: isSystem)
  }

  /// Without the receiver's kind and the name it is called by.
  private static func function(_ name: Line) -> String {
    var name = name
    if let alias = name.range(of: " [as ") { name = name[..<alias.lowerBound] }
    for receiver in ["Object.", "Module.", "exports.", "Function."] {
      name = name.dropping(receiver) ?? name
    }
    return name.elementsEqual("<anonymous>".utf8) ? "" : name.text
  }

  // MARK: The JVM

  private static func isJava(_ inside: Line) -> Bool {
    let file = inside.firstIndex(of: UInt8(ascii: ":")).map { inside[..<$0] } ?? inside
    return [".java", ".kt", ".kts", ".scala", ".groovy", ".clj"].contains { file.ends(with: $0) }
      || ["Native Method", "Unknown Source", "<generated>"].contains {
        inside.elementsEqual($0.utf8)
      }
  }

  private static let javaSystem = [
    "java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.", "scala.", "groovy.",
    "clojure.", "jakarta.", "org.springframework.", "org.apache.", "org.hibernate.", "org.eclipse.",
    "org.jboss.", "org.junit.", "io.netty.", "io.undertow.", "io.vertx.", "reactor.", "akka.",
    "com.zaxxer.", "com.fasterxml.", "com.google.common.", "net.sf.cglib.", "org.aspectj.",
  ]

  /// Reads a call such as `java.base/java.lang.Thread.run` or `com.acme.Shop$1.lambda$place$0`.
  ///
  /// What a library generates at run time, a lambda's class or a proxy, is the system's.
  private static func java(_ call: Line, isGenerated: Bool) -> Frame? {
    guard let dot = call.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    var type = call[..<dot]
    var isGenerated = isGenerated
    if let generated = type.range(of: "$$") {
      isGenerated = isGenerated || type[generated.upperBound...].begins(with: "Lambda")
      type = type[..<generated.lowerBound]
    }
    // The module, and not the number of `Shop$$Lambda$1/791452441`.
    if let slash = type.lastIndex(of: UInt8(ascii: "/")) { type = type[(slash + 1)...] }
    var function = call[(dot + 1)...]
    if let lambda = function.dropping("lambda$") {
      function = lambda.firstIndex(of: UInt8(ascii: "$")).map { lambda[..<$0] } ?? lambda
    }
    if let dollar = function.firstIndex(of: UInt8(ascii: "$")), dollar > function.startIndex {
      function = function[..<dollar]
    }
    let isSystem = isGenerated || type.begins(withAnyOf: javaSystem) || type.begins(with: "$Proxy")
    return Frame(module: withoutNumbers(type), function: function.text, isSystem: isSystem)
  }

  /// `Shop$1` and `GeneratedMethodAccessor42` are numbered anew in each build.
  private static func withoutNumbers(_ type: Line) -> String {
    var type = type
    if type.last?.isDigit == true, type.contains("Accessor") || type.contains("Proxy") {
      while type.last?.isDigit == true { type.removeLast() }
    }
    guard type.contains(UInt8(ascii: "$")) else { return type.text }
    let parts = type.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
    let kept = parts.enumerated().filter { $0.offset == 0 || !$0.element.allSatisfy(\.isDigit) }
    return kept.map { $0.element.text }.joined(separator: "$")
  }

  // MARK: .NET

  private static let dotNetSystem = ["System.", "Microsoft.", "Newtonsoft.", "Npgsql."]

  /// Reads a call such as `Shop.Orders.<Place>d__4.MoveNext` or `Shop.<>c__DisplayClass3_0.<Place>b__0`.
  private static func dotNet(_ call: Line) -> Frame? {
    var parts: [String] = []
    for part in call.split(separator: UInt8(ascii: ".")) {
      var part = part
      if let tick = part.firstIndex(where: { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "[") }) {
        part = part[..<tick]
      }
      if part.begins(with: "<>") || part.isEmpty || part.elementsEqual("MoveNext".utf8) { continue }
      // The compiler's name of a method that it took apart: `<Place>d__4`.
      if part.first == UInt8(ascii: "<"), let close = part.firstIndex(of: UInt8(ascii: ">")) {
        part = part[(part.startIndex + 1)..<close]
      }
      parts.append(part.text)
    }
    guard let function = parts.popLast() else { return nil }
    let module = parts.joined(separator: ".")
    return Frame(
      module: module, function: function,
      isSystem: dotNetSystem.contains { "\(module).".hasPrefix($0) })
  }
}
