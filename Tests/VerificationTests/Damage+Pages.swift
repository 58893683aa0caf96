extension Damage {
  /// Pages of the file.
  static let pages: [Damage] = [
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
        "chunk_word": "not compared: the chunks cannot be listed",
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
        "chunk_word": "not checked: ",
        "extents": "not checked: ",
        "offsets": "not checked: ",
        "lines": "not checked: ",
        "patterns": "not checked: ",
        "line_count": "not checked: ",
        "templates": "not checked: ",
      ]),
    .rootPage(
      "a page of the files", of: "file",
      [
        "integrity": "",
        "chunks": "not checked: ",
        "chunk_template": "not checked: ",
        "chunk_word": "not checked: ",
        "extents": "not checked: ",
        "offsets": "not checked: ",
        "lines": "not checked: ",
        "patterns": "not checked: ",
        "line_count": "not checked: ",
        "templates": "not checked: ",
      ]),
    .rootPage(
      "a page of the filters", of: "chunk_word",
      [
        "integrity": "",
        "chunk_word": "chunk 68719476737 (source app.log): database disk image is malformed",
      ]),
    .rootPage(
      "a page of the counts", of: "skeleton_minute",
      [
        "integrity": "",
        "patterns": "database disk image is malformed",
        "line_count": "database disk image is malformed",
      ]),
  ]
}
