"""duckdb_peer.py load-lines|load-higress|ask DATABASE LOG-OR-QUERY: what DuckDB does of the same work.

Prints the seconds that DuckDB took, without the start of Python, and the answer of a question. It has
two threads, as the machine of the budget has two cores.
"""

import sys
import time

import duckdb

# Each line with its time and level, as text; `\x01` occurs in no line.
LOAD_LINES = r"""
CREATE TABLE log AS
SELECT row_number() OVER () AS id, try_cast(regexp_extract(line, '^(\S+)', 1) AS timestamptz) AS time,
  regexp_extract(line, '^\S+ ([A-Z]+) ', 1) AS level, line AS message
FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false)
"""

LOAD_HIGRESS = """
CREATE TABLE line AS SELECT * FROM read_json(?, format = 'newline_delimited');
CREATE TABLE turn AS
SELECT json_extract_string(ai_log, '$.session_id') AS session, start_time AS time,
  json_extract_string(ai_log, '$.model') AS model, json_extract_string(ai_log, '$.consumer') AS consumer,
  (ai_log::JSON->'$.input_token')::BIGINT AS input, (ai_log::JSON->'$.output_token')::BIGINT AS output,
  (ai_log::JSON->'$.cached_tokens')::BIGINT AS cached,
  (ai_log::JSON->'$.reasoning_tokens')::BIGINT AS reasoning,
  (ai_log::JSON->'$.llm_service_duration')::BIGINT AS latency, response_code AS status
FROM line WHERE ai_log <> '-' AND json_valid(ai_log)
"""

action, database, argument = sys.argv[1:]
start = time.perf_counter()
db = duckdb.connect(database, read_only=action == "ask", config={"threads": 2})
answer = None
if action == "ask":
    answer = db.execute(argument).fetchall()
else:
    for statement in (LOAD_LINES if action == "load-lines" else LOAD_HIGRESS).split(";"):
        db.execute(statement, [argument] if "?" in statement else None)
    if action == "load-higress":
        answer = db.execute("SELECT count(*), sum(input), sum(output) FROM turn WHERE input IS NOT NULL").fetchall()
    else:
        answer = db.execute("SELECT count(*) FROM log").fetchall()
    db.execute("CHECKPOINT")
    db.close()
print(time.perf_counter() - start)
print(answer)
