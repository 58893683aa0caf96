-- Retention: what was removed for its age.

-- Runs of lines that are gone; two that touch are one if they are of one extent.
CREATE TABLE pruned(
  first_id INTEGER PRIMARY KEY,           -- log.id of the first
  count INTEGER NOT NULL,                 -- how many there were
  lines INTEGER NOT NULL                  -- of the file: a record may be several
) STRICT;

-- Old chunks that hold errors only: what was not one is gone, or there was nothing else.
CREATE TABLE thinned(
  chunk INTEGER PRIMARY KEY,              -- chunk.first_id
  lines INTEGER NOT NULL                  -- that are gone: null in data, or the number of lines of the file if these are several
) STRICT;

-- What is gone of each source.
CREATE TABLE retention(
  source INTEGER PRIMARY KEY REFERENCES source,
  lines INTEGER NOT NULL DEFAULT 0,       -- in pruned and thinned
  uncounted INTEGER NOT NULL DEFAULT 0,   -- of these, how many are in no count any more
  until_us INTEGER,                       -- the newest of these lines is older
  turns_us INTEGER,                       -- the turns before it are gone
  errors_us INTEGER,                      -- events before it may be gone
  samples_us INTEGER                      -- samples before it are gone
) STRICT;

-- That a size cannot be reached, as it was found last: true until something is removed or more is stored.
CREATE TABLE excess(
  size INTEGER PRIMARY KEY,               -- bytes that the file was to have
  least INTEGER NOT NULL,                 -- bytes that it can have
  name TEXT,                              -- of the table that takes most of these
  used INTEGER NOT NULL                   -- bytes that it had then, less free pages
) STRICT;
