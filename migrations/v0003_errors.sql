-- Errors: what lines say went wrong, in groups.

-- What errors with one fingerprint are. A function of the lines; what people decide stands elsewhere.
CREATE TABLE error_group(
  id INTEGER PRIMARY KEY,                 -- the fingerprint: the first 52 bits of a SHA-256
  algorithm INTEGER NOT NULL,             -- the version of the rules that made it
  tier INTEGER NOT NULL,                  -- made of 1 a field fingerprint, 2 type and frames, 3 type and message, 4 the message
  type TEXT,                              -- of an exception, or the class of a failed request
  title TEXT NOT NULL,                    -- what the earliest event says, less what varies
  culprit TEXT,                           -- the innermost place in the program's own code, or the route
  frames TEXT NOT NULL,                   -- a JSON array, the innermost first; of tier 1, empty: its events differ
  level INTEGER,                          -- the highest seen
  first_us INTEGER NOT NULL,              -- the earliest event
  last_us INTEGER NOT NULL,               -- the latest event
  count INTEGER NOT NULL                  -- of events, copies left out
) STRICT;

-- What events of one group that differ say.
CREATE TABLE error_variant(
  id INTEGER PRIMARY KEY,                 -- what error_chunk holds 
  error INTEGER NOT NULL,                 -- error_group.id
  level INTEGER NOT NULL,                 -- 0: none
  type TEXT,                              -- as in error_group
  culprit TEXT,                           -- as in error_group
  text TEXT NOT NULL                      -- the message less what varies
) STRICT;
CREATE INDEX error_variant_error ON error_variant(error);

-- Lines that show an error: events of one source, ascending, in chunks.
CREATE TABLE error_chunk(
  first_id INTEGER PRIMARY KEY,           -- log.id of its first event
  last_id INTEGER NOT NULL,               -- log.id of its last event
  count INTEGER NOT NULL,                 -- of events, copies among them
  min_us INTEGER NOT NULL,                -- the earliest
  max_us INTEGER NOT NULL,                -- the latest
  unit_us INTEGER NOT NULL CHECK(unit_us IN (1, 1000, 1000000)), -- all times are min_us and a multiple of it
  size INTEGER NOT NULL,                  -- of data, inflated
  -- lines and units: how far log.id and time are behind those of the row before; at first, behind first_id and min_us.
  data BLOB NOT NULL                      -- [[lines, error_variant.id, units, 1 for a copy], …] as a zlib stream
) STRICT;

-- Which chunks have events of a variant, copies left out.
CREATE TABLE error_chunk_variant(
  variant INTEGER NOT NULL,               -- error_variant.id
  chunk INTEGER NOT NULL,                 -- error_chunk.first_id
  count INTEGER NOT NULL,                 -- of its events there
  PRIMARY KEY(variant, chunk)
) STRICT, WITHOUT ROWID;

CREATE TABLE error_count(
  hour INTEGER NOT NULL,                  -- since 1970
  source INTEGER NOT NULL,                -- source.id
  level INTEGER NOT NULL,                 -- 0: none
  error INTEGER NOT NULL,                 -- error_group.id
  count INTEGER NOT NULL,                 -- of events, copies left out
  PRIMARY KEY(hour, source, level, error)
) STRICT, WITHOUT ROWID;

-- Sources whose lines were stored before there were errors, and have not been looked at since.
CREATE TABLE error_pending(
  source INTEGER PRIMARY KEY              -- source.id
) STRICT;
INSERT INTO error_pending SELECT id FROM source;

-- What people say of errors. It outlives the lines.

-- Fingerprints that are another error.
CREATE TABLE error_alias(
  fingerprint INTEGER PRIMARY KEY,        -- error_group.id
  error INTEGER NOT NULL,                 -- of which group it is a part
  parent INTEGER NOT NULL                 -- into which it was merged itself: that may be a part by now
) STRICT;
CREATE INDEX error_alias_error ON error_alias(error);

CREATE TABLE error_decision(
  error INTEGER PRIMARY KEY,              -- errors.id
  resolved_us INTEGER,                    -- all events up to here are done with; null: not resolved
  ignored_us INTEGER,                     -- error_now.us when it was ignored; null: not ignored
  until_us INTEGER,                       -- ignored until error_now.us is as late
  until_count INTEGER,                    -- or until there are so many events
  until_escalating INTEGER NOT NULL DEFAULT 0 -- or, if 1, until they come faster
) STRICT;

