import Testing

extension Damage {
  /// Rows that the writer would never write, under a checksum that fits.
  static let rows: [Damage] = [
    .string(
      "NUL", "\\u0000",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds NUL, where the line would end"]),
    .string(
      "the mark of the time", "\\u0001",
      [
        "chunks":
          "chunk 68719477337 (source app.log): row 3 holds the mark of the time in a parameter"
      ]),
    .string(
      "a number where a character would do", "\\u0041",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds a malformed string"]),
    .string(
      "an unknown escape", "\\x41",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds a malformed string"]),
    .string(
      "a byte that must be escaped", "\u{2}",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds a malformed string"]),
    .string(
      "a quote", "\"",
      [
        "chunks": "chunk 68719477337 (source app.log): its columns cannot be read",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]),
    .string(
      "a quote and a letter", "\"x",
      [
        "chunks": "chunk 68719477337 (source app.log): its columns cannot be read",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]),
    .string(
      "a quote and a comma", "\",\"",
      [
        "chunks": "chunk 68719477337 (source app.log): its columns cannot be read",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]),
    .columns(
      "a byte that is not UTF-8",
      ["chunks": "chunk 68719477337 (source app.log): byte 71 of its rows as text is not UTF-8"]
    ) { columns in
      let index = try #require(columns.firstRange(of: Array("[\"".utf8))).upperBound
      columns.insert(0xFF, at: index)
    },
    .columns(
      "a column too many",
      [
        "chunks":
          "chunk 68719477337 (source app.log): row 0 has 4 parameters, template 1 has 3 holes"
      ]
    ) { columns in
      let start = try #require(columns.firstRange(of: Array(":[".utf8))).upperBound
      let end = try #require(columns[start...].firstIndex(of: closing))
      columns.insert(contentsOf: columns[start...end] + [comma], at: start)
    },
    .columns(
      "a parameter that is no number",
      ["chunks": "chunk 68719477337 (source app.log): row 19 holds a malformed number"]
    ) { columns in
      let end = try lastOfFirstColumn(columns)
      columns.replaceSubrange(end - 1..<end, with: Array("true".utf8))
    },
    .columns(
      "a number with a zero before it",
      ["chunks": "chunk 68719477337 (source app.log): row 19 holds a malformed number"]
    ) { columns in
      let end = try lastOfFirstColumn(columns)
      let comma = try #require(columns[..<end].lastIndex(of: comma))
      columns.insert(UInt8(ascii: "0"), at: comma + 1)
    },
    .columns(
      "a column that is too short",
      [
        "chunks": "chunk 68719477337 (source app.log): its columns cannot be read",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]
    ) { columns in
      let end = try lastOfFirstColumn(columns)
      let comma = try #require(columns[..<end].lastIndex(of: comma))
      columns.removeSubrange(comma..<end)
    },
    .columns(
      "a template with a zero before it",
      [
        "chunks": "chunk 68719477337 (source app.log): its columns cannot be read",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]
    ) { columns in columns.insert(UInt8(ascii: "0"), at: 2) },
    .columns(
      "a row that is neither a template nor null nor a number of lines",
      [
        "chunks": "chunk 68719477337 (source app.log): its columns cannot be read",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]
    ) { columns in columns.insert(contentsOf: Array("nope,".utf8), at: 2) },
    .columns(
      "a row too many",
      [
        "chunks": "chunk 68719477337 (source app.log): holds 21 rows, not 20",
        "lines": "chunk 68719477337 (source app.log): 1 line gone, 0 noted",
      ]
    ) { columns in
      let steps = try #require(columns.firstRange(of: Array("],[".utf8))).upperBound
      columns.insert(contentsOf: Array("null,".utf8), at: steps)
      columns.insert(contentsOf: Array("null,".utf8), at: 2)
    },
    .columns(
      "bytes behind the columns",
      [
        "chunks": "chunk 68719477337 (source app.log): its columns cannot be read",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]
    ) { columns in columns.append(0x20) },
    .columns(
      "no rows",
      [
        "chunks": "chunk 68719477337 (source app.log): holds 0 rows, not 20",
        "chunk_template":
          "chunk 68719477337 (source app.log): template 1 counts 16, but is used by 0 rows",
        "patterns":
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 496 lines stored",
      ]
    ) { columns in columns = Array("[[],[],{}]".utf8) },
    .columns(
      "a time that overflows",
      [
        "chunks": "chunk 68719477337 (source app.log): row 0 has a time that cannot be",
        "patterns": "not compared with the lines: chunk 68719477337 (source app.log) holds rows",
      ]
    ) { columns in
      let steps = try #require(columns.firstRange(of: Array("],[".utf8))).upperBound
      let end = try #require(columns[steps...].firstIndex(of: comma))
      columns.replaceSubrange(steps..<end, with: Array("99999999999999999".utf8))
    },
  ]

  /// Behind the last value of the first column.
  private static func lastOfFirstColumn(_ columns: [UInt8]) throws -> Int {
    let start = try #require(columns.firstRange(of: Array(":[[".utf8))).upperBound
    return try #require(columns[start...].firstIndex(of: closing))
  }
}

private let closing = UInt8(ascii: "]")
private let comma = UInt8(ascii: ",")
