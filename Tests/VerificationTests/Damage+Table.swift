import Testing

extension Damage {
  /// Lines 1 to 600 of app.log, compressed.
  static let sealed: Int64 = 68_719_476_737
  /// Lines 601 to 620, stored as they are.
  static let small = sealed + 600
  /// Line 641.
  private static let open = sealed + 640

  static let all = chunks + rows + counts + places + pages

  /// Rows that the writer would never write, under a checksum that fits.
  private static let rows: [Damage] = [
    .row("NUL", "\\u0000", [:]),
    .row("the mark of the time", "\\u0001", [:]),
    .row("a number where a character would do", "\\u0041", [:]),
    .row("an unknown escape", "\\x41", [:]),
    .row("a byte that must be escaped", "\u{2}", [:]),
    .row("a quote", "\"", [:]),
    .row("a quote and a letter", "\"x", [:]),
    .rows("a byte that is not UTF-8", [:]) { rows in
      let index = try #require(rows.firstIndex(of: quote))
      rows.insert(0xFF, at: index + 1)
    },
    .rows("a parameter too many", [:]) { rows in
      let index = try #require(rows.firstIndex(of: closing))
      rows.insert(contentsOf: Array(",7".utf8), at: index)
    },
    .rows("a parameter that is no number", [:]) { rows in
      let index = try #require(rows.firstIndex(of: closing))
      rows.replaceSubrange(index - 1..<index, with: Array("true".utf8))
    },
    .rows("a number with a zero before it", [:]) { rows in
      let index = try #require(rows.firstIndex(of: closing))
      let comma = try #require(rows[..<index].lastIndex(of: comma))
      rows.insert(UInt8(ascii: "0"), at: comma + 1)
    },
    .rows("a template with a zero before it", [:]) { rows in
      let comma = try #require(rows.firstIndex(of: comma))
      rows.insert(UInt8(ascii: "0"), at: comma + 1)
    },
    .rows("a row that is neither an array nor null", [:]) { rows in
      rows.insert(contentsOf: Array("nope,".utf8), at: 1)
    },
    .rows("a row too many", [:]) { rows in rows.insert(contentsOf: Array("null,".utf8), at: 1) },
    .rows("bytes behind the rows", [:]) { rows in rows.append(0x20) },
    .rows("no rows", [:]) { rows in rows = Array("[]".utf8) },
    .rows("a time that overflows", [:]) { rows in
      rows.insert(contentsOf: Array("9999999999999999".utf8), at: 2)
    },
  ]

