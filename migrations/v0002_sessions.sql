-- Sessions: the turns of language models, their tokens and what these cost.

-- Names that many turns share: models, agents, projects, consumers, routes, failures.
CREATE TABLE turn_label(
  id INTEGER PRIMARY KEY,                 -- what turn and session hold
  text TEXT NOT NULL UNIQUE               -- the name
) STRICT;

CREATE TABLE session(
  id INTEGER PRIMARY KEY,                 -- turn.session
  key TEXT NOT NULL UNIQUE,               -- as the log names it
  agent INTEGER                           -- turn_label.id of the program that talks: higress, claude-code, codex
) STRICT;

-- Prices in pico-dollars a token. A row never changes: turns that were billed by it point at it.
CREATE TABLE price(
  id INTEGER PRIMARY KEY,                 -- of rows with one model and one date the highest holds
  list INTEGER NOT NULL REFERENCES price_list, -- where it came from
  model TEXT NOT NULL,                    -- in lower case
  provider TEXT,                          -- who asks it
  valid_from_us INTEGER NOT NULL,         -- 0: since ever
  input INTEGER NOT NULL,                 -- a token of the prompt
  cached INTEGER,                         -- a read from the cache; null: as input
  write_5m INTEGER,                       -- a write for five minutes; null: as input
  write_1h INTEGER,                       -- a write for an hour; null: as write_5m
  output INTEGER NOT NULL,                -- a token of the answer
  reasoning INTEGER,                      -- null: as output
  tier_bound INTEGER,                     -- a prompt of more tokens has all tokens of its turn billed as below
  tier_input INTEGER,                     -- as input
  tier_cached INTEGER,                    -- as cached
  tier_write_5m INTEGER,                  -- as write_5m
  tier_write_1h INTEGER,                  -- as write_1h
  tier_output INTEGER,                    -- as output
  tier_reasoning INTEGER                  -- as reasoning
) STRICT;

-- Where prices came from.
CREATE TABLE price_list(
  id INTEGER PRIMARY KEY,                 -- price.list
  name TEXT NOT NULL,                     -- built-in, or the file that was imported
  hash INTEGER NOT NULL,                  -- of its text: a built-in list is loaded once
  loaded_us INTEGER NOT NULL              -- when
) STRICT;

-- One answer of a model, of a program that writes session files. A token is counted in one column only.
CREATE TABLE turn_row(
  id INTEGER PRIMARY KEY,                 -- in the order of reading
  log_id INTEGER NOT NULL,                -- log.id of its line; log_id >> 36 is the source
  time_us INTEGER NOT NULL,               -- microseconds since 1970 UTC
  session INTEGER,                        -- session.id; null: the log names none
  model INTEGER,                          -- turn_label.id
  agent INTEGER,                          -- turn_label.id
  input INTEGER NOT NULL,                 -- of the prompt, what went through no cache
  cache_read INTEGER NOT NULL,            -- of the prompt, what the cache held
  cache_write_5m INTEGER NOT NULL,        -- kept for five minutes, or as long as the provider likes
  cache_write_1h INTEGER NOT NULL,        -- kept for an hour
  output INTEGER NOT NULL,                -- the answer, less reasoning
  reasoning INTEGER NOT NULL,             -- what was thought and not said
  claimed_reasoning INTEGER,              -- what the log says instead of reasoning, if that is more than the answer has
  suspect INTEGER NOT NULL DEFAULT 0,     -- 1: the numbers in the log contradict each other, or are known to be too low
  invalid_time INTEGER NOT NULL DEFAULT 0, -- 1: the log has a time that cannot be read; time_us is that of the line
  tool_calls INTEGER NOT NULL DEFAULT 0,  -- made by the answer
  latency_ms INTEGER,                     -- from the request to the end of the answer
  first_token_ms INTEGER,                 -- from the request to the first token
  stream INTEGER,                         -- 1: the answer came in pieces
  status INTEGER,                         -- of HTTP
  failure INTEGER,                        -- turn_label.id of the kind of error
  consumer INTEGER,                       -- turn_label.id of who asked
  route INTEGER,                          -- turn_label.id
  project INTEGER,                        -- turn_label.id of the folder or repository worked in; a session's is that of its first turn
  tier INTEGER,                           -- turn_label.id of the service: fast, priority, batch, flex; null: standard
  round INTEGER,                          -- of the conversation, as the log counts them
  request_id TEXT,                        -- kept only where the line does not have it
  key INTEGER,                            -- what the same answer has in common where it is logged again
  rank INTEGER NOT NULL DEFAULT 0,        -- of two with one key the higher one is the turn
  tie INTEGER NOT NULL DEFAULT 0,         -- and of two of one rank that with the higher tie
  price INTEGER,                          -- price.id; null: none is known
  match INTEGER,                          -- how it was found: 1 exact, 2 alias, 3 stripped, 4 prefix
  cost_nano INTEGER,                      -- nano-dollars, rounded once; null: no price is known
  saved_nano INTEGER                      -- what the same tokens had cost without a cache, less cost_nano
) STRICT;
CREATE UNIQUE INDEX turn_key ON turn_row(key) WHERE key IS NOT NULL;
CREATE INDEX turn_project ON turn_row(session, time_us, key, project) WHERE project IS NOT NULL;

