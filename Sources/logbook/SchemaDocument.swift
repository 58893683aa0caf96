import Reporting
import SQLite

/// What `schema` prints: the views that people use first, then the tables.
enum SchemaDocument {
  struct Relation {
    var name: String
    var kind: String
    var meaning: String?
    var columns: [(name: String, type: String, meaning: String?)]

    func write(to sink: TextSink) {
      sink.write("  {\"name\":")
      sink.writeJSON(name)
      sink.write(",\"kind\":")
      sink.writeJSON(kind)
      if let meaning {
        sink.write(",\"meaning\":")
        sink.writeJSON(meaning)
      }
      sink.write(",\"columns\":[")
      for (index, column) in columns.enumerated() {
        sink.write(index == 0 ? "\n    {\"name\":" : ",\n    {\"name\":")
        sink.writeJSON(column.name)
        sink.write(",\"type\":")
        sink.writeJSON(column.type)
        if let meaning = column.meaning {
          sink.write(",\"meaning\":")
          sink.writeJSON(meaning)
        }
        sink.write("}")
      }
      sink.write("]}")
    }
  }

  /// The columns of `turn`, a view, say what those of `turn_row` say.
  static func relations(of db: borrowing Connection) throws(SQLiteError) -> [Relation] {
    var relations: [Relation] = []
    var statement = try db.prepare(
      """
      SELECT name, type, iif(name = 'turn', (SELECT sql FROM sqlite_schema WHERE name = 'turn_row'), sql)
      FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
      ORDER BY type DESC, name
      """)
    while try statement.step() {
      let name = statement.text(0)
      let comments = comments(statement.text(2))
      let known = viewMeanings[name]
      var columns: [(name: String, type: String, meaning: String?)] = []
      var info = try db.prepare("SELECT name, type FROM pragma_table_info(?)")
      try info.bind(1, name)
      while try info.step() {
        let column = info.text(0)
        columns.append((column, info.text(1), known?.columns[column] ?? comments[column]))
      }
      relations.append(
        Relation(
          name: name, kind: statement.text(1), meaning: known?.meaning ?? comments[""],
          columns: columns))
    }
    return relations
  }

  /// The comments in a table's SQL, by column: SQLite keeps the statement as it was written.
  private static func comments(_ sql: String) -> [String: String] {
    var found: [String: String] = [:]
    for line in sql.split(separator: "\n").dropFirst() {
      let text = String(line)
      guard let dash = text.firstRange(of: "-- ") else { continue }
      let column = text.split(separator: " ").first.map(String.init) ?? ""
      found[column] = String(text[dash.upperBound...])
    }
    return found
  }

  /// The names of those that have a meaning for people, in order.
  static var views: [String] { viewMeanings.keys.sorted() }

