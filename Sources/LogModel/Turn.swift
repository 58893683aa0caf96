/// One request to a language model, as one log record shows it.
///
/// Several records may show the same request: those with equal keys are one turn, and the one with
/// the highest rank is it, whole. `max` by rank is associative and commutative, so neither the order
/// of records nor their split into files and runs changes what is left.
package struct Turn: Sendable, Equatable {
  /// The program or the protocol that wrote the record.
  package enum Agent: String, Sendable, CaseIterable {
    case higress, openai, anthropic, gemini
    case claudeCode = "claude-code"
    case codex
  }

  /// How far a key identifies a request.
  package enum Scope: UInt8, Sendable {
    /// Among all files of all sources.
    case everywhere
    /// Among the files of one source: the key is that of a record's bytes, which a copy repeats.
    case source
  }

  package var agent: Agent
  /// Nil where the record names none: then the caller's default for the file counts.
  package var session: String?
  /// The working directory, where the agent records one.
  package var project: String?
  /// Microseconds since 1970 UTC.
  ///
  /// Nil where the record shows no time, or none that can be read.
  package var time: Int64?
  /// The record has a time, but none that can be read: to be kept and flagged, at another time.
  package var hasInvalidTime = false
  /// As the record spells it.
  package var model: String?
  /// By whose price it is billed where `model` is not what the record spells; never stored.
  package var billedModel: String?
  package var usage = TokenUsage()
  /// False for a request that failed, or ended, without saying what it used; `usage` is zero then.
  package var hasUsage = true
  /// The reasoning tokens that the record claims, for showing; more than `usage.reasoning` where
  /// the claim cannot be true.
  package var reportedReasoning: Int64 = 0
  /// The counts contradict each other, and were cut until they fit; or the agent's version is known to
  /// write those of responses that are not complete yet, which are too low.
  package var isSuspect = false
  /// Such as `fast`, `priority`, `batch`; nil for the standard one.
  package var serviceTier: String?
  /// From the request to the end of its response, in milliseconds.
  package var latency: Int64?
  /// From the request to the first token of its response, in milliseconds.
  package var firstToken: Int64?
  /// Whether the response was streamed; nil where the record does not say.
  package var isStream: Bool?
  package var hasFailed = false
  /// The HTTP status; Envoy writes 0 where there was no response.
  package var status: Int64?
  /// Envoy's reasons, such as `UH` or `DC,UC`; nil for none.
  package var responseFlags: String?
  /// What the API or the agent calls the error, at most 200 bytes.
  package var error: String?
  /// What the error is in names and numbers of the protocol, without what it says.
  package var errorClass: String?
  package var consumer: String?
  package var route: String?
  package var path: String?
  /// How many user messages the request holds.
  package var chatRound: Int64?
  package var toolCalls: Int64?
  /// For correlation: several turns may share it.
  package var requestID: String?
  /// A hash of what identifies the request within `scope`; nil where nothing does, and then every
  /// record is a turn of its own.
  package var key: Int64?
  package var scope: Scope = .everywhere
  package var rank = Rank()

  package init(agent: Agent) { self.agent = agent }

  /// Which of two records of one request to keep.
  ///
  /// Both numbers are stored; in SQL:
  /// `WHERE (excluded.weight, excluded.tie) > (weight, tie)`.
  ///
  /// Records of equal rank are equal in all that is counted.
  package struct Rank: Sendable, Equatable, Comparable {
    /// What the record is worth by the rules of its format.
    package var weight: Int64
    /// Decides between records of one weight by their content.
    package var tie: Int64

    package init(weight: Int64 = 0, tie: Int64 = 0) {
      self.weight = weight
      self.tie = tie
    }

    package static func < (left: Rank, right: Rank) -> Bool {
      (left.weight, left.tie) < (right.weight, right.tie)
    }
  }

  /// The key as one column can hold it for all sources; nil without a key.
  package func storedKey(source: Int64) -> Int64? {
    guard let key else { return nil }
    guard scope == .source else { return key }
    var hash = StableHash()
    hash.add(UInt64(bitPattern: key))
    hash.add(UInt64(bitPattern: source))
    return Self.key(hash, near: key)
  }

  /// A key of the hash of a record of that time, in seconds since 1970.
  ///
  /// Keys of one time lie together in an index, to which a log adds at its end. Their uppermost bits are
  /// part of what identifies them: nothing is lost of the hash that the time does not replace.
  package static func key(_ hash: StableHash, at time: Int64) -> Int64 {
    key(hash, near: (time >> timeShift) << hashBits)
  }

  private static func key(_ hash: StableHash, near key: Int64) -> Int64 {
    let mask = (1 as Int64) << hashBits - 1
    return key & ~mask | hash.value & mask
  }

  private static let hashBits: Int64 = 47
  /// 512 seconds.
  private static let timeShift: Int64 = 9
}

/// Why a record that looks like usage gives no turn.
package enum TurnReject: String, Sendable, CaseIterable {
  /// The record breaks off or is no JSON.
  case brokenRecord = "broken usage record"
  /// `ai_log` holds no JSON object.
  case brokenAILog = "broken ai_log"
  /// A token count is negative, fractional, no number, or beyond `TokenUsage.most`.
  case invalidCount = "invalid token count"
}