-- Answers of models that a gateway has logged, up to 4,096 of a source: a row of each would be a fifth of the file.
CREATE TABLE turn_chunk(
  first_id INTEGER PRIMARY KEY,           -- turn.id of its first one
  last_id INTEGER NOT NULL,               -- turn.id of its last one
  first_line INTEGER NOT NULL,            -- the lowest turn.log_id
  last_line INTEGER NOT NULL,             -- the highest turn.log_id
  count INTEGER NOT NULL,                 -- of turns
  min_us INTEGER NOT NULL,                -- the earliest
  max_us INTEGER NOT NULL,                -- the latest
  unit_us INTEGER NOT NULL CHECK(unit_us IN (1, 1000, 1000000)), -- all times are min_us and a multiple of it
  min_key INTEGER NOT NULL,               -- the lowest of keys
  max_key INTEGER NOT NULL,               -- the highest of keys
  size INTEGER NOT NULL,                  -- of data, inflated
  keys BLOB NOT NULL,                     -- what the same record has in common where it is logged again: 8 bytes a turn, the lowest first
  -- ids, lines and units: how far turn.id, log_id and time_us are behind first_id, first_line and min_us.
  -- What follows are other columns, by the places that the view turn names; the last ones are left out where they say nothing.
  data BLOB NOT NULL                      -- [[ids, lines, units, session, model, ...], ...] as a zlib stream
) STRICT;

-- All answers.
CREATE VIEW turn AS
SELECT id, log_id, time_us, session, model, agent, input, cache_read, cache_write_5m, cache_write_1h, output, reasoning,
  claimed_reasoning, suspect, invalid_time, tool_calls, latency_ms, first_token_ms, stream, status, failure, consumer, route,
  project, tier, round, request_id, key, rank, tie, price, match, cost_nano, saved_nano
FROM turn_row
UNION ALL
SELECT c.first_id + (r.value->>0), c.first_line + (r.value->>1), c.min_us + c.unit_us * (r.value->>2), r.value->>3, r.value->>4,
  r.value->>5, coalesce(r.value->>6, 0), coalesce(r.value->>7, 0), coalesce(r.value->>26, 0), coalesce(r.value->>27, 0),
  coalesce(r.value->>8, 0), coalesce(r.value->>9, 0), r.value->>21, coalesce(r.value->>24, 0), coalesce(r.value->>25, 0),
  coalesce(r.value->>23, 0), r.value->>10, r.value->>11, r.value->>12, r.value->>13, r.value->>22, r.value->>14, r.value->>15,
  NULL, r.value->>28, r.value->>16, NULL, NULL, coalesce(r.value->>29, 0), coalesce(r.value->>30, 0), r.value->>17,
  r.value->>18, r.value->>19, r.value->>20
FROM turn_chunk c, json_each(CAST(sqlar_uncompress(c.data, c.size) AS TEXT)) r;

