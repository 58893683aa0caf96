package import LogModel

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
    /// The response that is being streamed.
    var stream: AnthropicStream.Response?
    var copies = CopyCounter()
    /// A record was read of which the store has the beginning only: from the stored lines the state,
    /// and the turns from there on, cannot be told.
    package var isBeyondStore = false
    /// The last record, if its line is longer than what is stored of it and has not ended.
    package var unfinished: Unfinished?
    /// Of each stream the text that a container's runtime has cut into parts, if it shows turns and has
    /// not ended with its record of the store.
    package var texts: [Unfinished] = []
    /// The streams whose last text may be an object that has not ended.
    package var insideObject: LineHead.Streams = []

    /// A record whose turns are still to be read.
    package struct Unfinished: Sendable, Equatable {
      /// Where it begins in the file.
      package var start: Int64
      /// Its number in the store, and its time there.
      package var line: Int64
      package var time: Int64
      /// Of a text in parts.
      package var stream: LineHead.Stream?
      /// The generation that it begins in, where that is not the one that goes on.
      package var file: Int64?

      package init(start: Int64, line: Int64, time: Int64, stream: LineHead.Stream? = nil) {
        (self.start, self.line, self.time, self.stream) = (start, line, time, stream)
      }
    }

    package init() {}

    /// Whether turns of what has gone by are still to be read.
    package var isUnfinished: Bool { unfinished != nil || !texts.isEmpty }

    /// Of the stream's text in parts.
    package subscript(stream: LineHead.Stream) -> Unfinished? {
      get { texts.first { $0.stream == stream } }
      set {
        texts.removeAll { $0.stream == stream }
        if let newValue { texts.append(newValue) }
      }
    }

    /// Puts other names in the place of those that it remembers of the records.
    ///
    /// `listed` is what a list of prices calls a model, whatever becomes of its name.
    package mutating func replaceNames(
      _ replace: (String) -> String, listed: (String) -> String?
    ) {
      if var thread = codex {
        thread.id = thread.id.map(replace)
        thread.root = thread.root.map(replace)
        thread.model.replace(replace, listed: listed)
        thread.project = thread.project.map(replace)
        thread.tier = thread.tier.map(replace)
        codex = thread
      }
      outputThread = outputThread.map(replace)
      if var response = stream {
        response.session = response.session.map(replace)
        response.model.replace(replace, listed: listed)
        stream = response
      }
    }

    /// What names stand in, without what grows with the number of records.
    package var withoutCopies: State {
      var state = State()
      state.claude = claude
      state.codex = codex
      state.outputThread = outputThread
      state.outputTotal = outputTotal
      state.stream = stream
      return state
    }

    /// Mostly some hundred bytes, more where many requests stand in a second; none for a state that
    /// says nothing.
    package var encoded: [UInt8] {
      if self == State() { return [] }
      var writer = StateWriter()
      writer.write(Self.version)
      writer.write(claude.response)
      writer.write(claude.toolCalls)
      writer.write(claude.content)
      writer.write(claude.rounds)
      writer.write(claude.runs) {
        for part in [$1.hash, $1.prompt, $1.round, $1.first, $1.last] { $0.write(part) }
      }
      writer.write(codex) { $0.write($1) }
      writer.write(outputThread)
      writer.write(outputTotal) { $0.write($1) }
      writer.write(stream) { $0.write($1) }
      writer.write(copies)
      writer.write(Int64(isBeyondStore ? 1 : 0))
      writer.write(unfinished) { $0.write($1) }
      writer.write(texts) { $0.write($1) }
      writer.write(Int64(insideObject.rawValue))
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
      claude.rounds = min(max(reader.integer(), 0), TokenUsage.most)
      claude.runs = reader.list(most: ClaudeCodeSession.State.mostRuns) {
        ClaudeCodeSession.State.Run(
          hash: $0.integer(), prompt: $0.integer(), round: $0.integer(), first: $0.time(),
          last: $0.time())
      }
      codex = reader.optional { $0.thread() }
      outputThread = reader.text()
      outputTotal = reader.optional { $0.usage() }
      stream = reader.optional { $0.response() }
      copies = reader.copies()
      isBeyondStore = reader.integer() != 0
      unfinished = reader.optional { $0.unfinished() }
      texts = reader.list(most: 2) { $0.unfinished() }
      insideObject = LineHead.Streams(rawValue: UInt8(truncatingIfNeeded: reader.integer() & 3))
      guard reader.isAtEnd else { return nil }
    }

    private static let version: Int64 = 8
  }
}

extension StateWriter {
  fileprivate mutating func write(_ record: TurnExtractor.State.Unfinished) {
    for part in [record.start, record.line, record.time] { write(part) }
    write(record.stream) { $0.write(Int64($1 == .errors ? 1 : 0)) }
    write(record.file) { $0.write($1) }
  }

