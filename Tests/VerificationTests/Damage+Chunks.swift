extension Damage {
  /// Chunks and layouts.
  static let chunks: [Damage] = [
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
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
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
          "chunk 68719477337 (source app.log): its rows run from 1769940000000000 to 1769940155009000 µs, not"
      ]),
    Damage(
      "both times of a chunk",
      sql:
        "UPDATE chunk SET (min_us, max_us) = (min_us + 60000000, max_us + 60000000) WHERE first_id = \(small)",
      [
        "patterns":
          "skeleton 932024699150148 (source app.log, info level): 512 lines, counted in other minutes than"
      ]),
    Damage(
      "the unit of a chunk", sql: "UPDATE chunk SET unit_us = 7 WHERE first_id = \(small)",
      [
        "chunks": "chunk 68719477337 (source app.log): its unit of time is 7 µs",
        "patterns":
          "skeleton 932024699150148 (source app.log, info level): 512 lines, counted in other minutes than",
      ]),
    Damage(
      "the source of a chunk", sql: "UPDATE chunk SET source = 2 WHERE first_id = \(small)",
      [
        "chunks": "chunk 68719477337 (source app.log): is filed under source access.log",
        "patterns":
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 496 lines stored",
      ]),
    Damage(
      "an open chunk that is sealed", sql: "UPDATE chunk SET sealed = 1 WHERE first_id = \(open)",
      [
        "chunks": "chunk 68719477377 (source app.log): is sealed, but its line is open",
        "chunk_word": "chunk 68719477377 (source app.log): has no filter",
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
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 496 lines stored",
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
}