-- Sources that hold a record of the same turn: where one is forgotten, another one has it still.
CREATE TABLE turn_copy(
  key INTEGER NOT NULL,                   -- turn.key
  source INTEGER NOT NULL,                -- source.id
  log_id INTEGER NOT NULL,                -- log.id of the first of its lines that shows it
  PRIMARY KEY(key, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE turn_state(
  file INTEGER PRIMARY KEY REFERENCES file, -- the generation
  state BLOB NOT NULL                     -- what its records say about those that follow
) STRICT;

-- Views: tokens as people count them. The input includes what the cache held, the output the reasoning.

CREATE VIEW turns AS
SELECT e.key AS session,
  strftime('%Y-%m-%dT%H:%M:%S', t.time_us/1000000, 'unixepoch') || '.' || substr(1000000 + t.time_us%1000000, 2) || 'Z' AS time,
  m.text AS model,
  t.input + t.cache_read + t.cache_write_5m + t.cache_write_1h AS input_tokens, t.cache_read AS cached_tokens,
  t.output + t.reasoning AS output_tokens, coalesce(t.claimed_reasoning, t.reasoning) AS reasoning_tokens,
  t.input + t.cache_read + t.cache_write_5m + t.cache_write_1h + t.output + t.reasoning AS total_tokens,
  t.cost_nano / 1e9 AS cost_usd, t.latency_ms, t.first_token_ms, t.tool_calls, t.status, f.text AS failure, t.log_id,
  t.id, t.time_us, s.name AS source, a.text AS agent,
  (SELECT l.text FROM turn_row p JOIN turn_label l ON l.id = p.project
    WHERE p.session = t.session AND p.project IS NOT NULL ORDER BY p.time_us, p.key LIMIT 1) AS project,
  c.text AS consumer, r.text AS route,
  t.round, t.request_id, t.stream, t.cache_write_5m AS cache_write_5m_tokens, t.cache_write_1h AS cache_write_1h_tokens,
  t.saved_nano / 1e9 AS saved_usd, t.cost_nano, t.saved_nano,
  t.failure IS NOT NULL OR coalesce(t.status, 0) >= 400 AS failed, t.suspect, t.invalid_time, t.price AS price_id,
  CASE t.match WHEN 1 THEN 'exact' WHEN 2 THEN 'alias' WHEN 3 THEN 'stripped' WHEN 4 THEN 'prefix' END AS price_match,
  v.text AS service_tier
FROM turn t
  LEFT JOIN session e ON e.id = t.session
  LEFT JOIN source s ON s.id = t.log_id >> 36
  LEFT JOIN turn_label m ON m.id = t.model
  LEFT JOIN turn_label f ON f.id = t.failure
  LEFT JOIN turn_label a ON a.id = t.agent
  LEFT JOIN turn_label c ON c.id = t.consumer
  LEFT JOIN turn_label r ON r.id = t.route
  LEFT JOIN turn_label v ON v.id = t.tier;

CREATE VIEW sessions AS
SELECT (SELECT key FROM session WHERE id = g.session) AS session,
  strftime('%Y-%m-%dT%H:%M:%S', min(first_us)/1000000, 'unixepoch') || '.' || substr(1000000 + min(first_us)%1000000, 2) || 'Z' AS first,
  strftime('%Y-%m-%dT%H:%M:%S', max(last_us)/1000000, 'unixepoch') || '.' || substr(1000000 + max(last_us)%1000000, 2) || 'Z' AS last,
  sum(turns) AS turns, group_concat(model, ', ') AS models,
  sum(input) AS input_tokens, sum(cached) AS cached_tokens, sum(output) AS output_tokens, sum(reasoning) AS reasoning_tokens,
  sum(input) + sum(output) AS total_tokens, sum(cost) / 1e9 AS cost_usd, sum(unpriced) AS unpriced_turns, sum(failed) AS failed_turns,
  (SELECT l.text FROM session e JOIN turn_label l ON l.id = e.agent WHERE e.id = g.session) AS agent,
  (SELECT l.text FROM turn_row p JOIN turn_label l ON l.id = p.project
    WHERE p.session = g.session AND p.project IS NOT NULL ORDER BY p.time_us, p.key LIMIT 1) AS project,
  max(rounds) AS rounds, sum(tools) AS tool_calls, sum(latency) / sum(timed) AS latency_ms, sum(wait) / sum(awaited) AS first_token_ms,
  round(1000.0 * sum(timed_output) / sum(latency), 1) AS tokens_per_second,
  sum(written) AS cache_write_tokens, round(1.0 * sum(cached) / sum(input), 4) AS cache_hit_share, sum(saved) / 1e9 AS saved_usd,
  sum(suspects) AS suspect_turns, sum(cost) AS cost_nano,
  sum(saved) AS saved_nano
FROM (
  SELECT session, (SELECT text FROM turn_label WHERE id = model) AS model, count(*) AS turns, min(time_us) AS first_us, max(time_us) AS last_us,
    sum(input + cache_read + cache_write_5m + cache_write_1h) AS input, sum(cache_read) AS cached,
    sum(cache_write_5m + cache_write_1h) AS written, sum(output + reasoning) AS output, sum(coalesce(claimed_reasoning, reasoning)) AS reasoning,
    sum(cost_nano) AS cost, sum(saved_nano) AS saved, count(*) - count(cost_nano) AS unpriced,
    sum(failure IS NOT NULL OR coalesce(status, 0) >= 400) AS failed, sum(suspect) AS suspects, max(round) AS rounds, sum(tool_calls) AS tools,
    sum(latency_ms) AS latency, count(latency_ms) AS timed, sum(output + reasoning) FILTER (WHERE latency_ms IS NOT NULL) AS timed_output,
    sum(first_token_ms) AS wait, count(first_token_ms) AS awaited
  FROM turn GROUP BY session, turn.model
) g GROUP BY g.session;

CREATE VIEW costs AS                     -- sums by model, day, session, consumer and source: group once more by what you ask for
SELECT (SELECT text FROM turn_label WHERE id = g.model) AS model, g.day, (SELECT key FROM session WHERE id = g.session) AS session,
  (SELECT text FROM turn_label WHERE id = g.consumer) AS consumer, turns,
  input AS input_tokens, cached AS cached_tokens, output AS output_tokens, reasoning AS reasoning_tokens, input + output AS total_tokens,
  cost / 1e9 AS cost_usd, unpriced AS unpriced_turns, failed AS failed_turns,
  (SELECT name FROM source WHERE id = g.source) AS source,
  (SELECT l.text FROM turn_row p JOIN turn_label l ON l.id = p.project
    WHERE p.session = g.session AND p.project IS NOT NULL ORDER BY p.time_us, p.key LIMIT 1) AS project,
  written AS cache_write_tokens, saved / 1e9 AS saved_usd, tools AS tool_calls, cost AS cost_nano, saved AS saved_nano
FROM (
  SELECT model, date(time_us/1000000, 'unixepoch') AS day, session, consumer, log_id >> 36 AS source, count(*) AS turns,
    sum(input + cache_read + cache_write_5m + cache_write_1h) AS input, sum(cache_read) AS cached,
    sum(cache_write_5m + cache_write_1h) AS written, sum(output + reasoning) AS output, sum(coalesce(claimed_reasoning, reasoning)) AS reasoning,
    sum(cost_nano) AS cost, sum(saved_nano) AS saved, count(*) - count(cost_nano) AS unpriced,
    sum(failure IS NOT NULL OR coalesce(status, 0) >= 400) AS failed, sum(tool_calls) AS tools
  FROM turn GROUP BY 1, 2, 3, 4, 5
) g;

CREATE VIEW prices AS                    -- in dollars a million tokens
SELECT p.model, p.provider,
  CASE WHEN p.valid_from_us THEN strftime('%Y-%m-%dT%H:%M:%S', p.valid_from_us/1000000, 'unixepoch') || '.' || substr(1000000 + p.valid_from_us%1000000, 2) || 'Z' END AS valid_from,
  p.input / 1e6 AS input, p.cached / 1e6 AS cached, p.write_5m / 1e6 AS write_5m, p.write_1h / 1e6 AS write_1h,
  p.output / 1e6 AS output, p.reasoning / 1e6 AS reasoning, p.tier_bound, p.tier_input / 1e6 AS tier_input,
  p.tier_cached / 1e6 AS tier_cached, p.tier_write_5m / 1e6 AS tier_write_5m, p.tier_write_1h / 1e6 AS tier_write_1h,
  p.tier_output / 1e6 AS tier_output, p.tier_reasoning / 1e6 AS tier_reasoning, l.name AS list, p.id
FROM price p JOIN price_list l ON l.id = p.list
WHERE p.id IN (SELECT max(id) FROM price GROUP BY model, valid_from_us);