  private static let viewMeanings: [String: (meaning: String, columns: [String: String])] = [
    "log": (
      "Every line. In the shell, prune by time with chunk IN (SELECT first_id FROM chunk WHERE max_us >= A AND min_us < B).",
      [
        "id": "source << 36 | number; never changes, never reused; in file order within a source",
        "time": "UTC, fixed width YYYY-MM-DDTHH:MM:SS.ffffffZ",
        "time_us":
          "microseconds since 1970 UTC; a line without a time has that of the line before it",
        "level": "trace, debug, info, warn, error, fatal, or NULL",
        "source": "the source's name",
        "pattern_id": "patterns.id",
        "message": "the record as it stood in the file, less its line end",
        "chunk": "chunk.first_id, for pruning",
      ]
    ),
    "log_row": ("What log is made from: a row for each line, nothing formatted yet.", [:]),
    "files": ("How far each file has been read, a row for each generation.", [:]),
    "runs": ("What each ingest did.", [:]),
    "rejects": ("Records that could not be taken as they are, with file, offset and reason.", [:]),
    "patterns": (
      "Lines that differ only in numbers, names and the like, counted.",
      ["share": "of all lines, 0 to 1", "level": "the highest seen"]
    ),
    "pattern_count": (
      "Lines by minute, source, level and pattern.",
      [
        "minute": "since 1970", "source": "source.id", "level": "0 for none, 1 trace to 6 fatal",
        "pattern": "patterns.id", "count": "of lines",
        "hour": "since 1970: a condition on it finds its minutes at once",
      ]
    ),
    "skeleton_count": (
      "Lines by minute, source, level and skeleton.",
      [
        "minute": "since 1970", "source": "source.id", "level": "0 for none, 1 trace to 6 fatal",
        "skeleton": "skeleton.id", "count": "of lines",
        "hour": "since 1970: a condition on it finds its minutes at once",
      ]
    ),
    "turn": (
      "Every answer of a model, in numbers; those of gateways are in turn_chunk, the others in turn_row.",
      [:]
    ),
    "turns": (
      "The answers of language models, a row each.",
      turnMeanings.merging([
        "cost_usd": "NULL: no price is known", "failure": "the kind of error; NULL: none",
        "latency_ms": "from the request to the end of the answer",
        "first_token_ms": "from the request to the first token", "tool_calls": "made by the answer",
        "round": "of the conversation, as the log counts them",
      ]) { $1 }
    ),
    "sessions": (
      "Turns by session; those that name none are one row.",
      turnMeanings.merging([
        "models": "all that answered", "rounds": "the highest number that the log gives a turn",
        "latency_ms": "on average", "first_token_ms": "on average",
      ]) { $1 }
    ),
    "costs": (
      "Turns by model, day, session, consumer and source: group once more by what you ask for.",
      turnMeanings
    ),
    "prices": (
      "What models cost, in dollars a million tokens.",
      [
        "model": "in lower case, as plain as its price allows", "provider": "who asks this price",
        "valid_from": "NULL: since ever", "input": "a token of the prompt",
        "cached": "a read from a cache; NULL: as input",
        "write_5m": "a write to a cache; NULL: as input",
        "write_1h": "a write for an hour; NULL: as write_5m",
        "output": "a token of the answer", "reasoning": "NULL: as output",
        "tier_bound": "a longer prompt has all tokens of its turn billed by the tier's prices",
        "tier_input": "as input, in the tier", "tier_cached": "as cached, in the tier",
        "tier_write_5m": "as write_5m, in the tier", "tier_write_1h": "as write_1h, in the tier",
        "tier_output": "as output, in the tier", "tier_reasoning": "as reasoning, in the tier",
        "list": "built-in, or the file that was imported", "id": "turns.price_id",
      ]
    ),
    "errors": (
      "What went wrong: lines with the same exception from the same place, or with the same message.",
      errorMeanings.merging([
        "id": "search error:ID finds its lines", "level": "the highest seen",
        "status":
          "new, ongoing, escalating, regressed, resolved or ignored, by the times in the log",
        "count": "of events", "first_seen": "UTC, of the earliest event",
        "last_seen": "UTC, of the latest event", "title": "what the earliest event says",
      ]) { $1 }
    ),
    "error_events": (
      "The events of errors, a row each.",
      errorMeanings.merging([
        "error_id": "errors.id", "time": "UTC, fixed width",
        "time_us": "microseconds since 1970 UTC",
        "message": "what it says; <*> stands for what varies, the line has it",
        "log_id": "log.id of its line", "level": "of the line", "source": "the source's name",
      ]) { $1 }
    ),
    "error_now": (
      "What the statuses of errors take for now.",
      [
        "us":
          "microseconds since 1970 UTC: the latest time that a file ends with, of lines that show one, but none of more than a day after files were read; where no file is known any more, the latest turn or event"
      ]
    ),
    "error_transitions": (
      "When errors came to a status.",
      [
        "error_id": "errors.id", "time": "UTC, error_now then", "status": "as in errors",
        "run": "runs.id of the run that saw it; NULL: a person said so", "id": "in their order",
      ]
    ),
    "samples": (
      "What metrics came to: a row for each bucket of time and labels, all sources together, and for each value that was given.",
      [
        "metric": "its name", "labels": "a JSON object of texts, sorted by name",
        "time": "where the bucket begins, UTC, fixed width",
        "time_us": "the same in microseconds since 1970 UTC",
        "value": "what the rule's function makes of the bucket; of a histogram the average",
        "count": "matches, or values", "sum": "of values; NULL: matches are counted",
        "min": "of values", "max": "of values",
        "function": "count, sum, avg, min, max or histogram; gauge: the value was given",
        "step_us": "the bucket's width; NULL: a gauge has none", "rule_id": "metrics.id",
      ]
    ),
    "metrics": (
      "The rules of metrics and the gauges, with what they have so far.",
      [
        "metric": "its name",
        "function": "count, sum, avg, min, max or histogram; gauge: values are given",
        "help": "what it means", "step_s": "the width of a bucket in seconds",
        "series": "sets of labels", "samples": "buckets", "count": "matches, or values",
        "first": "where the first bucket begins", "last": "where the last bucket begins",
        "rejects": "values that were no numbers",
        "limit_hits": "lines that took too many steps, and were not counted",
        "version": "one more with each change", "pattern": "the regular expression",
        "field": "the parsed field that is the value",
        "labels": "a JSON object of regular expressions and fields", "id": "samples.rule_id",
      ]
    ),
    "histograms": (
      "How many values of a metric were of each size, where its rule is a histogram.",
      [
        "series": "series.id", "time_us": "where the bucket begins",
        "class": "values from 1.02^(class - 1100) on; 0: of 0; below 0: of values below 0",
        "count": "values",
      ]
    ),
    "volume": (
      "Lines by minute, source and level.",
      ["time": "the beginning of the minute, UTC", "lines": "records in that minute"]
    ),
  ]

