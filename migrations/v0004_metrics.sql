-- Metrics: what rules count in lines, by time and labels.

CREATE TABLE metric_rule(
  id INTEGER PRIMARY KEY,                 -- series.rule; below 0: what is counted without a rule
  name TEXT NOT NULL,                     -- of the metric; several rules may share one
  help TEXT NOT NULL,                     -- what it means
  function TEXT NOT NULL,                 -- count, sum, avg, min, max, histogram
  step_us INTEGER NOT NULL,               -- the width of a bucket
  sources TEXT NOT NULL,                  -- a JSON array of names; empty: all
  paths TEXT NOT NULL,                    -- a JSON array of globs; empty: all
  folder TEXT NOT NULL,                   -- where those that are not absolute begin
  pattern TEXT,                           -- a regular expression
  exclude TEXT,                           -- what it matches is not counted
  field TEXT,                             -- the parsed field that is the value
  labels TEXT NOT NULL,                   -- a JSON object of regular expressions and fields
  conditions TEXT NOT NULL,               -- a JSON array; all must hold
  version INTEGER NOT NULL DEFAULT 1,     -- one more with each change
  changed_us INTEGER NOT NULL             -- since when it is as it is
) STRICT;

-- What lines were not counted for.
CREATE TABLE metric_failure(
  rule INTEGER NOT NULL REFERENCES metric_rule,
  source INTEGER NOT NULL REFERENCES source,
  rejects INTEGER NOT NULL,               -- values that were no numbers
  limit_hits INTEGER NOT NULL,            -- lines that took too many steps
  PRIMARY KEY(rule, source)
) STRICT, WITHOUT ROWID;

-- The lines of a source before it were stored before the rule was, and are not counted.
CREATE TABLE metric_start(
  rule INTEGER NOT NULL REFERENCES metric_rule,
  source INTEGER NOT NULL REFERENCES source,
  log_id INTEGER NOT NULL,                -- log.id of the first line that is counted
  PRIMARY KEY(rule, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE series(
  id INTEGER PRIMARY KEY,                 -- sample.series
  rule INTEGER NOT NULL REFERENCES metric_rule,
  source INTEGER NOT NULL REFERENCES source, -- where the lines are from
  labels TEXT NOT NULL,                   -- a JSON object of texts, sorted by name
  hash INTEGER NOT NULL                   -- of the labels
) STRICT;
CREATE INDEX series_key ON series(rule, hash, source);

-- What the values of one bucket come to. The sum is sum + nano / 1e9, exactly.
CREATE TABLE sample(
  series INTEGER NOT NULL,                -- series.id
  time_us INTEGER NOT NULL,               -- where the bucket begins
  count INTEGER NOT NULL,                 -- values, or matches
  sum ANY,                                -- the whole part, without decimals; as text from 2^63 on; null: only matches are counted
  nano INTEGER,                           -- the decimals in billionths, of the same sign
  min REAL,
  max REAL,
  classes TEXT,                           -- of a histogram: how many values of each class, see histograms
  PRIMARY KEY(series, time_us)
) STRICT, WITHOUT ROWID;

-- The requests of a source before a time are counted by the day or by the week, where hours take too much room.
CREATE TABLE route_step(
  source INTEGER NOT NULL,                -- source.id
  step_us INTEGER NOT NULL,               -- the width of a bucket
  until_us INTEGER NOT NULL,              -- where the first narrower one begins
  PRIMARY KEY(source, step_us)
) STRICT, WITHOUT ROWID;

-- How many values were of each size. Class c > 0 is that of values from 1.02^(c - 1100) on, to 1.02^(c - 1099);
-- 0 is that of 0, and -c that of the same values below 0. The text has the first class and then the counts of it and of those
-- that follow: a to i are 1 to 9, j to m are 1, 2, 4 and 8 times 0, others stand behind a comma; ; begins anew.
CREATE VIEW histograms AS
SELECT p.series, p.time_us, CAST(substr(c.json, 2, 8) AS INTEGER) + c.key - 1 AS class, c.value AS count
FROM sample p, json_each('[[' || replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(p.classes, ';', '],['), 'm', 'll'), 'l', 'kk'), 'k', 'jj'), 'j', ',0'), 'a', ',1'), 'b', ',2'), 'c', ',3'),
  'd', ',4'), 'e', ',5'), 'f', ',6'), 'g', ',7'), 'h', ',8'), 'i', ',9') || ']]') r, json_each(r.value) c
