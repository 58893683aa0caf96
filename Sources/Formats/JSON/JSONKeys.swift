import JSON

/// What a member's name says about its value.
enum JSONKeys {
  /// Of two names for one thing the earlier case wins in a tie between strong and weak.
  enum Role: UInt8 {
    case time = 1
    /// Also the name of a time that is not the record's.
    case weakTime
    case level
    /// 0 to 7.
    case syslogLevel
    /// A letter; MongoDB's `s`.
    case levelLetter
    /// 1 to 24.
    case openTelemetryLevel
    case message
    /// Also the name of something that is not the message.
    case weakMessage
    /// An object whose members count as the record's.
    case fields
    /// An array of OTLP resource logs.
    case resourceLogs
    /// An exception, or its trace.
    case failure
    /// Of HTTP.
    case status
    /// The method or the path of a request.
    case request
    /// An object about a request or its answer.
    case exchange
    /// Why a gateway of Envoy's kind could not answer.
    case responseFlags
    /// What a structured event is about, or how long it took.
    case measure
  }

  static let table = KeyTable(
    [
      (.time, ["time", "timestamp", "@timestamp", "ts", "__REALTIME_TIMESTAMP", "@t", "asctime"]),
      (.time, ["timeUnixNano", "$date", "time_iso8601", "time_local"]),
      (.weakTime, ["t", "start_time", "date", "datetime", "eventTime", "observedTimeUnixNano"]),
      (.level, ["level", "severity", "lvl", "loglevel", "log.level", "levelname", "level_name"]),
      (.level, ["severityText", "severity_text", "log_level", "@l"]),
      (.syslogLevel, ["PRIORITY"]),
      (.levelLetter, ["s"]),
      (.openTelemetryLevel, ["severityNumber", "severity_number"]),
      (.message, ["message", "msg", "short_message", "@m", "@mt"]),
      (.weakMessage, ["event", "body", "text", "log", "stringValue"]),
      (.fields, ["fields", "@fields"]),
      (.resourceLogs, ["resourceLogs"]),
      (.status, ["status", "status_code", "response_code", "http_status", "statusCode"]),
      (.status, ["http.response.status_code"]),
      (.request, ["method", "request_method", "http.request.method", "http_method"]),
      (.request, ["path", "request_uri", "uri", "url.path"]),
      (.exchange, ["http", "url", "req", "res", "request", "response"]),
      (.responseFlags, ["response_flags"]),
      (.measure, ["details", "duration_ms"]),
      (.failure, ["error", "err", "exception", "exc_info", "stack_trace", "stacktrace", "stack"]),
      (.failure, ["error.stack_trace", "exception.stacktrace", "traceback", "@x"]),
    ].flatMap { (role: Role, names: [String]) in names.map { ($0, role.rawValue) } })
}