  private static let errorMeanings = [
    "type": "of an exception, or the class of a failed request; NULL: only the level says so",
    "culprit": "the innermost place in the program's own code, or the route",
  ]

  /// What columns over turns mean in any view.
  private static let turnMeanings = [
    "session": "what the log calls it, or NULL", "model": "as the log names it",
    "time": "UTC, fixed width", "time_us": "microseconds since 1970 UTC",
    "first": "the time of the first turn", "last": "the time of the last turn",
    "day": "YYYY-MM-DD, UTC", "turns": "how many",
    "input_tokens": "the whole prompt, with what a cache held",
    "cached_tokens": "of the input, what was read from a cache",
    "output_tokens": "the answer, with reasoning",
    "reasoning_tokens": "of the output, what was thought and not said",
    "total_tokens": "input_tokens + output_tokens",
    "cache_write_tokens": "of the input, what was written to a cache",
    "cache_write_5m_tokens": "of the input, what was written to a cache",
    "cache_write_1h_tokens": "of the input, what was written to a cache for an hour",
    "cost_usd": "of the turns that have a price",
    "cost_nano": "the same in nano-dollars: sums are exact",
    "saved_usd": "what the same tokens had cost without a cache, less their cost",
    "saved_nano": "the same in nano-dollars", "unpriced_turns": "whose cost is not in cost_usd",
    "failed_turns": "with an error, or an HTTP status from 400 on",
    "failed": "1: an error, or an HTTP status from 400 on",
    "suspect_turns": "whose numbers contradict each other in the log, or are known to be too low",
    "suspect": "1: the numbers in the log contradict each other, or are known to be too low",
    "invalid_time": "1: the log has a time that cannot be read; time is that of the line",
    "tool_calls": "made by the answers", "cache_hit_share": "cached_tokens / input_tokens",
    "tokens_per_second": "output tokens by the time that the answers took",
    "agent": "the program that talks to the model",
    "project": "the folder or repository it works in",
    "consumer": "who asked, as the gateway names him", "route": "of the gateway",
    "source": "the source's name", "request_id": "as the log has it, where it is kept",
    "stream": "1: the answer came in pieces", "status": "of HTTP",
    "id": "turn.id", "log_id": "log.id of its line", "price_id": "prices.id",
    "service_tier": "fast, priority, batch, flex; NULL: the standard one",
    "price_match": "how the price was found: exact, alias, stripped or prefix",
  ]
}
