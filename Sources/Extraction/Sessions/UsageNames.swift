import JSON

/// The members of a usage object, in the spellings of all providers.
enum UsageName: UInt8, MemberName {
  case input = 1
  case output, total
  /// As some programs shorten them.
  case shortInput, shortOutput
  /// Of the input, in the spelling of those who count it inside.
  case cached
  /// In Anthropic's spelling.
  case cacheRead, cacheWrite
  /// In that of Codex, who counts it inside.
  case cacheWriteInside
  case write5m, write1h
  case reasoning
  case toolPrompt
  case inputDetails, outputDetails, cacheCreation
  case iterations, speed, serviceTier, type, model

  static let table = KeyTable([
    (Self.input, ["input_tokens", "prompt_tokens", "input_token", "promptTokenCount"]),
    (.input, ["prompt_token_count"]),
    (.output, ["output_tokens", "completion_tokens", "output_token", "candidatesTokenCount"]),
    (.output, ["candidates_token_count"]),
    (.total, ["total_tokens", "total_token", "totalTokenCount", "total_token_count"]),
    (.cached, ["cached_tokens", "cached_input_tokens", "cachedContentTokenCount"]),
    (.cached, ["cached_content_token_count", "prompt_cache_hit_tokens"]),
    (.cacheRead, ["cache_read_input_tokens"]),
    (.cacheWrite, ["cache_creation_input_tokens"]),
    (.cacheWriteInside, ["cache_write_input_tokens", "cache_write_tokens"]),
    (.write5m, ["ephemeral_5m_input_tokens"]),
    (.write1h, ["ephemeral_1h_input_tokens"]),
    (.shortInput, ["input"]), (.shortOutput, ["output"]),
    (.reasoning, ["reasoning_tokens", "reasoning_output_tokens", "thoughtsTokenCount"]),
    (.reasoning, ["thoughts_token_count"]),
    (.toolPrompt, ["toolUsePromptTokenCount", "tool_use_prompt_token_count"]),
    (.inputDetails, ["prompt_tokens_details", "input_tokens_details", "input_token_details"]),
    (.outputDetails, ["completion_tokens_details", "output_tokens_details"]),
    (.outputDetails, ["output_token_details"]),
    (.cacheCreation, ["cache_creation", "cache_creation_token_details"]),
    (.iterations, ["iterations"]),
    (.speed, ["speed"]),
    (.serviceTier, ["service_tier"]),
    (.type, ["type"]),
    (.model, ["model"]),
  ])
}