WHERE c.key > 0 AND c.value > 0;

-- Metrics whose values are given, and not counted in lines: of the host, and what programs emit.
CREATE TABLE gauge(
  id INTEGER PRIMARY KEY,                 -- gauge_sample.gauge
  metric TEXT NOT NULL,                   -- its name
  labels TEXT NOT NULL,                   -- as series.labels
  help TEXT NOT NULL,                     -- what it means
  source INTEGER NOT NULL                 -- source.id of the host; 0: emitted
) STRICT;
CREATE UNIQUE INDEX gauge_key ON gauge(metric, labels, source);

-- The latest samples of all gauges together. When they are many, they become chunks.
CREATE TABLE gauge_sample(
  time_us INTEGER NOT NULL,
  gauge INTEGER NOT NULL,                 -- gauge.id
  value ANY NOT NULL,                     -- an integer where it is whole
  PRIMARY KEY(time_us, gauge)
) STRICT, WITHOUT ROWID;

-- Samples of one gauge by ascending times. The times of its chunks do not overlap.
CREATE TABLE gauge_chunk(
  id INTEGER PRIMARY KEY,
  gauge INTEGER NOT NULL,                 -- gauge.id
  first_us INTEGER NOT NULL,              -- the earliest
  last_us INTEGER NOT NULL,               -- the latest
  count INTEGER NOT NULL,                 -- of samples
  unit_us INTEGER NOT NULL CHECK(unit_us IN (1, 1000, 1000000)), -- all times are first_us and a multiple of it
  size INTEGER NOT NULL,                  -- of data, inflated
  data BLOB NOT NULL                      -- [[units behind first_us, value], …] as a zlib stream
) STRICT;
CREATE UNIQUE INDEX gauge_chunk_time ON gauge_chunk(gauge, first_us);

-- When a host was last looked at: rates are of the time since then.
CREATE TABLE host(
  source INTEGER PRIMARY KEY,             -- source.id
  time_us INTEGER NOT NULL,
  uptime_us INTEGER                       -- since it was started
) STRICT;

-- What its counters said then.
CREATE TABLE host_counter(
  source INTEGER NOT NULL,                -- source.id
  metric TEXT NOT NULL,                   -- of the rate
  label TEXT NOT NULL,                    -- such as the name of a disk
  value INTEGER NOT NULL,
  whole INTEGER,                          -- of which it is a part; null: of time
  PRIMARY KEY(source, metric, label)
) STRICT, WITHOUT ROWID;

CREATE VIEW samples AS                   -- one row for each bucket of a metric and its labels, all sources together
SELECT r.name AS metric, g.labels,
  strftime('%Y-%m-%dT%H:%M:%S', g.time_us/1000000, 'unixepoch') || '.' || substr(1000000 + g.time_us%1000000, 2) || 'Z' AS time,
  g.time_us,
  CASE r.function WHEN 'count' THEN g.count WHEN 'sum' THEN g.sum WHEN 'min' THEN g.min WHEN 'max' THEN g.max
    ELSE 1.0 * g.sum / g.count END AS value,
  g.count, g.sum, g.min, g.max, r.function, r.step_us, g.rule AS rule_id
