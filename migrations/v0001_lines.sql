-- Reading: sources, file generations, runs, rejects.

CREATE TABLE source(
  id INTEGER PRIMARY KEY AUTOINCREMENT,   -- also of a forgotten source none comes back
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL DEFAULT 'file',      -- file, stdin, host
  family ANY,                             -- the path less its rotation suffix, where the name came from one
  format TEXT,                            -- sticky once detected
  next_line INTEGER NOT NULL DEFAULT 1,   -- the next line's number; ids are source << 36 | number
  first_line INTEGER NOT NULL DEFAULT 1,  -- the lines before it were forgotten
  marked INTEGER NOT NULL DEFAULT 0,      -- 1: parts of lines were replaced before they were stored
  reformatted INTEGER NOT NULL DEFAULT 0, -- 1: lines were read in more than one format
  counted_from INTEGER DEFAULT 0,         -- the first line that metrics without a rule count; NULL: none is
  route_bytes INTEGER NOT NULL DEFAULT 0, -- about how many its routes take in series and sample
  route_most INTEGER NOT NULL DEFAULT 0   -- from more of them on they are looked at
) STRICT;

CREATE INDEX source_family ON source(CAST(family AS BLOB)) WHERE family IS NOT NULL;

-- One row per generation of a file: a rewritten or replaced file is a new row, a renamed one is not.
CREATE TABLE file(
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source,
  path ANY NOT NULL,                      -- text, or a blob where the name is not UTF-8
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  birth_us INTEGER,
  size INTEGER NOT NULL,                  -- on disk, when last looked at
  mtime_us INTEGER NOT NULL,
  ctime_us INTEGER NOT NULL,
  head_length INTEGER NOT NULL,           -- how many of the first 1,024 bytes head_hash covers
  head_hash INTEGER NOT NULL,
  start INTEGER NOT NULL DEFAULT 0,       -- bytes before it belong to another generation
  origin INTEGER,                         -- that generation
  offset INTEGER NOT NULL,                -- decompressed bytes read, always at the end of a record
  anchor_length INTEGER NOT NULL,
  anchor_hash INTEGER NOT NULL,           -- of the last anchor_length bytes before offset
  crc32 INTEGER NOT NULL,                 -- of the bytes before offset
  overlong INTEGER NOT NULL DEFAULT 0,    -- offset lies inside a line longer than max_line
  compression TEXT,                       -- gzip, zstd, or null
  state TEXT NOT NULL,                    -- active, finished, copy, superseded, missing, error
  open_line INTEGER,                      -- the line stored beyond offset, to be replaced when it is complete
  open_bytes INTEGER NOT NULL DEFAULT 0,
  open_whole INTEGER NOT NULL DEFAULT 0,  -- the open record ends in a line end
  open_lines INTEGER NOT NULL DEFAULT 0,  -- what lines, unparsed and sanitized count of the open record
  open_unparsed INTEGER NOT NULL DEFAULT 0,
  open_sanitized INTEGER NOT NULL DEFAULT 0,
  open_crc32 INTEGER NOT NULL DEFAULT 0,  -- what crc32 and the anchor become when it is complete as it is
  open_anchor_length INTEGER NOT NULL DEFAULT 0,
  open_anchor_hash INTEGER NOT NULL DEFAULT 0,
  last_us INTEGER,                        -- the time of the last record: lines without a time take it
  min_us INTEGER,                         -- the earliest time of its JSON records, which other files may have copies of
  max_us INTEGER,                         -- the latest
  bytes_stored INTEGER NOT NULL DEFAULT 0,
  bytes_skipped INTEGER NOT NULL DEFAULT 0, -- holes, and the rest of lines longer than max_line
  bytes_cut INTEGER NOT NULL DEFAULT 0,   -- of those skipped: that rest
  lost_bytes INTEGER NOT NULL DEFAULT 0,
  lines INTEGER NOT NULL DEFAULT 0,
  unparsed INTEGER NOT NULL DEFAULT 0,    -- lines that are not of the source's format
  sanitized INTEGER NOT NULL DEFAULT 0,   -- records with NUL or bytes that are not UTF-8
  rejects INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  seen_us INTEGER NOT NULL                -- when the row last changed
) STRICT;
CREATE INDEX file_inode ON file(inode, device);
CREATE INDEX file_head ON file(head_length, head_hash);
CREATE INDEX file_content ON file(crc32, offset);
CREATE INDEX file_present ON file(path) WHERE state IN ('active', 'finished', 'copy', 'error');
CREATE INDEX file_origin ON file(origin) WHERE origin IS NOT NULL;
CREATE INDEX file_empty ON file(seen_us) WHERE state = 'missing' AND bytes_stored = 0;
CREATE INDEX file_times ON file(source, min_us, max_us) WHERE max_us IS NOT NULL;
CREATE INDEX file_open ON file(source, open_crc32) WHERE open_line IS NOT NULL;
CREATE INDEX file_open_content ON file(open_crc32) WHERE open_line IS NOT NULL;

