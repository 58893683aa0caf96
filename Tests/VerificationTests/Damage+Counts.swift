extension Damage {
  /// Counters, patterns and templates.
  static let counts: [Damage] = [
    Damage(
      "the count of a template in a chunk",
      sql:
        "UPDATE template_use SET counts = json_set(counts, '$[1]', (counts->>1) + 1) WHERE chunk = \(small)",
      [
        "chunk_template":
          "chunk 68719477337 (source app.log): template 1 counts 17, but is used by 16 rows"
      ]),
    Damage(
      "two counts exchanged",
      sql:
        """
        UPDATE template_use SET counts = json_set(counts, '$[1]', (counts->>1) + 1, '$[3]', (counts->>3) - 1)
        WHERE chunk = \(sealed)
        """,
      [
        "chunk_template":
          "chunk 68719476737 (source app.log): template 1 counts 481, but is used by 480 rows"
      ]),
    Damage(
      "the counts of a chunk gone", sql: "DELETE FROM template_use WHERE chunk = \(open)",
      [
        "chunk_template": "chunk 68719477377 (source app.log): no template is counted"
      ]),
    Damage(
      "a count too many",
      sql: """
        UPDATE template_use SET counts = json_insert(counts, '$[#]', 99 - (
          SELECT max(template) FROM chunk_template t WHERE t.chunk = template_use.chunk), '$[#]', 1)
        WHERE chunk = \(small)
        """,
      [
        "chunk_template":
          "chunk 68719477337 (source app.log): template 99 counts 1, but is used by 0 rows"
      ]),
    Damage(
      "counts that are no list",
      sql: "UPDATE template_use SET counts = '{}' WHERE chunk = \(small)",
      [
        "chunk_template":
          "chunk 68719477337 (source app.log): its templates' counts cannot be read"
      ]),
    Damage(
      "counts of no chunk", sql: "INSERT INTO template_use VALUES (\(small + 1), '[1,1]')",
      [
        "chunk_template":
          "chunk 68719477338 (source app.log): templates are counted, but there is no such chunk"
      ]),
    Damage(
      "a byte of a filter",
      sql:
        "UPDATE chunk_word SET bits = CAST(x'00' || substr(bits, 2) AS BLOB) WHERE chunk = \(sealed)",
      [
        "chunk_word": "chunk 68719476737 (source app.log): its filter denies "
      ]),
    Damage(
      "a filter gone", sql: "DELETE FROM chunk_word WHERE chunk = \(sealed)",
      [
        "chunk_word": "chunk 68719476737 (source app.log): has no filter"
      ]),
    Damage(
      "a filter of no chunk", sql: "INSERT INTO chunk_word VALUES (99, x'FF')",
      [
        "integrity": "chunk_word 99 names a row of chunk that does not exist"
      ]),
    Damage(
      "a pattern's count in a minute",
      sql: """
        UPDATE skeleton_minute SET lines = (
            SELECT json_group_object(key, value + (value > 0)) FROM json_each(lines))
          WHERE source = 2 AND level = 5
        """,
      [
        "patterns":
          "skeleton 2220123832750374 (source access.log, error level): count is 2, but skeleton_count has 3",
        "line_count":
          "source access.log, error level: counts 2 lines, but skeleton_count has 3",
      ]),
    Damage(
      "a pattern's minute",
      sql: "UPDATE skeleton_minute SET hour = hour + 17 WHERE source = 2 AND level = 5",
      [
        "patterns":
          "skeleton 2220123832750374 (source access.log, error level): skeleton_hour does not have the sums",
        "line_count":
          "source access.log, error level: 2 lines, counted in other minutes than their skeletons",
      ]),
    Damage(
      "a pattern's minutes gone", sql: "DELETE FROM skeleton_minute WHERE source = 2 AND level = 5",
      [
        "patterns":
          "skeleton 2220123832750374 (source access.log, error level): count is 2, but skeleton_count has 0",
        "line_count":
          "source access.log, error level: counts 2 lines, but skeleton_count has 0",
      ]),
    Damage(
      "a pattern's level in a minute",
      sql: "UPDATE skeleton_minute SET level = 4 WHERE source = 2 AND level = 5",
      [
        "patterns":
          "skeleton 2220123832750374 (source access.log, warn level): count is 0, but skeleton_count has 2",
        "line_count": "source access.log, warn level: counts 0 lines, but skeleton_count has 2",
      ]),
    Damage(
      "a minute's count",
      sql: "UPDATE line_count SET count = count + 1 WHERE level = 5 AND source = 2",
      [
        "line_count": "source access.log, error level: counts 3 lines, but skeleton_count has 2"
      ]),
    Damage(
      "a minute",
      sql: "UPDATE line_count SET minute = minute + 1000 WHERE level = 5 AND source = 2",
      [
        "line_count":
          "source access.log, error level: 2 lines, counted in other minutes than their skeletons"
      ]),
    Damage(
      "a pattern's count", sql: "UPDATE pattern SET count = count - 1 WHERE level = 5",
      [
        "patterns": "pattern 2220123832750374: count is 65, but its skeletons have 66"
      ]),
    Damage(
      "a pattern's text", sql: "UPDATE pattern SET text = 'x' WHERE level = 5",
      [
        "patterns": "pattern 2220123832750374: its text has the id 799419648406123"
      ]),
    Damage(
      "a pattern's first time", sql: "UPDATE pattern SET first_us = first_us + 1 WHERE level = 5",
      [
        "patterns":
          "pattern 2220123832750374: level 5 from 1769940001003001 to 1769940158688000 µs, but its skeletons have"
      ]),
    Damage(
      "a pattern's last time", sql: "UPDATE pattern SET last_us = last_us + 1 WHERE level = 5",
      [
        "patterns":
          "pattern 2220123832750374: level 5 from 1769940001003000 to 1769940158688001 µs, but its skeletons have"
      ]),
    Damage(
      "a pattern's level", sql: "UPDATE pattern SET level = 6 WHERE level = 5",
      [
        "patterns": "pattern 2220123832750374: level 6 from 1769940001003000 to"
      ]),
    Damage(
      "a first line", sql: "UPDATE source SET first_line = 3 WHERE id = 2",
      [
        "lines":
          "lines 137438953473 to 137438953474 (source access.log): stored, but the source's first line is 3"
      ]),
    Damage(
      "a pattern gone", sql: "DELETE FROM pattern WHERE level = 5",
      [
        "integrity": "skeleton 2220123832750374 names a row of pattern that does not exist",
        "patterns": "skeleton 2220123832750374: its pattern 2220123832750374 does not exist",
      ]),
    Damage(
      "a hole less in a template",
      sql:
        "UPDATE template SET text = replace(text, 'finished job %s', 'finished job') WHERE text LIKE '%finished%'",
      [
        "templates": "template 1: holes is 3, but its text has 2"
      ]),
    Damage(
      "a template that is a special case of another one",
      sql: "UPDATE template SET base = 1 WHERE id = 2",
      [
        "templates": "template 2: is no special case of template 1"
      ]),
    Damage(
      "a hole less in a template, and in its count",
      sql:
        "UPDATE template SET holes = holes - 1, text = replace(text, 'finished job %s', 'finished job') WHERE text LIKE '%finished%'",
      [
        "chunks":
          "chunk 68719476737 (source app.log): row 0 has 3 parameters, template 1 has 2 holes, and so on for"
      ]),
    Damage(
      "a template without its time",
      sql: "UPDATE template SET text = replace(text, char(1), '') WHERE timed",
      [
        "templates": "template 1: is timed, but its text has 0 marks of the time"
      ]),
    Damage(
      "a percent sign in a template",
      sql: "UPDATE template SET text = text || '%d' WHERE id = 2",
      [
        "templates": "template 2: a percent sign in its text is neither %s nor %%"
      ]),
    Damage(
      "a template gone", sql: "DELETE FROM template WHERE text LIKE '%request%'",
      [
        "chunks":
          "chunk 68719476737 (source app.log): row 3 names template 2, which does not exist, and so on for 59",
        "patterns":
          "not compared with the lines: chunk 68719476737 (source app.log) holds rows that cannot be counted",
      ]),
    Damage(
      "a template without its hash", sql: "UPDATE template SET hash = NULL",
      [
        "templates": "template 1: has no hash, and is no catch-all"
      ]),
  ]
}