CREATE TABLE error_transition(
  id INTEGER PRIMARY KEY,                 -- in their order
  error INTEGER NOT NULL,                 -- errors.id
  status TEXT NOT NULL,                   -- which it came to
  time_us INTEGER NOT NULL,               -- error_now.us then
  run INTEGER                             -- the run that saw it; null: a person
) STRICT;
CREATE INDEX error_transition_error ON error_transition(error);

-- Views

-- Now: the latest time that a file ends with, of lines that show one. What others are given, such as the time at
-- which their file was written, counts only where there is nothing else. More than a day after files were looked
-- at last is the time of a wrong clock: where a file ends with one, its source's last minute before it counts.
CREATE VIEW error_now AS
WITH horizon(us) AS (SELECT max(seen_us) + 86400000000 FROM file)
SELECT coalesce((
  SELECT max(us) FROM (
    SELECT max(last_us) AS us FROM file WHERE last_us <= (SELECT us FROM horizon)
    UNION ALL
    SELECT iif(EXISTS (SELECT 1 FROM file WHERE last_us > (SELECT us FROM horizon)), (
      SELECT max(minute) * 60000000 + 59999999 FROM line_count WHERE minute <= (SELECT us FROM horizon) / 60000000
        AND source IN (SELECT source FROM file WHERE last_us > (SELECT us FROM horizon))), NULL)
  )), (SELECT max(last_us) FROM file), (SELECT max(max_us) FROM chunk), (
    SELECT max(us) FROM (
      SELECT max(time_us) AS us FROM turn_row UNION ALL SELECT max(max_us) FROM turn_chunk UNION ALL SELECT max(max_us) FROM error_chunk)
  ), 0) AS us;

