import JSON
package import LogModel

/// Finds what went wrong in the records of logs.
///
/// The same record gives the same error whatever came before it; between two records no more is kept
/// than scratch space and errors that were found before.
package struct ErrorExtractor {
  /// Messages without values that have been seen; logs repeat themselves.
  private var known: [Int64: (text: [UInt8], error: LoggedError)] = [:]
  private static let maxKnown = 4096
  private var scratch: [UInt8] = []

  package init() {}

  /// Whether the record may show an error: a level, a failed request, an exception or more than one line.
  ///
  /// Nearly all records are told here, without reading them.
  @inline(__always)
  package static func mayMatter(_ record: Span<UInt8>, _ head: borrowing LineHead) -> Bool {
    if let severity = head.severity, severity >= .error { return true }
    return head.mayFail || TraceHint.hasLines(record)
  }

  /// The error that a complete record shows; `head` is that of its first line.
  package mutating func error(in record: Span<UInt8>, _ head: LineHead) -> LoggedError? {
    guard Self.mayMatter(record, head) else { return nil }
    let isError = head.severity.map { $0 >= .error } ?? false
    guard isError || head.mayFail || TraceHint.mayHold(record) else { return nil }
    let body = head.body.clamped(to: 0..<record.count)
    if record.count > 1, record[0] == 0x7B, let object = ErrorObject(record) {
      return error(in: object, record, isError: isError)
    }
    if head.mayFail, head.request == nil, let request = FailedRequest(pairs: record) {
      return requestError(request)
    }
    if !body.isEmpty, record[body.lowerBound] == 0x7B {
      let inner = record.extracting(body.lowerBound..<record.count)
      if let object = ErrorObject(inner) { return error(in: object, inner, isError: isError) }
    }
    var text = record.array(body)
    if body.lowerBound > 0, record[body.lowerBound - 1] == 0x22,
      text.count(where: { $0 == 0x22 }) % 2 == 1
    {
      // The quote that a format took for its own.
      text.insert(0x22, at: 0)
    }
    // Of the first line the message counts, of a record all that follows.
    var end = body.upperBound
    while end < record.count, record[end] != 0x0A { end += 1 }
    let isSpanning = end < record.count
    if isSpanning { text += record.array(end..<record.count) }
    if !isSpanning, isError, Self.isPair(record, body),
      let said = record.array(0..<min(record.count, 4096))[...].value(of: ["err", "error"])
    {
      text += [0x3A, 0x20] + said
    }
    return error(
      inText: text[...], isError: isError, mayFail: head.mayFail, isSpanning: isSpanning)
  }

  /// Whether the message is the value in `msg="…"`.
  private static func isPair(_ record: Span<UInt8>, _ body: Range<Int>) -> Bool {
    var start = body.lowerBound
    if start > 0, record[start - 1] == 0x22 { start -= 1 }
    return start > 0 && record[start - 1] == UInt8(ascii: "=")
  }

  /// The hash of a record and its `time`, where it shows one so fine that no two events share it: then an
  /// equal record in another file is a copy.
  package static func copyKey(
    of record: Span<UInt8>, _ head: LineHead, time: Int64
  ) -> Int64? {
    // Digits that are all zero behind the milliseconds were put there by a coarser clock.
    guard let own = head.time, own % 1000 != 0 else { return nil }
    let shown = head.timeRange.clamped(to: 0..<record.count)
    guard shown.isEmpty || FineTime.stands(in: record.extracting(shown)) else { return nil }
    var hash = StableHash()
    hash.add(record)
    hash.add(UInt64(bitPattern: time))
    return hash.value
  }

  // MARK: Text

  private mutating func error(
    inText text: Line, isError: Bool, mayFail: Bool = false, isSpanning: Bool
  ) -> LoggedError? {
    if isSpanning, let trace = StackTrace(text),
      let found = LoggedError(trace, besides: nil, text: text.prefix { $0 != 0x0A }),
      isError || found.type != nil && trace.exceptions.allSatisfy(\.isCertain)
    {
      return found
    }
    guard isError || mayFail else { return nil }
    if let request = FailedRequest(accessLine: text) { return requestError(request) }
    return isError ? messageError(text, logger: nil) : nil
  }

  private mutating func messageError(_ message: Line, logger: String?) -> LoggedError {
    scratch.removeAll(keepingCapacity: true)
    MessageMask.mask(message, into: &scratch)
    MessageMask.removeHeader(from: &scratch)
    MessageMask.removeThread(from: &scratch)
    var hash = StableHash()
    hash.add(scratch.span)
    hash.add(logger)
    if let found = known[hash.value], found.text == scratch { return found.error }
    let text = String(decoding: scratch, as: UTF8.self)
    let error = LoggedError(
      .text, type: nil, text: text, culprit: logger, of: [text, logger ?? ""])
    remember(error, hash.value)
    return error
  }

  private mutating func requestError(_ request: FailedRequest) -> LoggedError {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: request.method.utf8)
    scratch.append(0x20)
    scratch.append(contentsOf: request.path)
    var hash = StableHash()
    hash.add(scratch.span)
    hash.add(request.type)
    hash.add(request.route)
    if let found = known[hash.value], found.text == scratch { return found.error }
    let error = request.error
    remember(error, hash.value)
    return error
  }

  /// `scratch` is the text by which it was found.
  private mutating func remember(_ error: LoggedError, _ hash: Int64) {
    if known.count >= Self.maxKnown { known.removeAll(keepingCapacity: true) }
    // A copy is as long as its text; `scratch` is as long as the longest one.
    known[hash] = (scratch.span.array(0..<scratch.count), error)
  }

  // MARK: JSON

  private mutating func error(
    in object: ErrorObject, _ line: Span<UInt8>, isError: Bool
  ) -> LoggedError? {
    if let log = object.containerLog(line) {
      if log.first == 0x7B, let inner = ErrorObject(log.span) {
        return error(in: inner, log.span, isError: isError)
      }
      let isSpanning = log.dropLast().contains(0x0A)
      return error(inText: log[...], isError: isError, isSpanning: isSpanning)
    }
    let found = plainError(in: object, line, isError: isError)
    guard let found, let names = object.fingerprint(line) else { return found }
    let parts = names.map { name in
      name.filter { $0 != " " } == "{{default}}" ? "default \(found.fingerprint)" : name
    }
    return LoggedError(
      .explicit, type: found.type, text: found.text, culprit: found.culprit, frames: found.frames,
      of: parts)
  }

  private mutating func plainError(
    in object: ErrorObject, _ line: Span<UInt8>, isError: Bool
  ) -> LoggedError? {
    if let request = object.gatewayRequest(line) { return requestError(request) }
    let raised = object.exception(line)
    var message = object.message(line) ?? []
    if let said = raised?.message, !said.isEmpty {
      // The message may go on in several lines; what went wrong stands behind its first one.
      message = Array(message.prefix { $0 != 0x0A }) + (message.isEmpty ? [] : [0x3A, 0x20]) + said
    }
    let stack = object.stack(line)
    if let trace = stack.flatMap({ StackTrace($0[...]) }),
      let error = LoggedError(
        trace, besides: raised?.type == nil ? RaisedException(saying: message) : raised),
      isError || error.type != nil && !error.frames.isEmpty
    {
      return error
    }
    if isError, let raised, raised.type != nil {
      return LoggedError(StackTrace(of: raised), besides: nil)
    }
    if let request = object.failedRequest(line) { return requestError(request) }
    guard isError else { return nil }
    if message.isEmpty { message = object.members(line) }
    // Of a record that has nothing else, all of it is the message.
    if message.isEmpty { message = line.array(0..<min(line.count, 1024)) }
    return messageError(message[...], logger: object.logger(line))
  }
}

