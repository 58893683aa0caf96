import JSON

/// The members of `ai_log`.
enum AILogName: UInt8, MemberName {
  case session = 1
  case model, input, output, total, reasoning, cached, inputDetails, outputDetails
  case responseType, chatID, chatRound, api, consumer, firstToken, latency
  case messages, question, toolCalls

  static let table = KeyTable([
    (Self.session, ["session_id"]), (.model, ["model"]),
    (.input, ["input_token", "input_tokens"]), (.output, ["output_token", "output_tokens"]),
    (.total, ["total_token", "total_tokens"]), (.reasoning, ["reasoning_tokens"]),
    (.cached, ["cached_tokens"]), (.inputDetails, ["input_token_details"]),
    (.outputDetails, ["output_token_details"]), (.responseType, ["response_type"]),
    (.chatID, ["chat_id"]), (.chatRound, ["chat_round"]), (.api, ["api"]),
    (.consumer, ["consumer"]), (.firstToken, ["llm_first_token_duration"]),
    (.latency, ["llm_service_duration"]), (.messages, ["messages"]),
    (.question, ["question"]), (.toolCalls, ["tool_calls"]),
  ])
}

extension Members<AILogName> {
  /// Other plugins than the one for statistics write into the same object, also without a request
  /// to a model.
  var isOfRequest: Bool {
    self[.session] != nil || self[.model] != nil || self[.input] != nil || self[.output] != nil
      || self[.total] != nil || self[.chatRound] != nil || self[.messages] != nil
      || self[.question] != nil
  }
}
