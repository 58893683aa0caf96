/// SQL for what a turn's line says of the conversation: question, answer and the names of tools.
///
/// A gateway writes them into `ai_log`, a JSON text inside the JSON of the line; a program that logs a
/// provider's response has them there, and in the request. The agents write a line for each thing that is
/// said: theirs stand between the turn before and this one, or have the response's id.
enum TurnContent {
  /// A CTE `said` of the turns of `session` that `condition` selects, both over `turns t`, with what
  /// helps to find the content.
  ///
  /// The lines are materialized: SQLite would put the long expression of a message wherever it is used.
  static func said(_ session: String, _ condition: String) -> String {
    """
    WITH own AS (
      SELECT t.*, \(file(of: "t.log_id")) AS file FROM turns t WHERE \(session)
    ), ordered AS (
      SELECT *, lag(log_id) OVER (PARTITION BY file ORDER BY log_id) AS previous FROM own
    ), line AS MATERIALIZED (
      SELECT t.*, l.message FROM ordered t LEFT JOIN log l ON l.id = t.log_id WHERE \(condition)
    ), record AS (
      SELECT *, CASE WHEN json_valid(message) THEN coalesce(\(embedded), message)
        WHEN json_valid(\(behindPrefix)) THEN \(behindPrefix) END AS record FROM line
    ), said AS (
      SELECT *, CASE WHEN json_valid(record->>'$.ai_log') THEN record->>'$.ai_log' END AS gateway,
        CASE \(responses) END AS response FROM record
    )
    """
  }

  static let question = """
    coalesce(\(texts("gateway", "$.question")), \(asked("gateway", "$.messages")),
        \(requests.map { asked("record", $0) }.joined(separator: ",\n    ")),
        record->>'$.prompt', record->>'$.request.prompt',
        \(text("record", "$.request.input")), \(text("record", "$.input")),
        CASE agent WHEN 'claude-code' THEN \(prompt) WHEN 'codex' THEN \(event("user_message")) END)
    """

  static let answer = """
    coalesce(\(texts("gateway", "$.answer")),
        CASE agent WHEN 'claude-code' THEN \(blocks(texts("n.message", "$.message.content"), "char(10)"))
          WHEN 'codex' THEN \(event("agent_message")) END,
        \(texts("response", "$.choices[0].message.content")), response->>'$.choices[0].text',
        \(texts("response", "$.content")), \(texts("response", "$.candidates[0].content.parts")),
        (SELECT group_concat(c.value->>'$.text', char(10)) FROM json_each(response, '$.output') o,
          json_each(CASE o.type WHEN 'object' THEN o.value END, '$.content') c WHERE c.type = 'object'))
    """

  static let tools = """
    coalesce(\(names("gateway", "$.tool_calls")),
        CASE agent WHEN 'claude-code' THEN \(blocks(names("n.message", "$.message.content"), "', '"))
          WHEN 'codex' THEN \(calls) END,
        \(names("response", "$.choices[0].message.tool_calls")), \(names("response", "$.content")),
        \(names("response", "$.output")), \(names("response", "$.candidates[0].content.parts")))
    """

  /// Where a request's messages stand.
  private static let requests = [
    "$.request.messages", "$.messages", "$.request.contents", "$.contents", "$.request.input",
    "$.input", "$.request.body.messages",
  ]

  /// A JSON text in the record that says all there is.
  private static let embedded = ["$.log", "$.message", "$.msg", "$.MESSAGE"].map { path in
    "CASE WHEN json_type(message, '\(path)') = 'text' AND message->>'\(path)' GLOB '{*'"
      + " AND json_valid(message->>'\(path)') THEN message->>'\(path)' END"
  }.joined(separator: ", ")

  private static let behindPrefix = "substr(message, instr(message, '{'))"