CREATE TABLE run(
  id INTEGER PRIMARY KEY,
  started_us INTEGER NOT NULL,
  ended_us INTEGER,                       -- null: the run is going on, or was killed
  pid INTEGER NOT NULL,
  files INTEGER NOT NULL DEFAULT 0,
  lines INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  records INTEGER NOT NULL DEFAULT 0,
  rejects INTEGER NOT NULL DEFAULT 0,
  lost_bytes INTEGER NOT NULL DEFAULT 0,  -- gone before they were read
  hole_bytes INTEGER NOT NULL DEFAULT 0,  -- NULs that no writer wrote
  cut_bytes INTEGER NOT NULL DEFAULT 0,   -- behind max_line
  sanitized INTEGER NOT NULL DEFAULT 0,   -- lines with NUL, or bytes that are no text
  damaged INTEGER NOT NULL DEFAULT 0,     -- archives that could not be read to their end
  error TEXT,                             -- the first file that could not be read, or not whole
  problem TEXT                            -- what the run was kept from reading at all: the first file, folder or host
) STRICT;

CREATE TABLE reject(
  id INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES file,
  offset INTEGER,                         -- null: told when stored lines were counted anew, and not known then
  log_id INTEGER,
  reason TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX reject_file ON reject(file);

-- Lines that programs gave and that are not in a source yet: the next run takes them.
CREATE TABLE emitted(
  id INTEGER PRIMARY KEY,                 -- in their order
  source TEXT NOT NULL,                   -- the source's name
  text TEXT NOT NULL,                     -- one line, as it may be stored
  marked INTEGER NOT NULL                 -- 1: something in it was replaced
) STRICT;

-- Lines: templates and parameters in compressed chunks.

-- What lines of one kind have in common. Which skeletons are one pattern follows from the set of them.
CREATE TABLE pattern(
  id INTEGER PRIMARY KEY,                 -- the first 52 bits of SHA-256 of text
  text TEXT NOT NULL,                     -- <*> stands for what varies
  level INTEGER,                          -- the highest seen
  first_us INTEGER NOT NULL,
  last_us INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT;

-- Ids that patterns had before they were merged.
CREATE TABLE pattern_alias(
  old INTEGER PRIMARY KEY,
  pattern INTEGER NOT NULL REFERENCES pattern -- which has most of its lines
) STRICT;
CREATE INDEX pattern_alias_pattern ON pattern_alias(pattern);

-- Patterns that somebody wrote: they go before those that are found.
CREATE TABLE pattern_pin(
  text TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- A message less what a mask covers.
CREATE TABLE skeleton(
  id INTEGER PRIMARY KEY,                 -- the first 52 bits of SHA-256 of text
  pattern INTEGER NOT NULL REFERENCES pattern,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX skeleton_pattern ON skeleton(pattern);

-- When a source wrote lines of a skeleton, and how many in all; none of a line that may go on.
CREATE TABLE skeleton_source(
  skeleton INTEGER NOT NULL REFERENCES skeleton,
  source INTEGER NOT NULL REFERENCES source,
  level INTEGER NOT NULL,                 -- 0: none
  first_us INTEGER NOT NULL,
  last_us INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(skeleton, source, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE skeleton_minute(
  hour INTEGER NOT NULL,                  -- since 1970
  source INTEGER NOT NULL REFERENCES source,
  level INTEGER NOT NULL,                 -- 0: none
  skeleton INTEGER NOT NULL,
  lines TEXT NOT NULL CHECK(json_valid(lines)), -- [of the first minute, of the second, ...], or {"minute": lines, ...}
  PRIMARY KEY(hour, source, level, skeleton)
) STRICT, WITHOUT ROWID;

-- A row for each minute with lines; where only some hours are meant, a condition on hour saves the others.
CREATE VIEW skeleton_count AS
SELECT 60 * m.hour + j.key AS minute, m.source, m.level, m.skeleton, j.value AS count, m.hour
FROM skeleton_minute m, json_each(m.lines) j WHERE j.value > 0;

-- The sums of skeleton_minute: fewer bytes to add up over days.
CREATE TABLE skeleton_hour(
  hour INTEGER NOT NULL,                  -- since 1970
  source INTEGER NOT NULL REFERENCES source,
  level INTEGER NOT NULL,
  skeleton INTEGER NOT NULL,
  count INTEGER NOT NULL,
  m00 INTEGER NOT NULL,                   -- of these in the first five minutes
  m05 INTEGER NOT NULL,                   -- in the next five, and so on
  m10 INTEGER NOT NULL,
  m15 INTEGER NOT NULL,
  m20 INTEGER NOT NULL,
  m25 INTEGER NOT NULL,
  m30 INTEGER NOT NULL,
  m35 INTEGER NOT NULL,
  m40 INTEGER NOT NULL,
  m45 INTEGER NOT NULL,
  m50 INTEGER NOT NULL,
  m55 INTEGER NOT NULL,
  PRIMARY KEY(hour, source, level, skeleton)
) STRICT, WITHOUT ROWID;

-- By pattern: a skeleton may be another pattern's tomorrow, its lines in a minute stay what they are.
CREATE VIEW pattern_count AS
SELECT c.minute, c.source, c.level, k.pattern, sum(c.count) AS count, c.hour
FROM skeleton_count c JOIN skeleton k ON k.id = c.skeleton GROUP BY c.hour, c.minute, c.source, c.level, k.pattern;

-- The sums of pattern_count over the patterns: a hundred times fewer rows to add up.
CREATE TABLE line_count(
  minute INTEGER NOT NULL,
  source INTEGER NOT NULL REFERENCES source,
  level INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY(minute, source, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE template(
  id INTEGER PRIMARY KEY,
  pattern INTEGER NOT NULL REFERENCES pattern, -- that of the skeleton
  skeleton INTEGER NOT NULL REFERENCES skeleton,
  level INTEGER,
  base INTEGER,                           -- the template of which it is a special case: one parameter is constant text
  holes INTEGER NOT NULL,
  timed INTEGER NOT NULL,                 -- text holds char(1) where the time stands
  hash INTEGER,                           -- the line scanner's key; null for a skeleton's catch-all
  text TEXT NOT NULL                      -- for format(): %s is a hole, %% a percent sign
) STRICT;
CREATE INDEX template_pattern ON template(pattern);
CREATE INDEX template_skeleton ON template(skeleton);

-- How a time stands in its line. kind: 0 none, 1 ISO, 2 Apache, 3 syslog, 4 epoch, 5 ISO with slashes.
CREATE TABLE layout(
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  sep TEXT NOT NULL,
  point TEXT NOT NULL,
  digits INTEGER NOT NULL,
  offset_s INTEGER NOT NULL,
  suffix TEXT NOT NULL
) STRICT;

CREATE TABLE chunk(
  first_id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source,
  layout INTEGER NOT NULL REFERENCES layout,
  count INTEGER NOT NULL,
  unit_us INTEGER NOT NULL,
  min_us INTEGER NOT NULL,
  max_us INTEGER NOT NULL,
  sealed INTEGER NOT NULL,                -- 0: a small one, to be merged
  size INTEGER NOT NULL,                  -- of the columns' JSON; equal to length(data) where that is stored as it is
  crc32 INTEGER NOT NULL,                 -- of data
  data BLOB NOT NULL                      -- the rows, mostly as columns, a zlib stream; see log_row
) STRICT;
CREATE INDEX chunk_time ON chunk(max_us, min_us, source);
CREATE INDEX chunk_unsealed ON chunk(source) WHERE sealed = 0;

-- How many rows of a chunk use which template; the view chunk_template shows one in a row.
CREATE TABLE template_use(
  chunk INTEGER PRIMARY KEY,
  counts TEXT NOT NULL CHECK(json_valid(counts)) -- [step, count, step, count, …]: each template is a step above the one before
) STRICT;

CREATE VIEW chunk_template AS
SELECT template, chunk, count FROM (
  SELECT u.chunk, e.key, e.value AS count, sum(iif(e.key % 2, 0, e.value)) OVER (PARTITION BY u.chunk ORDER BY e.key) AS template
  FROM template_use u, json_each(u.counts) e)
WHERE key % 2;

-- Which words of 8 bytes or more touch a parameter in a chunk's rows: a Bloom filter. A chunk that is not compressed has none.
CREATE TABLE chunk_word(
  chunk INTEGER PRIMARY KEY REFERENCES chunk ON DELETE CASCADE,
  bits BLOB NOT NULL
) STRICT;

-- Which bytes of which generation a run of lines came from.
CREATE TABLE extent(
  first_id INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  file INTEGER NOT NULL REFERENCES file,
  offset INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX extent_file ON extent(file, offset);

-- Views, for people: plural names, times as text, levels as words.

-- The rows of a chunk as JSON, [[time offset, template, parameter, …], …], from its columns,
-- [[template, …], [step, …], {"template": [[first parameter, …], [second parameter, …], …], …}]: a time offset is the
-- sum of the steps up to it, and a row's parameters stand in its template's columns where the row stands among those of
-- its template. The rows come in their order, gone ones too, which have no such template. Instead of the object there may be a
-- list of each row's parameters.
CREATE VIEW log_row AS                   -- one row per line, nothing formatted yet
SELECT c.first_id + r.key AS id, c.first_id AS chunk, c.min_us + (r.value->>0)*c.unit_us AS us,
  r.value AS p, t.holes, t.text, t.level AS severity, t.pattern, s.name AS source,
  iif(t.timed, char(1), '') AS mark, y.kind, y.sep, y.point, y.digits, y.offset_s, y.suffix
FROM chunk c JOIN layout y ON y.id = c.layout JOIN source s ON s.id = c.source,
  json_each((
    WITH j(text) AS MATERIALIZED (SELECT CAST(sqlar_uncompress(c.data, c.size) AS TEXT)),
    head(row, template, step) AS (
      SELECT row, max(template), max(step) FROM (
        SELECT key AS row, value AS template, NULL AS step FROM j, json_each(j.text, '$[0]')
        UNION ALL SELECT key, NULL, value FROM j, json_each(j.text, '$[1]'))
      GROUP BY row),
    form(lists) AS MATERIALIZED (SELECT json_type(text, '$[2]') = 'array' FROM j),
    place(row, template, g, k, time) AS MATERIALIZED (
      SELECT row, template, iif(lists, 0, template), iif(lists, row, row_number() OVER (PARTITION BY template ORDER BY row) - 1),
        sum(step) OVER (ORDER BY row) FROM form, head)
    SELECT '[' || group_concat(p) || ']' FROM (
      SELECT coalesce('[' || time || ',' || template || coalesce(',' || parameters, '') || ']', 'null') AS p FROM (
        SELECT template, row, time, group_concat(value) OVER (
          PARTITION BY g, k ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS parameters
        FROM (
          SELECT template, g, k, -1 AS n, row, time, NULL AS value FROM place
          UNION ALL SELECT NULL, CAST(g.key AS INTEGER), v.key, n.key, NULL, NULL, json_quote(v.value)
          FROM form, j, json_each(j.text, '$[2]') g, json_each(g.value) n, json_each(n.value) v WHERE NOT lists
          UNION ALL SELECT NULL, 0, g.key, 0, NULL, NULL, nullif(substr(g.value, 2, length(g.value) - 2), '')
          FROM form, j, json_each(j.text, '$[2]') g WHERE lists))
      WHERE row IS NOT NULL ORDER BY row))) r
  JOIN template t ON t.id = r.value->>1;

CREATE VIEW log AS
SELECT id,
  date(us/1000000,'unixepoch') || 'T' || time(us/1000000,'unixepoch') || '.' || substr(1000000 + us%1000000, 2) || 'Z' AS time,
  us AS time_us,
  CASE severity WHEN 1 THEN 'trace' WHEN 2 THEN 'debug' WHEN 3 THEN 'info' WHEN 4 THEN 'warn' WHEN 5 THEN 'error' WHEN 6 THEN 'fatal' END AS level,
  source, pattern AS pattern_id,
  replace(CASE
    WHEN holes = 0 THEN coalesce(format(text), '')
    WHEN holes <= 2 THEN format(text, p->>2, p->>3)
    WHEN holes <= 4 THEN format(text, p->>2, p->>3, p->>4, p->>5)
    WHEN holes <= 6 THEN format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7)
    WHEN holes <= 8 THEN format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7, p->>8, p->>9)
    WHEN holes <= 12 THEN format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7, p->>8, p->>9, p->>10, p->>11, p->>12, p->>13)
    WHEN holes <= 16 THEN format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7, p->>8, p->>9, p->>10, p->>11, p->>12, p->>13, p->>14,
      p->>15, p->>16, p->>17)
    WHEN holes <= 24 THEN format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7, p->>8, p->>9, p->>10, p->>11, p->>12, p->>13, p->>14,
      p->>15, p->>16, p->>17, p->>18, p->>19, p->>20, p->>21, p->>22, p->>23, p->>24, p->>25)
    WHEN holes <= 32 THEN format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7, p->>8, p->>9, p->>10, p->>11, p->>12, p->>13, p->>14,
      p->>15, p->>16, p->>17, p->>18, p->>19, p->>20, p->>21, p->>22, p->>23, p->>24, p->>25, p->>26,
      p->>27, p->>28, p->>29, p->>30, p->>31, p->>32, p->>33)
    WHEN holes <= 48 THEN format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7, p->>8, p->>9, p->>10, p->>11, p->>12, p->>13, p->>14,
      p->>15, p->>16, p->>17, p->>18, p->>19, p->>20, p->>21, p->>22, p->>23, p->>24, p->>25, p->>26,
      p->>27, p->>28, p->>29, p->>30, p->>31, p->>32, p->>33, p->>34, p->>35, p->>36, p->>37, p->>38,
      p->>39, p->>40, p->>41, p->>42, p->>43, p->>44, p->>45, p->>46, p->>47, p->>48, p->>49)
    ELSE format(text, p->>2, p->>3, p->>4, p->>5, p->>6, p->>7, p->>8, p->>9, p->>10, p->>11, p->>12, p->>13, p->>14,
      p->>15, p->>16, p->>17, p->>18, p->>19, p->>20, p->>21, p->>22, p->>23, p->>24, p->>25, p->>26,
      p->>27, p->>28, p->>29, p->>30, p->>31, p->>32, p->>33, p->>34, p->>35, p->>36, p->>37, p->>38,
      p->>39, p->>40, p->>41, p->>42, p->>43, p->>44, p->>45, p->>46, p->>47, p->>48, p->>49, p->>50,
      p->>51, p->>52, p->>53, p->>54, p->>55, p->>56, p->>57, p->>58, p->>59, p->>60, p->>61, p->>62,
      p->>63, p->>64, p->>65)
  END, mark, CASE kind WHEN 0 THEN ''
    WHEN 1 THEN date(us/1000000+offset_s,'unixepoch') || sep || time(us/1000000+offset_s,'unixepoch')
    WHEN 2 THEN strftime('%d/',us/1000000+offset_s,'unixepoch') || substr('JanFebMarAprMayJunJulAugSepOctNovDec', 3*strftime('%m',us/1000000+offset_s,'unixepoch')-2, 3)
      || strftime('/%Y',us/1000000+offset_s,'unixepoch') || sep || time(us/1000000+offset_s,'unixepoch')
    WHEN 3 THEN substr('JanFebMarAprMayJunJulAugSepOctNovDec', 3*strftime('%m',us/1000000+offset_s,'unixepoch')-2, 3)
      || format(' %2d ',strftime('%d',us/1000000+offset_s,'unixepoch')) || time(us/1000000+offset_s,'unixepoch')
    WHEN 5 THEN replace(date(us/1000000+offset_s,'unixepoch'),'-','/') || sep || time(us/1000000+offset_s,'unixepoch')
    ELSE us/1000000 || '' END
    || iif(digits, point || substr(1000000 + us%1000000, 2, digits), '') || suffix) AS message,
  chunk
FROM log_row;

CREATE VIEW files AS
SELECT f.id, s.name AS source, CAST(f.path AS TEXT) AS path, f.state, f.size, f.offset, f.lines, f.bytes_stored,
  f.bytes_skipped, f.bytes_cut, f.lost_bytes, f.unparsed, f.sanitized, f.rejects, f.compression, f.device, f.inode,
  strftime('%Y-%m-%dT%H:%M:%S', f.birth_us/1000000, 'unixepoch') || '.' || substr(1000000 + f.birth_us%1000000, 2) || 'Z' AS birth,
  strftime('%Y-%m-%dT%H:%M:%S', f.mtime_us/1000000, 'unixepoch') || '.' || substr(1000000 + f.mtime_us%1000000, 2) || 'Z' AS modified,
  strftime('%Y-%m-%dT%H:%M:%S', f.seen_us/1000000, 'unixepoch') || '.' || substr(1000000 + f.seen_us%1000000, 2) || 'Z' AS seen, f.error
FROM file f JOIN source s ON s.id = f.source;

CREATE VIEW runs AS
SELECT id, strftime('%Y-%m-%dT%H:%M:%S', started_us/1000000, 'unixepoch') || '.' || substr(1000000 + started_us%1000000, 2) || 'Z' AS started,
  strftime('%Y-%m-%dT%H:%M:%S', ended_us/1000000, 'unixepoch') || '.' || substr(1000000 + ended_us%1000000, 2) || 'Z' AS ended,
  pid, files, lines, bytes, records, rejects, lost_bytes, error, hole_bytes, cut_bytes, sanitized, damaged
FROM run;

CREATE VIEW rejects AS
SELECT r.id, s.name AS source, CAST(f.path AS TEXT) AS file, r.offset, r.log_id, r.reason, r.text
FROM reject r JOIN file f ON f.id = r.file JOIN source s ON s.id = f.source;

CREATE VIEW patterns AS
SELECT id, text AS pattern, CASE level WHEN 1 THEN 'trace' WHEN 2 THEN 'debug' WHEN 3 THEN 'info' WHEN 4 THEN 'warn' WHEN 5 THEN 'error' WHEN 6 THEN 'fatal' END AS level, count,
  1.0 * count / sum(count) OVER () AS share,
  strftime('%Y-%m-%dT%H:%M:%S', first_us/1000000, 'unixepoch') || '.' || substr(1000000 + first_us%1000000, 2) || 'Z' AS first_seen,
  strftime('%Y-%m-%dT%H:%M:%S', last_us/1000000, 'unixepoch') || '.' || substr(1000000 + last_us%1000000, 2) || 'Z' AS last_seen
FROM pattern WHERE count > 0;

CREATE VIEW volume AS
SELECT strftime('%Y-%m-%dT%H:%M:%S', (minute*60000000)/1000000, 'unixepoch') || '.' || substr(1000000 + (minute*60000000)%1000000, 2) || 'Z' AS time, s.name AS source,
  CASE v.level WHEN 1 THEN 'trace' WHEN 2 THEN 'debug' WHEN 3 THEN 'info' WHEN 4 THEN 'warn' WHEN 5 THEN 'error' WHEN 6 THEN 'fatal' END AS level, v.count AS lines
FROM line_count v
  JOIN source s ON s.id = v.source;
