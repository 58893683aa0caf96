/// SQL for what a turn's line says of the conversation: question, answer and the names of tools.
///
/// A gateway writes them into `ai_log`, a JSON text inside the JSON of the line; a program that logs a
/// provider's response has them there, and in the request. The agents write a line for each thing that is
/// said: theirs stand between the turn before and this one, or have the response's id.
enum TurnContent {
  /// A CTE `said` of the turns of `session` that `condition` selects, both over `turns t`, with what
  /// helps to find the content; and for agents the CTEs `told` and `written` (see `join`).
  ///
  /// `name` is the session's as SQL. Lines are materialized: SQLite would put the long expression of a
  /// message wherever it is used.
  static func said(_ session: String, name: String, _ condition: String) -> String {
    """
    WITH own AS (
      SELECT t.*, \(file(of: "t.log_id")) AS file FROM turns t WHERE \(session)
    ), ordered AS MATERIALIZED (
      SELECT *, lag(log_id) OVER (PARTITION BY file ORDER BY log_id) AS previous FROM own
    ), asked AS MATERIALIZED (
      SELECT * FROM ordered t WHERE \(condition)
    ), \(near), record AS MATERIALIZED (
      SELECT t.*, CASE WHEN json_valid(message) THEN coalesce(\(embedded), message)
        WHEN json_valid(\(behindPrefix)) THEN \(behindPrefix)
        WHEN instr(message, '"ai_log"') AND json_valid(\(intact)) THEN json_object('ai_log', \(intact)->>'$') END AS record
      FROM asked t LEFT JOIN near n ON n.id = +t.log_id
    ), said AS MATERIALIZED (
      SELECT *, CASE WHEN json_valid(record->>'$.ai_log') THEN record->>'$.ai_log' END AS gateway,
        CASE \(responses) END AS response FROM record
    ), \(agents(name))
    """
  }

  /// The turns with what their agents' lines say.
  static let join = """
    said LEFT JOIN told ON told.turn = +said.log_id AND said.previous IS NOT said.log_id
      LEFT JOIN written ON written.turn = said.id
    """

  static let question = """
    coalesce(\(texts("gateway", "$.question")), \(asked("gateway", "$.messages")),
        \(requests.map { asked("record", $0) }.joined(separator: ",\n    ")),
        record->>'$.prompt', record->>'$.request.prompt',
        \(text("record", "$.request.input")), \(text("record", "$.input")),
        CASE agent WHEN 'claude-code' THEN told.prompt WHEN 'codex' THEN told.question END)
    """

  static let answer = """
    coalesce(\(texts("gateway", "$.answer")),
        CASE agent WHEN 'claude-code' THEN written.answer WHEN 'codex' THEN told.answer END,
        \(texts("response", "$.choices[0].message.content")), response->>'$.choices[0].text',
        \(texts("response", "$.content")), \(texts("response", "$.candidates[0].content.parts")),
        (SELECT group_concat(c.value->>'$.text', char(10)) FROM json_each(response, '$.output') o,
          json_each(CASE o.type WHEN 'object' THEN o.value END, '$.content') c WHERE c.type = 'object'))
    """

