import LogModel

extension TurnExtractor {
  /// What the records of one file say about those that follow in it.
  ///
  /// A small value that is stored with the file's offset; a file that begins anew begins with an empty
  /// one. It is empty for most logs, and then encodes to nothing.
  package struct State: Sendable, Equatable {
    var claude = ClaudeCodeSession.State()
    var codex: CodexThread?
    /// The thread whose output follows, and its last total.
    var outputThread: String?
    var outputTotal: CodexUsage?
    var copies = CopyCounter()

    package init() {}

    /// Puts other names in the place of those that it remembers of the records.
    package mutating func replaceNames(_ replace: (String) -> String) {
      if var thread = codex {
        thread.id = thread.id.map(replace)
        thread.root = thread.root.map(replace)
        thread.model = thread.model.map(replace)
        thread.project = thread.project.map(replace)
        thread.tier = thread.tier.map(replace)
        codex = thread
      }
      outputThread = outputThread.map(replace)
    }

    /// A few hundred bytes; none for a state that says nothing.
    package var encoded: [UInt8] {
      if self == State() { return [] }
      var writer = StateWriter()
      writer.write(Self.version)
      writer.write(claude.response)
      writer.write(claude.toolCalls)
      writer.write(claude.content)
      writer.write(codex) { $0.write($1) }
      writer.write(outputThread)
      writer.write(outputTotal) { $0.write($1) }
      writer.write(copies.entries) {
        $0.write(Int64(bitPattern: $1.hash))
        $0.write(Int64(bitPattern: $1.count))
      }
      return writer.bytes
    }

    /// The value of `encoded`; nil for other bytes, such as those of another version.
    package init?(encoded bytes: [UInt8]) {
      if bytes.isEmpty { return }
      var reader = StateReader(bytes)
      guard reader.integer() == Self.version else { return nil }
      claude.response = reader.integer()
      claude.toolCalls = min(max(reader.integer(), 0), TokenUsage.most)
      claude.content = reader.integer()
      codex = reader.optional { $0.thread() }
      outputThread = reader.text()
      outputTotal = reader.optional { $0.usage() }
      copies.entries = reader.list(most: CopyCounter.most) {
        CopyCounter.Entry(
          hash: UInt64(bitPattern: $0.integer()), count: UInt64(bitPattern: $0.integer()))
      }
      guard reader.isAtEnd else { return nil }
    }

    private static let version: Int64 = 1
  }
}

extension StateWriter {
  fileprivate mutating func write(_ usage: CodexUsage) {
    for count in [usage.input, usage.cached, usage.output, usage.reasoning] { write(count) }
  }

  fileprivate mutating func write(_ thread: CodexThread) {
    for text in [thread.id, thread.root, thread.model, thread.project, thread.tier] { write(text) }
    write(Int64(thread.depth))
    write(Int64((thread.isReplaying ? 1 : 0) | (thread.hasUsage ? 2 : 0)))
    write(thread.historyStart) { $0.write($1) }
    write(thread.lastTime) { $0.write($1) }
    write(thread.toolCalls)
    write(Int64(thread.counters.mayRestart ? 1 : 0))
    write(thread.counters.lanes) {
      $0.write($1.limit)
      $0.write($1.total)
      $0.write($1.lower) { $0.write($1) }
    }
    write(thread.pending) {
      $0.write($1.usage)
      $0.write($1.threadTotal)
    }
  }
}

extension StateReader {
  /// Sums of what is read must not overflow, whatever became of the bytes.
  private mutating func count() -> Int64 { min(max(integer(), 0), TokenUsage.most) }

  fileprivate mutating func usage() -> CodexUsage {
    CodexUsage(input: count(), cached: count(), output: count(), reasoning: count())
  }

  fileprivate mutating func thread() -> CodexThread {
    var thread = CodexThread()
    thread.id = text()
    thread.root = text()
    thread.model = text()
    thread.project = text()
    thread.tier = text()
    thread.depth = UInt8(truncatingIfNeeded: integer() & 7)
    let flags = integer()
    thread.isReplaying = flags & 1 != 0
    thread.hasUsage = flags & 2 != 0
    thread.historyStart = optional { $0.integer() }
    thread.lastTime = optional { min(max($0.integer(), -1 << 60), 1 << 60) }
    thread.toolCalls = count()
    thread.counters.mayRestart = integer() & 1 != 0
    thread.counters.lanes = list(most: CodexCounters.mostLanes) {
      CodexCounters.Lane(
        limit: $0.integer(), total: $0.usage(), lower: $0.optional { $0.usage() })
    }
    thread.pending = list(most: CodexThread.mostPending) {
      CodexThread.Pending(usage: $0.usage(), threadTotal: $0.integer())
    }
    return thread
  }
}
