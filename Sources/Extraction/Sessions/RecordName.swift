import JSON

/// The outermost members of a record that any wire format knows.
enum RecordName: UInt8, MemberName {
  case aiLog = 1
  case type, message, payload, data
  case usage, geminiUsage
  /// What holds the provider's response in a record that has more to say.
  case response
  case startTime, time, created
  case session, requestID, id, model, status, anyStatus, responseFlags
  /// In milliseconds.
  case latency, anyDuration, firstToken
  case stream, path, route, consumer, project
  case isSidechain, isAPIError, ordinal, thread, error, choices, content, serviceTier
  /// Docker's text of a line.
  case log, version
  /// A message, where it may be JSON itself.
  case text
  /// What a batch or a program says of a request.
  case result
  /// Of the summary that Claude Code prints at the end of a run.
  case summary
  /// Of what Claude Code puts into the user's mouth.
  case isMeta, isCompactSummary

  static let table = KeyTable([
    (Self.aiLog, ["ai_log"]),
    (.type, ["type"]), (.message, ["message"]), (.payload, ["payload"]), (.data, ["data"]),
    (.usage, ["usage"]), (.geminiUsage, ["usageMetadata", "usage_metadata"]),
    (.response, ["response", "body", "response_body"]),
    (.startTime, ["start_time"]), (.time, ["timestamp", "time", "@timestamp", "ts", "datetime"]),
    (.created, ["created", "created_at", "createTime"]),
    (.session, ["session_id", "sessionId", "session", "conversation_id", "conversationId"]),
    (.requestID, ["request_id", "requestId", "x_request_id", "req_id"]),
    (.id, ["id", "responseId", "response_id"]),
    (.model, ["model", "modelVersion", "model_name"]),
    (.status, ["response_code", "status_code", "statusCode", "http_status"]),
    (.anyStatus, ["status"]), (.responseFlags, ["response_flags"]),
    (.latency, ["latency_ms", "duration_ms", "elapsed_ms", "latencyMs", "durationMs"]),
    (.anyDuration, ["duration"]),
    (.firstToken, ["ttft_ms", "first_token_ms", "time_to_first_token_ms"]),
    (.stream, ["stream", "is_stream"]), (.path, ["path", "endpoint", "url"]),
    (.route, ["route_name", "route"]), (.consumer, ["consumer", "user", "user_id"]),
    (.project, ["cwd", "project"]),
    (.isSidechain, ["isSidechain"]), (.isAPIError, ["isApiErrorMessage"]),
    (.ordinal, ["ordinal"]), (.thread, ["thread_id"]), (.error, ["error"]),
    (.choices, ["choices"]), (.content, ["content"]), (.serviceTier, ["service_tier"]),
    (.log, ["log"]), (.text, ["msg", "MESSAGE"]),
    (.result, ["result", "llm"]), (.version, ["version"]),
    (.isMeta, ["isMeta"]), (.isCompactSummary, ["isCompactSummary"]),
    (.summary, ["num_turns", "total_cost_usd", "modelUsage"]),
  ])
}