  static let tools = """
    coalesce(\(names("gateway", "$.tool_calls")),
        CASE agent WHEN 'claude-code' THEN written.tools WHEN 'codex' THEN told.tools END,
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

  /// What a gateway says of the model in a line that is broken elsewhere: inside of the text, no quotation mark
  /// stands without a backslash.
  private static let intact: String = {
    let behind = "substr(message, instr(message, '\"ai_log\"') + 8)"
    let text = "substr(\(behind), instr(\(behind), '\"') + 1)"
    return "('\"' || substr(\(text), 1, instr(\(text), '}\"')) || '\"')"
  }()

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

  /// The lines of the turns, and with those of agents the lines that they may need: of the same file behind the turn
  /// before, as far as they are near, and of Claude Code, whose responses have several, those that stand close by.
  ///
  /// Each is read once: lines that are not far from each other are one stretch, of no more chunks than have them.
  private static let near = """
    reach AS (
      SELECT CASE agent WHEN 'claude-code' THEN min(log_id - 20, max(coalesce(previous, 0), log_id - 500))
          WHEN 'codex' THEN max(coalesce(previous, 0), log_id - 500) ELSE log_id - 1 END AS low,
        log_id + CASE agent WHEN 'claude-code' THEN 20 ELSE 1 END AS high,
        agent IS NOT NULL AND agent IN ('claude-code', 'codex') AS talks FROM asked
    ), piece AS (
      SELECT *, coalesce(low > max(high) OVER (
        ORDER BY low, high ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 500, 1) AS begins FROM reach
    ), stretch AS MATERIALIZED (
      SELECT min(low) AS low, max(high) AS high, max(talks) AS talks FROM (
        SELECT *, sum(begins) OVER (ORDER BY low, high ROWS UNBOUNDED PRECEDING) AS number FROM piece)
      GROUP BY number
    ), near AS MATERIALIZED (
      SELECT n.id, n.message, talks FROM stretch CROSS JOIN log n ON n.id > low AND n.id < high
        AND n.chunk > low - 4096 AND n.chunk < high
      WHERE talks OR +n.id IN (SELECT log_id FROM asked)
    )
    """

  // MARK: Agents

  /// What the lines of agents say, of each once, as those of a turn (`told`) and as those of a response (`written`).
  private static func agents(_ name: String) -> String {
    """
    spoken AS (
      SELECT *, message->>'$.message.id' AS response FROM near WHERE talks AND json_valid(message)
    ), heard AS MATERIALIZED (
      SELECT id, response, CASE WHEN response IS NOT NULL THEN message->'$.message.content' END AS content,
        CASE WHEN response IS NOT NULL THEN \(texts("message", "$.message.content")) END AS spoken,
        CASE WHEN response IS NOT NULL THEN \(names("message", "$.message.content")) END AS tools,
        CASE WHEN message->>'$.type' = 'user' AND coalesce(message->>'$.isMeta', 0) = 0
          AND coalesce(message->>'$.isCompactSummary', 0) = 0 AND message->>'$.sessionId' = \(name)
          THEN \(texts("message", "$.message.content")) END AS prompt,
        message->>'$.payload.type' AS event, message->>'$.payload.message' AS payload,
        CASE WHEN message->>'$.type' = 'response_item' AND message->>'$.payload.type' IN
          ('function_call', 'custom_tool_call', 'local_shell_call', 'web_search_call')
          THEN coalesce(message->>'$.payload.name', message->>'$.payload.type') END AS call FROM spoken
    ), written AS MATERIALIZED (
      SELECT turn, group_concat(spoken, char(10)) AS answer, group_concat(tools, ', ') AS tools FROM (
        SELECT DISTINCT s.id AS turn, n.content, n.spoken, n.tools FROM said s JOIN heard n ON n.response = s.record->>'$.message.id'
        WHERE s.agent = 'claude-code' AND n.id > s.log_id - 20 AND n.id < s.log_id + 20 AND n.id >> 36 = s.log_id >> 36
        ORDER BY s.id, n.id)
      GROUP BY turn
    ), placed AS (
      SELECT id, \(file(of: "id")) AS file, prompt, event, payload, call, NULL AS turn FROM heard
      WHERE prompt IS NOT NULL OR event IS NOT NULL
      UNION ALL SELECT log_id, file, NULL, NULL, NULL, NULL, log_id FROM ordered
    ), owned AS MATERIALIZED (
      SELECT * FROM (
        SELECT id, file, prompt, event, payload, call, min(turn) OVER (PARTITION BY file ORDER BY id DESC) AS turn FROM placed)
      WHERE id > turn - 500 AND file IS NOT NULL ORDER BY turn, id
    ), prompted AS (
      SELECT turn, prompt, max(id) FROM owned WHERE prompt IS NOT NULL GROUP BY turn
    ), told AS MATERIALIZED (
      SELECT o.*, p.prompt FROM (
        SELECT turn, group_concat(payload, char(10)) FILTER (WHERE event = 'user_message') AS question,
          group_concat(payload, char(10)) FILTER (WHERE event = 'agent_message') AS answer, group_concat(call, ', ') AS tools
        FROM owned GROUP BY turn) o
      LEFT JOIN prompted p ON p.turn = o.turn
    )
    """
  }

  /// Which one a line came from: several files of a source may be read by turns.
  private static func file(of line: String) -> String {
    "(SELECT file FROM extent WHERE first_id <= \(line) ORDER BY first_id DESC LIMIT 1)"
  }
}