FROM (
  SELECT s.rule, s.labels, p.time_us, sum(p.count) AS count,
    CASE WHEN count(p.sum) = 0 THEN NULL WHEN total(p.nano) = 0 AND abs(total(p.sum)) < 9e15 THEN CAST(total(p.sum) AS INTEGER)
      WHEN abs(total(p.sum)) < 9e6 THEN (CAST(total(p.sum) AS INTEGER) * 1000000000 + CAST(total(p.nano) AS INTEGER)) / 1e9
      ELSE total(p.sum) + total(p.nano) / 1e9 END AS sum,
    min(p.min) AS min, max(p.max) AS max
  FROM series s JOIN sample p ON p.series = s.id GROUP BY s.rule, s.labels, p.time_us
) g JOIN metric_rule r ON r.id = g.rule
UNION ALL
SELECT g.metric, g.labels,
  strftime('%Y-%m-%dT%H:%M:%S', p.time_us/1000000, 'unixepoch') || '.' || substr(1000000 + p.time_us%1000000, 2) || 'Z',
  p.time_us, p.value, 1, p.value, p.value, p.value, 'gauge', NULL, NULL
FROM gauge g JOIN gauge_sample p ON p.gauge = g.id
UNION ALL
SELECT g.metric, g.labels,
  strftime('%Y-%m-%dT%H:%M:%S', p.time_us/1000000, 'unixepoch') || '.' || substr(1000000 + p.time_us%1000000, 2) || 'Z',
  p.time_us, p.value, 1, p.value, p.value, p.value, 'gauge', NULL, NULL
FROM gauge g JOIN (
  SELECT c.gauge, c.first_us + c.unit_us * (r.value->>0) AS time_us, r.value->>1 AS value
  FROM gauge_chunk c, json_each(CAST(sqlar_uncompress(c.data, c.size) AS TEXT)) r
) p ON p.gauge = g.id;

CREATE VIEW metrics AS
SELECT r.name AS metric, r.function, r.help, r.step_us / 1e6 AS step_s, coalesce(t.series, 0) AS series,
  coalesce(t.samples, 0) AS samples, coalesce(t.count, 0) AS count, strftime('%Y-%m-%dT%H:%M:%SZ', t.first/1000000, 'unixepoch') AS first,
  strftime('%Y-%m-%dT%H:%M:%SZ', t.last/1000000, 'unixepoch') AS last, coalesce(f.rejects, 0) AS rejects, coalesce(f.limit_hits, 0) AS limit_hits, r.version, r.pattern, r.field, r.labels, r.id
FROM metric_rule r LEFT JOIN (
  SELECT rule, sum(rejects) AS rejects, sum(limit_hits) AS limit_hits FROM metric_failure GROUP BY rule
) f ON f.rule = r.id LEFT JOIN (
  SELECT s.rule, count(DISTINCT s.labels) AS series, count(*) AS samples, sum(p.count) AS count, min(p.time_us) AS first, max(p.time_us) AS last
  FROM series s JOIN sample p ON p.series = s.id GROUP BY s.rule
) t ON t.rule = r.id
UNION ALL
SELECT g.metric, 'gauge', max(g.help), NULL, count(DISTINCT g.labels), sum(coalesce(p.count, 0)), sum(coalesce(p.count, 0)),
  strftime('%Y-%m-%dT%H:%M:%SZ', min(p.first)/1000000, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%SZ', max(p.last)/1000000, 'unixepoch'),
  0, 0, NULL, NULL, NULL, NULL, NULL
FROM gauge g LEFT JOIN (
  SELECT gauge, sum(count) AS count, min(first) AS first, max(last) AS last FROM (
    SELECT gauge, count(*) AS count, min(time_us) AS first, max(time_us) AS last FROM gauge_sample GROUP BY gauge
    UNION ALL
    SELECT gauge, sum(count), min(first_us), max(last_us) FROM gauge_chunk GROUP BY gauge
  ) GROUP BY gauge
) p ON p.gauge = g.id GROUP BY g.metric;
