import JSON

/// The members of a Codex line's payload, and of the objects in it.
enum CodexName: UInt8, MemberName {
  case id = 1
  case type, model, folder, forkedFrom, source, subagent, threadSpawn, parentThread, historyStart
  case info, total, last, limits, limitID
  case thread, response, usage, threadUsage
  case settings, tier, trigger
  /// Which lines of a file are a copy, and whether a trigger ends them.
  case historyBase, historyEnd, multiAgent

  static let table = KeyTable([
    (Self.id, ["id"]), (.type, ["type"]), (.model, ["model"]), (.folder, ["cwd"]),
    (.forkedFrom, ["forked_from_id"]), (.source, ["source"]), (.subagent, ["subagent"]),
    (.threadSpawn, ["thread_spawn"]), (.parentThread, ["parent_thread_id"]),
    (.historyStart, ["subagent_history_start_ordinal"]),
    (.info, ["info"]), (.total, ["total_token_usage"]), (.last, ["last_token_usage"]),
    (.limits, ["rate_limits"]), (.limitID, ["limit_id"]),
    (.thread, ["thread_id"]), (.response, ["response_id"]), (.usage, ["usage"]),
    (.threadUsage, ["thread_token_usage"]),
    (.settings, ["thread_settings"]), (.tier, ["service_tier"]), (.trigger, ["trigger_turn"]),
    (.historyBase, ["history_base"]), (.historyEnd, ["end_ordinal_exclusive"]),
    (.multiAgent, ["multi_agent_version"]),
  ])
}