  private static let chunks: [Damage] = [
    .data(
      "a byte of a compressed chunk", chunk: sealed,
      [
        "chunks": "chunk 68719476737 (source app.log): crc32 differs",
        "chunk_template": "chunk 68719476737 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719476737 (source app.log) cannot be read",
      ]
    ) { $0[$0.count / 2] ^= 0x10 },
    .data(
      "the checksum of a zlib stream", chunk: sealed,
      [
        "chunks": "chunk 68719476737 (source app.log): crc32 differs",
        "chunk_template": "chunk 68719476737 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719476737 (source app.log) cannot be read",
      ]
    ) { $0[$0.count - 1] ^= 1 },
    .data(
      "a digit in a stored chunk, which is valid JSON as before", chunk: small,
      [
        "chunks": "chunk 68719477337 (source app.log): crc32 differs"
      ]
    ) { data in
      // The last digit before the last bracket but one: a parameter.
      if let index = data.lastIndex(where: { $0 &- 0x30 <= 9 }) {
        data[index] = data[index] == 0x31 ? 0x32 : 0x31
      }
    },
    .data(
      "a bracket in a stored chunk", chunk: small,
      [
        "chunks": "chunk 68719477337 (source app.log): crc32 differs",
        "chunk_template":
          "chunk 68719477337 (source app.log): template 1 counts 16, but is used by 15 rows",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): counts 512, but 511 lines stored",
      ]
    ) { data in
      if let index = data.dropLast(2).lastIndex(of: UInt8(ascii: "]")) { data[index] = 0x20 }
    },
    .data(
      "a chunk cut short", chunk: small,
      [
        "chunks": "chunk 68719477337 (source app.log): crc32 differs",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]
    ) { $0.removeLast(40) },
    .data(
      "an empty chunk", chunk: small,
      [
        "chunks": "chunk 68719477337 (source app.log): crc32 differs",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]
    ) { $0 = [] },
    Damage(
      "the size of a chunk", sql: "UPDATE chunk SET size = 1 << 40 WHERE first_id = \(sealed)",
      [
        "chunks":
          "chunk 68719476737 (source app.log): data does not inflate to 1099511627776 bytes",
        "chunk_template": "chunk 68719476737 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719476737 (source app.log) cannot be read",
      ]),
    Damage(
      "the checksum of a chunk", sql: "UPDATE chunk SET crc32 = -1 WHERE first_id = \(sealed)",
      [
        "chunks": "chunk 68719476737 (source app.log): crc32 differs"
      ]),
    Damage(
      "the count of a chunk", sql: "UPDATE chunk SET count = 19 WHERE first_id = \(small)",
      [
        "chunks": "chunk 68719477337 (source app.log): holds 20 rows, not 19",
        "extents": "line 68719477356 (source app.log): in an extent, but in no chunk",
        "lines": "line 68719477356 (source app.log): in no chunk",
      ]),
    Damage(
      "the time of a chunk",
      sql: "UPDATE chunk SET max_us = max_us + 1000 WHERE first_id = \(small)",
      [
        "chunks":
          "chunk 68719477337 (source app.log): its rows run from 1769940000000000 to 1769940155000000 µs, not"
      ]),
    Damage(
      "both times of a chunk",
      sql:
        "UPDATE chunk SET (min_us, max_us) = (min_us + 60000000, max_us + 60000000) WHERE first_id = \(small)",
      [
        "patterns":
          "pattern 673671858334000 (source app.log, info level): 512 lines, counted in other minutes than"
      ]),
    Damage(
      "the unit of a chunk", sql: "UPDATE chunk SET unit_us = 7 WHERE first_id = \(small)",
      [
        "chunks": "chunk 68719477337 (source app.log): its unit of time is 7 µs",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): 512 lines, counted in other minutes than",
      ]),
    Damage(
      "the source of a chunk", sql: "UPDATE chunk SET source = 2 WHERE first_id = \(small)",
      [
        "chunks": "chunk 68719477337 (source app.log): is filed under source access.log",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): counts 512, but 496 lines stored",
      ]),
    Damage(
      "an open chunk that is sealed", sql: "UPDATE chunk SET sealed = 1 WHERE first_id = \(open)",
      [
        "chunks": "chunk 68719477377 (source app.log): is sealed, but its line is open"
      ]),
    Damage(
      "a chunk gone", sql: "DELETE FROM chunk WHERE first_id = \(small)",
      [
        "chunk_template":
          "chunk 68719477337 (source app.log): templates are counted, but there is no such chunk",
        "extents":
          "lines 68719477337 to 68719477356 (source app.log): in an extent, but in no chunk",
        "lines": "lines 68719477337 to 68719477356 (source app.log): in no chunk",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): counts 512, but 496 lines stored",
      ]),
    Damage(
      "a chunk under other ids",
      sql: "UPDATE chunk SET first_id = first_id + 1 WHERE first_id = \(small)",
      [
        "chunks":
          "chunk 68719477357 (source app.log): shares line 68719477357 (source app.log) with the chunk before",
        "chunk_template": "chunk 68719477338 (source app.log): no template is counted",
        "extents": "line 68719477337 (source app.log): in an extent, but in no chunk",
        "lines": "line 68719477337 (source app.log): in no chunk",
      ]),
    Damage(
      "an id that no line can have",
      sql: "UPDATE chunk SET first_id = 9223372036854775807 WHERE first_id = \(small)",
      [
        "chunks": "chunk 9223372036854775807 (source 134217727): cannot hold 20 rows under its id",
        "chunk_template":
          "chunk 68719477337 (source app.log): templates are counted, but there is no such chunk",
        "extents":
          "lines 68719477337 to 68719477356 (source app.log): in an extent, but in no chunk",
        "lines": "lines 68719477337 to 68719477356 (source app.log): in no chunk",
        "patterns":
          "not compared with the lines: chunk 9223372036854775807 (source 134217727) cannot be read",
      ]),
    Damage(
      "a layout gone", sql: "DELETE FROM layout WHERE kind = 1",
      [
        "integrity": "chunk 68719476737 names a row of layout that does not exist",
        "chunks": "chunk 68719476737 (source app.log): its layout 1 does not exist",
      ]),
    Damage(
      "a layout without a time", sql: "UPDATE layout SET kind = 0 WHERE kind = 1",
      [
        "chunks":
          "chunk 68719476737 (source app.log): row 0 shows a time, and the chunk's layout has none, and so on"
      ]),
  ]

  private static let counts: [Damage] = [
    Damage(
      "the count of a template in a chunk",
      sql: "UPDATE chunk_template SET count = count + 1 WHERE chunk = \(small) AND template = 1",
      [
        "chunk_template":
          "chunk 68719477337 (source app.log): template 1 counts 17, but is used by 16 rows"
      ]),
    Damage(
      "two counts exchanged",
      sql:
        "UPDATE chunk_template SET count = count + iif(template = 1, 1, -1) WHERE chunk = \(sealed) AND template < 3",
      [
        "chunk_template":
          "chunk 68719476737 (source app.log): template 1 counts 481, but is used by 480 rows"
      ]),
    Damage(
      "the counts of a chunk gone", sql: "DELETE FROM chunk_template WHERE chunk = \(open)",
      [
        "chunk_template": "chunk 68719477377 (source app.log): no template is counted"
      ]),
    Damage(
      "a count too many", sql: "INSERT INTO chunk_template VALUES (99, \(small), 1)",
      [
        "chunk_template":
          "chunk 68719477337 (source app.log): template 99 counts 1, but is used by 0 rows"
      ]),
    Damage(
      "counts of no chunk", sql: "INSERT INTO chunk_template VALUES (1, \(small + 1), 1)",
      [
        "chunk_template":
          "chunk 68719477338 (source app.log): templates are counted, but there is no such chunk"
      ]),
    Damage(
      "a pattern's count in a minute",
      sql: "UPDATE pattern_count SET count = count + 1 WHERE source = 2 AND level = 5",
      [
        "patterns": "pattern 2648510497788797: count is 66, but pattern_count has 67"
      ]),
    Damage(
      "a pattern's minute",
      sql: "UPDATE pattern_count SET minute = minute + 1000 WHERE source = 2 AND level = 5",
      [
        "patterns":
          "pattern 2648510497788797 (source access.log, error level): 2 lines, counted in other minutes than"
      ]),
    Damage(
      "a pattern's minute gone", sql: "DELETE FROM pattern_count WHERE source = 2 AND level = 5",
      [
        "patterns": "pattern 2648510497788797: count is 66, but pattern_count has 64"
      ]),
    Damage(
      "a pattern's level in a minute",
      sql: "UPDATE pattern_count SET level = 4 WHERE source = 2 AND level = 5",
      [
        "patterns":
          "pattern 2648510497788797 (source access.log, warn level): counts 2, but 0 lines stored"
      ]),
    Damage(
      "a pattern's count", sql: "UPDATE pattern SET count = count - 1 WHERE level = 5",
      [
        "patterns": "pattern 2648510497788797: count is 65, but pattern_count has 66"
      ]),
    Damage(
      "a pattern's text", sql: "UPDATE pattern SET text = 'x' WHERE level = 5",
      [
        "patterns": "pattern 2648510497788797: its text has the id 799419648406123"
      ]),
    Damage(
      "a pattern's first time", sql: "UPDATE pattern SET first_us = first_us + 1 WHERE level = 5",
      [
        "patterns":
          "pattern 2648510497788797: level 5 from 1769940001000001 to 1769940158500000 µs, but its lines have"
      ]),
    Damage(
      "a pattern gone", sql: "DELETE FROM pattern WHERE level = 5",
      [
        "integrity": "template 2 names a row of pattern that does not exist",
        "patterns": "pattern 2648510497788797: is counted, but does not exist",
        "templates": "template 2: its pattern 2648510497788797 does not exist",
      ]),
    Damage(
      "a hole less in a template",
      sql:
        "UPDATE template SET text = replace(text, 'finished job %s', 'finished job') WHERE text LIKE '%finished%'",
      [
        "templates": "template 1: holes is 3, but its text has 2"
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

  private static let places: [Damage] = [
    Damage(
      "a file gone", sql: "DELETE FROM file WHERE id = 1",
      [
        "integrity": "extent 68719476737 names a row of file that does not exist",
        "extents": "extent 68719476737 names file 1, which does not exist",
      ]),
    Damage(
      "a file with an open line gone", sql: "DELETE FROM file WHERE id = 2",
      [
        "integrity": "extent 68719477357 names a row of file that does not exist",
        "extents": "extent 68719477357 names file 2, which does not exist",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): counts 512, but 513 lines stored",
      ]),
    Damage(
      "an offset moved", sql: "UPDATE file SET offset = offset + 1 WHERE id = 4",
      [
        "offsets":
          "file 4 (/var/log/access.log): offset 2104, read from 812 on, but 1291 bytes stored and 0 skipped"
      ]),
    Damage(
      "an offset moved, and the bytes skipped",
      sql: "UPDATE file SET offset = offset - 9, bytes_skipped = -9 WHERE id = 4",
      [
        "extents":
          "extent 137438953473 holds bytes 812 to 2103 of file 4 (/var/log/access.log), which was read from",
        "offsets": "file 4 (/var/log/access.log): bytes_skipped is -9",
      ]),
    Damage(
      "an offset moved, and the bytes stored",
      sql: "UPDATE file SET offset = offset - 9, bytes_stored = bytes_stored - 9 WHERE id = 4",
      [
        "extents":
          "extent 137438953473 holds bytes 812 to 2103 of file 4 (/var/log/access.log), which was read from"
      ]),
    Damage(
      "the start of a file", sql: "UPDATE file SET start = 0 WHERE id = 4",
      [
        "offsets": "file 4 (/var/log/access.log): offset 2103 but 1291 bytes stored and 0 skipped"
      ]),
    Damage(
      "an offset that no file has",
      sql: "UPDATE file SET offset = -9223372036854775808 WHERE id = 4",
      [
        "extents":
          "extent 137438953473 holds bytes 812 to 2103 of file 4 (/var/log/access.log), which was read from",
        "offsets": "file 4 (/var/log/access.log): offset is -9223372036854775808",
      ]),
    Damage(
      "a state", sql: "UPDATE file SET state = 'lost' WHERE id = 4",
      [
        "offsets": "file 4 (/var/log/access.log): its state lost is unknown"
      ]),
    Damage(
      "a copy that stores", sql: "UPDATE file SET state = 'copy' WHERE id = 4",
      [
        "offsets": "file 4 (/var/log/access.log): is a copy, and 1291 bytes of it are stored"
      ]),
    Damage(
      "an anchor", sql: "UPDATE file SET anchor_length = 17 WHERE id = 4",
      [
        "offsets":
          "file 4 (/var/log/access.log): anchor_length is 17, and 1024 bytes stand before the offset"
      ]),
    Damage(
      "an open line forgotten", sql: "UPDATE file SET open_line = NULL WHERE id = 2",
      [
        "extents":
          "extent 68719477377 holds bytes 1314 to 1382 of file 2 (/var/log/app.log), which was read from 0 to",
        "offsets": "file 2 (/var/log/app.log): no line is open, but 68 bytes of one",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): counts 512, but 513 lines stored",
      ]),
    Damage(
      "an open line closed",
      sql:
        "UPDATE file SET (open_line, open_bytes, open_lines, open_anchor_length) = (NULL, 0, 0, 0) WHERE id = 2",
      [
        "extents":
          "extent 68719477377 holds bytes 1314 to 1382 of file 2 (/var/log/app.log), which was read from 0 to",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): counts 512, but 513 lines stored",
      ]),
    Damage(
      "an open line elsewhere", sql: "UPDATE file SET open_line = open_line - 1 WHERE id = 2",
      [
        "extents":
          "extent 68719477377 holds bytes 1314 to 1382 of file 2 (/var/log/app.log), which was read from 0 to",
        "patterns":
          "pattern 673671858334000 (source app.log, info level): counts 512, but 513 lines stored",
      ]),
    Damage(
      "an open line that is longer",
      sql: "UPDATE file SET open_bytes = open_bytes + 1 WHERE id = 2",
      [
        "extents":
          "extent 68719477377 is not the open line of file 2 (/var/log/app.log): 1 line, 68 bytes from 1314"
      ]),
    Damage(
      "an extent gone", sql: "DELETE FROM extent WHERE first_id = \(small)",
      [
        "extents": "lines 68719477337 to 68719477356 (source app.log): in no extent"
      ]),
    Damage(
      "an extent shifted",
      sql: "UPDATE extent SET offset = offset + 1 WHERE first_id = \(small + 20)",
      [
        "extents":
          "extent 68719477357 holds bytes 1 to 1315 of file 2 (/var/log/app.log), which was read from 0 to 1314"
      ]),
    Damage(
      "an extent over another", sql: "UPDATE extent SET offset = 100 WHERE first_id = \(small)",
      [
        "extents": "extent 68719477337 begins at byte 100, inside extent 68719476737"
      ]
    ),
    Damage(
      "an extent's lines", sql: "UPDATE extent SET count = count + 1 WHERE first_id = \(sealed)",
      [
        "extents":
          "extent 68719477337 shares line 68719477337 (source app.log) with the extent before it"
      ]),
    Damage(
      "an extent's bytes", sql: "UPDATE extent SET bytes = bytes - 1 WHERE first_id = \(sealed)",
      [
        "extents": "file 1 (/var/log/app.log.1): 40676 bytes stored, but its extents hold 40675"
      ]),
    Damage(
      "an extent of another file", sql: "UPDATE extent SET file = 4 WHERE first_id = \(sealed)",
      [
        "extents":
          "extent 68719476737 holds line 68719476737 (source app.log) and names a file of source access.log"
      ]
    ),
    Damage(
      "an extent that cannot be",
      sql:
        "UPDATE extent SET (count, offset, bytes) = (9223372036854775807, 9223372036854775807, 1) WHERE first_id = \(small)",
      [
        "extents": "extent 68719477337 cannot hold 9223372036854775807 lines"
      ]),
    Damage(
      "the next line", sql: "UPDATE source SET next_line = 643 WHERE id = 1",
      [
        "lines":
          "line 68719477378 (source app.log): in no chunk, though the source's next line is 643"
      ]),
    Damage(
      "the next line taken again", sql: "UPDATE source SET next_line = 641 WHERE id = 1",
      [
        "chunks":
          "chunk 68719477377 (source app.log): ends at line 641, but the source's next line is 641",
        "lines": "line 68719477377 (source app.log): stored, but the source's next line is 641",
      ]),
    Damage(
      "the next line that cannot be",
      sql: "UPDATE source SET next_line = -9223372036854775808 WHERE id = 1",
      [
        "chunks":
          "chunk 68719476737 (source app.log): ends at line 600, but the source's next line is",
        "lines": "source app.log: its next line cannot be -9223372036854775808",
      ]),
    Damage(
      "a source gone", sql: "DELETE FROM source WHERE id = 2",
      [
        "integrity": "chunk 137438953473 names a row of source that does not exist",
        "chunks": "chunk 137438953473 (source 2): its source does not exist",
        "lines":
          "lines 137438953473 to 137438953492 (source 2): stored, but there is no such source",
      ]),
  ]

  private static let pages: [Damage] = [
    .rootPage(
      "a page of the extents", of: "extent",
      [
        "integrity": "",
        "extents": "database disk image is malformed",
      ]),
    .dataPage(
      "a page of a chunk", chunk: sealed,
      [
        "chunks": "chunk 68719476737 (source app.log): crc32 differs",
        "chunk_template": "chunk 68719476737 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719476737 (source app.log) cannot be read",
      ]),
    .rootPage(
      "an index of the chunks", of: "chunk_time",
      [
        "integrity": ""
      ]),
    .rootPage(
      "a page of the chunks", of: "chunk",
      [
        "integrity": "",
        "chunks": "database disk image is malformed",
        "chunk_template": "not compared: the chunks cannot be listed",
        "extents": "not compared: the chunks cannot be listed",
        "lines": "not compared: the chunks cannot be listed",
        "patterns": "not compared: the chunks cannot be listed",
      ]),
    .rootPage(
      "a page of the templates", of: "template",
      [
        "integrity": "",
        "chunks": "not checked: ",
        "chunk_template": "not checked: ",
        "extents": "not checked: ",
        "offsets": "not checked: ",
        "lines": "not checked: ",
        "patterns": "not checked: ",
        "templates": "not checked: ",
      ]),
    .rootPage(
      "a page of the files", of: "file",
      [
        "integrity": "",
        "chunks": "not checked: ",
        "chunk_template": "not checked: ",
        "extents": "not checked: ",
        "offsets": "not checked: ",
        "lines": "not checked: ",
        "patterns": "not checked: ",
        "templates": "not checked: ",
      ]),
    .rootPage(
      "a page of the counts", of: "pattern_count",
      [
        "integrity": "",
        "patterns": "database disk image is malformed",
      ]),
  ]
}

private let quote = UInt8(ascii: "\"")
private let closing = UInt8(ascii: "]")
private let comma = UInt8(ascii: ",")