-- Hours count from now, never from the clock. The hour under way or the one before is held against
-- the week before these: the 95th percentile of at least a day's hours, those without an event included.
CREATE VIEW errors AS
WITH newest(us, hour) AS MATERIALIZED (
  SELECT us, us / 3600000000 FROM error_now
), member AS MATERIALIZED (
  SELECT coalesce(a.error, g.id) AS error, g.*, row_number() OVER (
      PARTITION BY coalesce(a.error, g.id) ORDER BY coalesce(a.error, g.id) <> g.id, g.first_us, g.id) AS rank
  FROM error_group g LEFT JOIN error_alias a ON a.fingerprint = g.id WHERE g.count > 0
), total AS (
  SELECT error, max(level) AS level, min(first_us) AS first_us, max(last_us) AS last_us, sum(count) AS count
  FROM member GROUP BY error
), hourly AS MATERIALIZED (
  SELECT m.error, c.hour, sum(c.count) AS count
  FROM newest n CROSS JOIN error_count c ON c.hour >= n.hour - 169 JOIN member m ON m.id = c.error
  GROUP BY 1, 2
), latest AS (
  SELECT h.error, max(h.count) AS count FROM newest n JOIN hourly h ON h.hour >= n.hour - 1 GROUP BY 1
), span AS (
  SELECT t.error, n.hour - 1 - max(n.hour - 169, t.first_us / 3600000000) AS hours FROM total t JOIN newest n
), usual AS (
  SELECT h.error, h.count, row_number() OVER (PARTITION BY h.error ORDER BY h.count DESC) AS rank
  FROM newest n JOIN hourly h ON h.hour < n.hour - 1
), escalating AS MATERIALIZED (
  SELECT l.error FROM latest l JOIN span s ON s.error = l.error
    LEFT JOIN usual u ON u.error = l.error AND u.rank = s.hours / 20 + 1
  WHERE s.hours >= 24 AND l.count > max(10, 4 * coalesce(u.count, 0))
), patient AS MATERIALIZED (
  SELECT m.error, c.hour, sum(c.count) AS count
  FROM error_count c JOIN member m ON m.id = c.error
  WHERE m.error IN (SELECT error FROM error_decision WHERE until_escalating) GROUP BY 1, 2
), escaped AS MATERIALIZED (
  -- Each hour since it was ignored, as it was told while it lasted, and an hour later.
  -- Of hours that had a week behind them of which events are gone nothing is told.
  SELECT p.error FROM error_decision d CROSS JOIN patient p ON p.error = d.error AND p.hour >= d.ignored_us / 3600000000
      AND p.hour - 169 >= (SELECT coalesce(max(errors_us) / 3600000000 + 1, -169) FROM retention)
    CROSS JOIN (SELECT 0 AS later UNION ALL SELECT 1) s JOIN total t ON t.error = p.error
  WHERE d.until_escalating AND p.count > 10
    AND p.hour + later - 1 - max(p.hour + later - 169, t.first_us / 3600000000) >= 24
    -- As above: the 95th percentile is less than a quarter of it.
    AND (SELECT count(*) FROM patient u WHERE u.error = p.error AND u.hour >= p.hour + later - 169
      AND u.hour < p.hour + later - 1 AND 4 * u.count >= p.count)
      <= (p.hour + later - 1 - max(p.hour + later - 169, t.first_us / 3600000000)) / 20
)
SELECT t.error AS id, m.type, m.title,
  CASE t.level WHEN 1 THEN 'trace' WHEN 2 THEN 'debug' WHEN 3 THEN 'info' WHEN 4 THEN 'warn' WHEN 5 THEN 'error' WHEN 6 THEN 'fatal' END AS level,
  CASE
    WHEN d.ignored_us IS NOT NULL AND (d.until_us IS NULL OR n.us < d.until_us) AND (d.until_count IS NULL OR t.count < d.until_count)
      AND NOT (d.until_escalating AND t.error IN (SELECT error FROM escaped)) THEN 'ignored'
    WHEN d.resolved_us >= t.last_us THEN 'resolved'
    WHEN d.resolved_us IS NOT NULL THEN 'regressed'
    WHEN t.error IN (SELECT error FROM escalating) THEN 'escalating'
    WHEN t.first_us > n.us - 604800000000 THEN 'new'
    ELSE 'ongoing' END AS status,
  t.count,
  strftime('%Y-%m-%dT%H:%M:%S', t.first_us/1000000, 'unixepoch') || '.' || substr(1000000 + t.first_us%1000000, 2) || 'Z' AS first_seen,
  strftime('%Y-%m-%dT%H:%M:%S', t.last_us/1000000, 'unixepoch') || '.' || substr(1000000 + t.last_us%1000000, 2) || 'Z' AS last_seen,
  m.culprit
FROM total t JOIN member m ON m.error = t.error AND m.rank = 1 JOIN newest n LEFT JOIN error_decision d ON d.error = t.error;

CREATE VIEW error_events AS
SELECT coalesce(a.error, v.error) AS error_id,
  strftime('%Y-%m-%dT%H:%M:%S', e.time_us/1000000, 'unixepoch') || '.' || substr(1000000 + e.time_us%1000000, 2) || 'Z' AS time,
  v.text AS message, e.log_id,
  CASE v.level WHEN 1 THEN 'trace' WHEN 2 THEN 'debug' WHEN 3 THEN 'info' WHEN 4 THEN 'warn' WHEN 5 THEN 'error' WHEN 6 THEN 'fatal' END AS level,
  s.name AS source, v.type, v.culprit, e.time_us
FROM (
  SELECT c.first_id + sum(r.value->>0) OVER up AS log_id, r.value->>1 AS variant,
    c.min_us + c.unit_us * sum(r.value->>2) OVER up AS time_us, r.value->>3 AS copy
  FROM error_chunk c, json_each(CAST(sqlar_uncompress(c.data, c.size) AS TEXT)) r
  WINDOW up AS (PARTITION BY c.first_id ORDER BY r.key)
) e JOIN error_variant v ON v.id = e.variant LEFT JOIN error_alias a ON a.fingerprint = v.error
  LEFT JOIN source s ON s.id = e.log_id >> 36
WHERE e.copy IS NULL;

CREATE VIEW error_transitions AS
SELECT error AS error_id,
  strftime('%Y-%m-%dT%H:%M:%S', time_us/1000000, 'unixepoch') || '.' || substr(1000000 + time_us%1000000, 2) || 'Z' AS time,
  status, run, id
FROM error_transition;
