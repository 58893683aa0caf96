/// What Claude Code says where a request failed, in names and numbers of the protocol alone.
struct ErrorClass {
  /// Of HTTP.
  var status: Int64?
  /// As Anthropic's API calls it.
  var type: String?

  /// Nil where `text` tells of nothing that has a name.
  init?(_ text: String) {
    if text.hasPrefix("API Error") { status = Self.status(in: text.utf8.dropFirst(9).prefix(40)) }
    type =
      Self.types.first { text.contains($0) } ?? Self.phrases.first { text.contains($0.said) }?.type
      ?? status.flatMap { code in Self.statuses.first { $0.code == code }?.type }
    if status == nil, type == nil { return nil }
  }

  /// Such as `529 overloaded_error`.
  var text: String {
    [status.map { String($0) }, type].compactMap { $0 }.joined(separator: " ")
  }

  /// The first number that may be one.
  private static func status(in text: Substring.UTF8View) -> Int64? {
    text.split { !(0x30...0x39).contains($0) }.lazy.compactMap { digits in
      digits.count == 3 ? Int64(Substring(digits)) : nil
    }.first { (400...599).contains($0) }
  }

  private static let types = [
    "invalid_request_error", "authentication_error", "billing_error", "permission_error",
    "not_found_error", "request_too_large", "rate_limit_error", "timeout_error", "api_error",
    "overloaded_error",
  ]

  private static let statuses: [(code: Int64, type: String)] = [
    (400, "invalid_request_error"), (401, "authentication_error"), (402, "billing_error"),
    (403, "permission_error"), (404, "not_found_error"), (413, "request_too_large"),
    (429, "rate_limit_error"), (500, "api_error"), (504, "timeout_error"),
    (529, "overloaded_error"),
  ]

  private static let phrases: [(said: String, type: String)] = [
    ("limit reached", "rate_limit_error"), ("hit your limit", "rate_limit_error"),
    ("Credit balance is too low", "billing_error"), ("Invalid API key", "authentication_error"),
    ("Please run /login", "authentication_error"), ("Prompt is too long", "request_too_large"),
    ("timed out", "timeout_error"), ("Connection error", "connection_error"),
    ("Request was aborted", "aborted"),
  ]
}