extension LoggedError {
  /// The error that a trace shows; `other` is what stands beside it in fields.
  ///
  /// `line` is what is said where nothing else is. Nil where nothing in it names an error.
  init?(_ trace: StackTrace, besides other: RaisedException?, text line: Line = []) {
    guard let root = trace.exceptions.first else { return nil }
    let own = trace.ownFrames
    let frames = own.map(\.name)
    let type = root.type ?? (trace.exceptions.count == 1 ? other?.type : nil)
    guard type != nil || !frames.isEmpty else { return nil }
    var said = root.message.isEmpty ? other?.message ?? [] : root.message
    if said.isEmpty, type == nil { said = Array(line) }
    let message = MessageMask.text(of: said)
    var text = message
    let outer = trace.exceptions.dropFirst().prefix(3).compactMap(\.type)
    if !outer.isEmpty {
      text += (text.isEmpty ? "" : ", ") + "behind " + outer.joined(separator: ", ")
    }
    // Where a logger was called is no exception, and a file is no place: then the message tells.
    let isVague = type == nil || own.allSatisfy(\.function.isEmpty)
    if isVague {
      self.init(
        .message, type: type, text: text, culprit: frames.first, frames: frames,
        of: [type ?? "", message] + frames)
    } else {
      self.init(
        .frames, type: type, text: text, culprit: frames[0], frames: frames,
        of: [type ?? ""] + frames)
    }
  }
}

extension RaisedException {
  /// What the message beside a trace says: at best the header of an exception.
  init(saying message: [UInt8]) {
    let first = message.prefix { $0 != 0x0A }
    let header = ExceptionHeader(in: first)
    self.init(type: header?.type, message: header?.message ?? Array(first))
  }
}

extension StackTrace {
  /// An exception without a trace.
  init(of exception: RaisedException) { exceptions = [exception] }
}
