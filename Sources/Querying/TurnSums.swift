/// The sums of turns, in two steps: by group and model, and then by group, so that a group can name
/// its models.
enum TurnSums {
  /// Of the table `turn`: those that `list`, SQL over their names, asks for.
  static func inner(for list: String) -> String {
    let words = Set(list.split { !$0.isLetter && $0 != "_" })
    return inner.filter { words.contains($0.name[...]) }
      .map { "\($0.sql) AS \($0.name)" }.joined(separator: ",\n    ")
  }

  private static let inner: [(name: String, sql: String)] = [
    ("turns", "count(*)"), ("first_us", "min(time_us)"), ("last_us", "max(time_us)"),
    ("input", "sum(\(input))"), ("cached", "sum(cache_read)"),
    ("written", "sum(cache_write_5m + cache_write_1h)"), ("output", "sum(\(output))"),
    ("reasoning", "sum(coalesce(claimed_reasoning, reasoning))"), ("cost", "sum(cost_nano)"),
    ("saved", "sum(saved_nano)"), ("unpriced", "count(*) - count(cost_nano)"),
    ("failed", "sum(\(failed))"), ("suspects", "sum(suspect)"), ("rounds", "max(round)"),
    ("tools", "sum(tool_calls)"), ("latency", "sum(latency_ms)"), ("timed", "count(latency_ms)"),
    ("timed_output", "sum(output + reasoning) FILTER (WHERE latency_ms IS NOT NULL)"),
    ("wait", "sum(first_token_ms)"), ("awaited", "count(first_token_ms)"),
  ]

  /// Of one turn.
  static let input = "input + cache_read + cache_write_5m + cache_write_1h"
  static let output = "output + reasoning"
  static let failed = "failure IS NOT NULL OR coalesce(status, 0) >= 400"

  /// Columns over the rows of `inner`, by the names of the views.
  static let columns: [String: String] = [
    "first": time("min(first_us)"), "last": time("max(last_us)"), "turns": "sum(turns)",
    "models": "group_concat(model_name, ', ')", "input_tokens": "sum(input)",
    "cached_tokens": "sum(cached)", "output_tokens": "sum(output)",
    "reasoning_tokens": "sum(reasoning)", "total_tokens": "sum(input) + sum(output)",
    "cost_usd": "sum(cost) / 1e9", "unpriced_turns": "sum(unpriced)",
    "failed_turns": "sum(failed)", "rounds": "max(rounds)", "tool_calls": "sum(tools)",
    "latency_ms": "sum(latency) / sum(timed)", "first_token_ms": "sum(wait) / sum(awaited)",
    "tokens_per_second": "round(1000.0 * sum(timed_output) / sum(latency), 1)",
    "cache_write_tokens": "sum(written)",
    "cache_hit_share": "round(1.0 * sum(cached) / sum(input), 4)",
    "tokens_per_minute":
      "round(60e6 * (sum(input) + sum(output)) / nullif(max(last_us) - min(first_us), 0), 1)",
    "usd_per_hour": "round(3.6 * sum(cost) / nullif(max(last_us) - min(first_us), 0), 6)",
    "saved_usd": "sum(saved) / 1e9", "suspect_turns": "sum(suspects)", "cost_nano": "sum(cost)",
    "saved_nano": "sum(saved)",
  ]

  /// The `turn_label.id` of the project of a session: that of its earliest turn that names one.
  static func project(session: String) -> String {
    "(SELECT p.project FROM turn_row p WHERE p.session = \(session) AND p.project IS NOT NULL"
      + " ORDER BY p.time_us, p.key LIMIT 1)"
  }

  /// `columns` as the list of a SELECT.
  static func list(_ names: [String]) -> String {
    names.compactMap { name in columns[name].map { "\($0) AS \(name)" } }.joined(separator: ", ")
  }

  private static func time(_ microseconds: String) -> String {
    "strftime('%Y-%m-%dT%H:%M:%S', \(microseconds)/1000000, 'unixepoch') || '.'"
      + " || substr(1000000 + \(microseconds)%1000000, 2) || 'Z'"
  }
}
