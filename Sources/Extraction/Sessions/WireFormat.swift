import JSON
import LogModel

/// One way in which the use of a language model stands in a log.
protocol WireFormat: Sendable {
  /// Whether the record, of which only the names of its outermost members are known, is one of these.
  static func claims(_ record: Members<RecordName>, _ line: Span<UInt8>) -> Bool

  /// Takes what the record says of requests; a record that says nothing of any leaves `findings` be.
  static func read(
    _ record: Members<RecordName>, _ line: Span<UInt8>, _ state: inout TurnExtractor.State,
    _ findings: inout Findings)
}

enum WireFormats {
  /// The first that claims a record reads it.
  static let all: [any (WireFormat & SendableMetatype).Type] = [
    HigressLog.self, CodexSession.self, CodexOutput.self, ClaudeCodeSession.self,
    AnthropicStream.self, GeminiResponse.self, AnthropicResponse.self, OpenAIResponse.self,
  ]
}

/// The time that a format read in a line.
struct LineTime {
  var time: Int64?
  /// It is a member of the record itself.
  var isOwn = false
}

/// What one record gave.
struct Findings {
  var line = LineTime()
  var turns: [Turn] = []
  var reject: TurnReject?
  /// Space for strings with JSON in them.
  var scratch: [UInt8] = []
  var innerScratch: [UInt8] = []

  mutating func reset() {
    if !turns.isEmpty { turns.removeAll(keepingCapacity: true) }
    reject = nil
  }
}

extension Turn {
  /// The time that the member writes.
  ///
  /// Formats read more layouts, and know the zone of a time without one: where theirs is better, it
  /// counts.
  mutating func takeTime(_ line: Span<UInt8>, _ member: Member?, _ lineTime: LineTime) {
    guard let member, !member.isNull, time == nil else { return }
    if let found = EventTime.read(line, member) {
      time = found.isZoned ? found.time : lineTime.time ?? found.time
    } else if lineTime.isOwn {
      time = lineTime.time
    }
    hasInvalidTime = time == nil
  }

  /// Sets the rank: `weight` by the rules of the format, the rest by content.
  ///
  /// Between sessions that hold equal records, none of which says that it is the original, the one
  /// whose name sorts first wins. `more` is what else the record counts.
  mutating func rank(_ weight: Int64, more: Int64 = 0) {
    var first: UInt32 = 0
    var count = 0
    for byte in (session ?? "").utf8.prefix(4) {
      first = first << 8 | UInt32(byte)
      count += 1
    }
    if count > 0 { first <<= UInt32(8 * (4 - count)) }
    var hash = StableHash()
    hash.add(session)
    hash.add(UInt64(bitPattern: time ?? -1))
    hash.add(model)
    for count in [
      usage.uncachedInput, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h,
      usage.visibleOutput, usage.reasoning, reportedReasoning, toolCalls ?? -1, chatRound ?? -1,
    ] {
      hash.add(UInt64(bitPattern: count))
    }
    hash.add(serviceTier)
    hash.add(requestID)
    if more != 0 { hash.add(UInt64(bitPattern: more)) }
    let low = UInt64(bitPattern: hash.value) >> 33
    rank = Rank(weight: weight, tie: Int64(UInt64(~first) << 31 | low))
  }

  /// Sets the key to the hash of `parts`, preceded by the agent.
  mutating func identify(_ parts: String?...) {
    var hash = StableHash()
    hash.add(agent.rawValue)
    for part in parts { hash.add(part) }
    key = hash.value
    scope = .everywhere
  }
}