  /// The object that has the usage in it.
  private static let responses = [
    "", ".response", ".body", ".response_body", ".response.body", ".result", ".llm", ".data",
    ".message", ".result.message",
  ].map { path in
    "WHEN 'object' IN (json_type(record, '$\(path).usage'), json_type(record, '$\(path).usageMetadata'),"
      + " json_type(record, '$\(path).usage_metadata')) THEN record->'$\(path)'"
  }.joined(separator: "\n      ")

  /// A text, or the texts of an array of parts.
  private static func texts(_ json: String, _ path: String) -> String {
    "(SELECT group_concat(CASE p.type WHEN 'text' THEN p.value WHEN 'object' THEN p.value->>'$.text' END, char(10))"
      + " FROM json_each(\(json), '\(path)') p)"
  }

  private static func text(_ json: String, _ path: String) -> String {
    "CASE json_type(\(json), '\(path)') WHEN 'text' THEN \(json)->>'\(path)' END"
  }

  /// What the user said last in an array of messages.
  private static func asked(_ json: String, _ path: String) -> String {
    "(SELECT coalesce(\(texts("m.value", "$.content")), \(texts("m.value", "$.parts")))"
      + " FROM json_each(\(json), '\(path)') m WHERE m.type = 'object' AND m.value->>'$.role' = 'user'"
      + " ORDER BY m.key DESC LIMIT 1)"
  }

  private static func names(_ json: String, _ path: String) -> String {
    "(SELECT group_concat(coalesce(c.value->>'$.function.name', c.value->>'$.functionCall.name',"
      + " CASE WHEN c.value->>'$.type' IN ('tool_use', 'function_call', 'custom_tool_call')"
      + " THEN c.value->>'$.name' END), ', ') FROM json_each(\(json), '\(path)') c WHERE c.type = 'object')"
  }

  // MARK: Agents

  /// From all lines of a response of Claude Code, which stand close together, a copy but once.
  private static func blocks(_ value: String, _ separator: String) -> String {
    "(SELECT group_concat(x, \(separator)) FROM (SELECT DISTINCT n.message->'$.message.content', \(value) AS x FROM log n"
      + " WHERE n.id > said.log_id - 20 AND n.id < said.log_id + 20 AND n.id >> 36 = said.log_id >> 36"
      + " AND CASE WHEN json_valid(n.message) THEN n.message->>'$.message.id' END = record->>'$.message.id'"
      + " ORDER BY n.id) WHERE x IS NOT NULL)"
  }

  /// The lines of the same file behind the turn before, as far as they are near.
  private static let between =
    "n.id > max(coalesce(said.previous, 0), said.log_id - 500) AND n.id <= said.log_id"
    + " AND \(file(of: "n.id")) = said.file AND json_valid(n.message)"

  /// Which one a line came from: several files of a source may be read by turns.
  private static func file(of line: String) -> String {
    "(SELECT file FROM extent WHERE first_id <= \(line) ORDER BY first_id DESC LIMIT 1)"
  }

  private static let prompt =
    "(SELECT x FROM (SELECT n.id, \(texts("n.message", "$.message.content")) AS x FROM log n WHERE \(between)"
    + " AND n.message->>'$.type' = 'user' AND coalesce(n.message->>'$.isMeta', 0) = 0"
    + " AND coalesce(n.message->>'$.isCompactSummary', 0) = 0 AND n.message->>'$.sessionId' = said.session)"
    + " WHERE x IS NOT NULL ORDER BY id DESC LIMIT 1)"

  private static func event(_ type: String) -> String {
    "(SELECT group_concat(x, char(10)) FROM (SELECT n.message->>'$.payload.message' AS x FROM log n WHERE \(between)"
      + " AND n.message->>'$.payload.type' = '\(type)' ORDER BY n.id))"
  }

  private static let calls =
    "(SELECT group_concat(x, ', ') FROM (SELECT coalesce(n.message->>'$.payload.name', n.message->>'$.payload.type') AS x"
    + " FROM log n WHERE \(between) AND n.message->>'$.type' = 'response_item' AND n.message->>'$.payload.type' IN"
    + " ('function_call', 'custom_tool_call', 'local_shell_call', 'web_search_call') ORDER BY n.id))"
}