  fileprivate mutating func write(_ model: NamedModel) {
    write(model.name)
    write(model.billed)
  }

  fileprivate mutating func write(_ usage: CodexUsage) {
    for count in [usage.input, usage.cached, usage.output, usage.reasoning] { write(count) }
  }

  fileprivate mutating func write(_ response: AnthropicStream.Response) {
    write(response.key)
    write(response.owner)
    write(response.session)
    write(response.model)
    for count in [
      response.input, response.cacheRead, response.cacheWrite, response.write5m, response.write1h,
    ] {
      write(count) { $0.write($1) }
    }
  }

  /// Times are written as what lies between two.
  fileprivate mutating func write(_ copies: CopyCounter) {
    var time: Int64 = 0
    write(Array(copies.live)) {
      $0.write(Int64(bitPattern: $1.hash))
      $0.write($1.time - time)
      time = $1.time
      $0.write(Int64(bitPattern: $1.count))
    }
  }

  fileprivate mutating func write(_ thread: CodexThread) {
    for text in [thread.id, thread.root, thread.project, thread.tier] { write(text) }
    write(thread.model)
    write(Int64(thread.depth))
    let flags = [
      thread.isReplaying, thread.hasUsage, thread.isBeforeStart, thread.hasPaused,
      thread.isTriggered,
    ]
    write(flags.enumerated().reduce(0) { $0 | ($1.element ? 1 : 0) << Int64($1.offset) })
    write(thread.historyStart) { $0.write($1) }
    write(thread.lastTime) { $0.write($1) }
    write(thread.start) { $0.write($1) }
    write(thread.lastUsage) { $0.write($1) }
    write(thread.toolCalls)
    write(thread.tasks)
    write(Int64(thread.counters.mayRestart ? 1 : 0))
    write(thread.counters.lanes) {
      $0.write($1.limit)
      $0.write($1.total)
      $0.write($1.lower) { $0.write($1) }
      $0.write($1.known) { $0.write(Int64($1)) }
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

  /// Nor must differences.
  fileprivate mutating func time() -> Int64 { min(max(integer(), -1 << 60), 1 << 60) }

  fileprivate mutating func model() -> NamedModel { NamedModel(text(), billed: text()) }

  fileprivate mutating func unfinished() -> TurnExtractor.State.Unfinished {
    var record = TurnExtractor.State.Unfinished(
      start: integer(), line: integer(), time: integer(),
      stream: optional { $0.integer() == 0 ? .output : .errors })
    record.file = optional { $0.integer() }
    return record
  }

  fileprivate mutating func response() -> AnthropicStream.Response {
    var response = AnthropicStream.Response(
      key: integer(), owner: integer(), session: text(), model: model())
    response.input = optional { $0.count() }
    response.cacheRead = optional { $0.count() }
    response.cacheWrite = optional { $0.count() }
    response.write5m = optional { $0.count() }
    response.write1h = optional { $0.count() }
    return response
  }

  fileprivate mutating func copies() -> CopyCounter {
    var time: Int64 = 0
    let entries = list(most: CopyCounter.most) {
      let hash = UInt64(bitPattern: $0.integer())
      time = min(max(time &+ $0.integer(), -1 << 60), 1 << 60)
      return CopyCounter.Entry(hash: hash, time: time, count: UInt64(bitPattern: $0.integer()))
    }
    return CopyCounter(entries)
  }

  fileprivate mutating func usage() -> CodexUsage {
    CodexUsage(input: count(), cached: count(), output: count(), reasoning: count())
  }

  fileprivate mutating func thread() -> CodexThread {
    var thread = CodexThread()
    thread.id = text()
    thread.root = text()
    thread.project = text()
    thread.tier = text()
    thread.model = model()
    thread.depth = UInt8(truncatingIfNeeded: integer() & 7)
    let flags = integer()
    thread.isReplaying = flags & 1 != 0
    thread.hasUsage = flags & 2 != 0
    thread.isBeforeStart = flags & 4 != 0
    thread.hasPaused = flags & 8 != 0
    thread.isTriggered = flags & 16 != 0
    thread.historyStart = optional { $0.integer() }
    thread.lastTime = optional { $0.time() }
    thread.start = optional { $0.time() }
    thread.lastUsage = optional { $0.usage() }
    thread.toolCalls = count()
    thread.tasks = count()
    thread.counters.mayRestart = integer() & 1 != 0
    thread.counters.lanes = list(most: CodexCounters.mostLanes) {
      CodexCounters.Lane(
        limit: $0.integer(), total: $0.usage(), lower: $0.optional { $0.usage() },
        known: $0.list(most: CodexCounters.mostKnown) { UInt32(truncatingIfNeeded: $0.integer()) })
    }
    thread.pending = list(most: CodexThread.mostPending) {
      CodexThread.Pending(usage: $0.usage(), threadTotal: $0.integer())
    }
    return thread
  }
}
