import Testing

extension Damage {
  /// Rows that the writer would never write, under a checksum that fits.
  static let rows: [Damage] = [
    .row(
      "NUL", "\\u0000",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds NUL, where the line would end"]),
    .row(
      "the mark of the time", "\\u0001",
      [
        "chunks":
          "chunk 68719477337 (source app.log): row 3 holds the mark of the time in a parameter"
      ]),
    .row(
      "a number where a character would do", "\\u0041",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds a malformed string"]),
    .row(
      "an unknown escape", "\\x41",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds a malformed string"]),
    .row(
      "a byte that must be escaped", "\u{2}",
      ["chunks": "chunk 68719477337 (source app.log): row 3 holds a malformed string"]),
    .row(
      "a quote", "\"",
      [
        "chunks": "chunk 68719477337 (source app.log): its rows are malformed after the first 3",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]),
    .row(
      "a quote and a letter", "\"x",
      [
        "chunks": "chunk 68719477337 (source app.log): its rows are malformed after the first 3",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]),
    .rows(
      "a byte that is not UTF-8",
      ["chunks": "chunk 68719477337 (source app.log): byte 80 of its rows is not UTF-8"]
    ) { rows in
      let index = try #require(rows.firstIndex(of: quote))
      rows.insert(0xFF, at: index + 1)
    },
    .rows(
      "a parameter too many",
      [
        "chunks":
          "chunk 68719477337 (source app.log): row 0 has 4 parameters, template 1 has 3 holes"
      ]
    ) { rows in
      let index = try #require(rows.firstIndex(of: closing))
      rows.insert(contentsOf: Array(",7".utf8), at: index)
    },
    .rows(
      "a parameter that is no number",
      ["chunks": "chunk 68719477337 (source app.log): row 0 holds a malformed number"]
    ) { rows in
      let index = try #require(rows.firstIndex(of: closing))
      rows.replaceSubrange(index - 1..<index, with: Array("true".utf8))
    },
    .rows(
      "a number with a zero before it",
      ["chunks": "chunk 68719477337 (source app.log): row 0 holds a malformed number"]
    ) { rows in
      let index = try #require(rows.firstIndex(of: closing))
      let comma = try #require(rows[..<index].lastIndex(of: comma))
      rows.insert(UInt8(ascii: "0"), at: comma + 1)
    },
    .rows(
      "a template with a zero before it",
      ["chunks": "chunk 68719477337 (source app.log): row 0 holds a malformed number"]
    ) { rows in
      let comma = try #require(rows.firstIndex(of: comma))
      rows.insert(UInt8(ascii: "0"), at: comma + 1)
    },
    .rows(
      "a row that is neither an array nor null nor a number of lines",
      [
        "chunks":
          "chunk 68719477337 (source app.log): row 0 is neither an array nor null nor a number of lines"
      ]
    ) { rows in
      rows.insert(contentsOf: Array("nope,".utf8), at: 1)
    },
    .rows(
      "a row too many",
      [
        "chunks": "chunk 68719477337 (source app.log): holds 21 rows, not 20",
        "lines": "chunk 68719477337 (source app.log): 1 line gone, 0 noted",
      ]
    ) { rows in rows.insert(contentsOf: Array("null,".utf8), at: 1) },
    .rows(
      "bytes behind the rows",
      [
        "chunks": "chunk 68719477337 (source app.log): its rows are malformed after the first 20",
        "chunk_template": "chunk 68719477337 (source app.log): its rows cannot be read",
        "patterns":
          "not compared with the lines: chunk 68719477337 (source app.log) cannot be read",
      ]
    ) { rows in rows.append(0x20) },
    .rows(
      "no rows",
      [
        "chunks": "chunk 68719477337 (source app.log): holds 0 rows, not 20",
        "chunk_template":
          "chunk 68719477337 (source app.log): template 1 counts 16, but is used by 0 rows",
        "patterns":
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 496 lines stored",
      ]
    ) { rows in rows = Array("[]".utf8) },
    .rows(
      "a time that overflows",
      [
        "chunks": "chunk 68719477337 (source app.log): row 0 has a time that cannot be",
        "patterns": "not compared with the lines: chunk 68719477337 (source app.log) holds rows",
      ]
    ) { rows in
      rows.insert(contentsOf: Array("999999999999".utf8), at: 2)
    },
  ]
}

private let quote = UInt8(ascii: "\"")
private let closing = UInt8(ascii: "]")
private let comma = UInt8(ascii: ",")
