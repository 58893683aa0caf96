/// Frames that begin with `at`: those of the JVM, of Node and browsers, and of .NET.
enum CallTrace: TraceLanguage {
  static func exceptions(in lines: [Line]) -> [RaisedException] {
    guard let first = lines.firstIndex(where: { CallFrame.holds($0) }) else { return [] }
    var walk = Walk()
    walk.begin(lines[..<first])
    for line in lines[first...] { walk.take(line) }
    // Frames that name nothing are words of a message.
    let found = walk.rootFirst
    return found.contains { !$0.frames.isEmpty } ? found : []
  }

  /// The exceptions of a trace as its lines go by.
  private struct Walk {
    /// In the order of their causes: each was caused by the next.
    private var chain: [RaisedException] = []
    /// The exception that frames belong to.
    private var current = 0
    /// Frames of a suppressed exception are indented further.
    private var suppressed: Int?
    /// Some loggers write the root cause first.
    private var isRootFirst = false
    private var isOver = false

    var rootFirst: [RaisedException] { isRootFirst ? chain : chain.reversed() }

    /// Looks for the header in the lines before the first frame.
    mutating func begin(_ lines: ArraySlice<Line>) {
      if let inner = lines.lastIndex(where: { $0.trimmed.begins(with: "--->") }) {
        // .NET writes the inner exception below the outer one, before any frame.
        begin(lines[..<inner])
        push(lines[inner].trimmed.dropFirst(4))
        current = chain.count - 1
        return
      }
      if let found = lines.lastIndex(where: { ExceptionHeader(in: $0) != nil }) {
        return split(lines[found], and: lines[(found + 1)...])
      }
      let last = lines.last { !$0.trimmed.isEmpty }
      if let last, let header = ExceptionHeader(at: last), header.isCalledAsTypesAre {
        chain = [
          RaisedException(type: header.type, message: header.message, isCertain: false)
        ]
      } else {
        chain = [RaisedException(type: nil, message: last.map { Array($0.trimmed) } ?? [])]
      }
    }

    /// Reads a line such as `Outer: message ---> Inner: message`.
    private mutating func split(_ line: Line, and more: ArraySlice<Line>) {
      var rest = line
      while let arrow = rest.range(of: " ---> ") {
        push(rest[..<arrow.lowerBound])
        rest = rest[arrow.upperBound...]
      }
      push(rest)
      for line in more where !line.trimmed.isEmpty {
        chain[chain.count - 1].message += [0x0A] + line.trimmed
      }
      current = chain.count - 1
    }

    private mutating func push(_ line: Line) {
      let header = ExceptionHeader(in: line) ?? ExceptionHeader(at: line)
      chain.append(
        header.map { RaisedException(type: $0.type, message: $0.message) }
          ?? RaisedException(type: nil, message: Array(line.trimmed)))
    }

    mutating func take(_ line: Line) {
      guard !isOver else { return }
      let text = line.trimmed
      if let depth = suppressed {
        if line.indentation >= depth { return }
        suppressed = nil
      }
      if CallFrame.holds(line) {
        if let frame = CallFrame.read(text) { chain[current].frames.append(frame) }
      } else if let cause = text.dropping("Caused by: ") ?? text.dropping("[cause]: ") {
        push(cause)
        current = chain.count - 1
      } else if let wrapper = text.dropping("Wrapped by: ") {
        isRootFirst = true
        push(wrapper)
        current = chain.count - 1
      } else if text.begins(with: "Suppressed: ") {
        suppressed = line.indentation
      } else if text.begins(with: "--->") {
        push(text.dropFirst(4))
        current = chain.count - 1
      } else if text.begins(with: "--- End of inner exception") {
        current = max(0, current - 1)
      } else if text.isEmpty || text.begins(with: "...") || text.begins(with: "---")
        || text.begins(with: "}") || text.begins(with: "^")
      {
        return
      } else if !chain[current].frames.isEmpty {
        // What follows belongs to the next trace, or to none.
        isOver = ExceptionHeader(in: text) != nil
      } else {
        chain[current].message += [0x0A] + text
      }
    }
  }
}
