extension Damage {
  /// Files, extents and sources.
  static let places: [Damage] = [
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
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 513 lines stored",
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
      "bytes cut off that were not skipped", sql: "UPDATE file SET bytes_cut = 9 WHERE id = 4",
      [
        "offsets": "file 4 (/var/log/access.log): 9 bytes cut off, but 0 skipped"
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
      "the origin of a file", sql: "UPDATE file SET origin = 99 WHERE id = 4",
      [
        "offsets":
          "file 4 (/var/log/access.log): its first 812 bytes are of file 99, which does not exist"
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
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 513 lines stored",
      ]),
    Damage(
      "an open line closed",
      sql:
        "UPDATE file SET (open_line, open_bytes, open_lines, open_anchor_length) = (NULL, 0, 0, 0) WHERE id = 2",
      [
        "extents":
          "extent 68719477377 holds bytes 1314 to 1382 of file 2 (/var/log/app.log), which was read from 0 to",
        "patterns":
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 513 lines stored",
      ]),
    Damage(
      "an open line elsewhere", sql: "UPDATE file SET open_line = open_line - 1 WHERE id = 2",
      [
        "extents":
          "extent 68719477377 holds bytes 1314 to 1382 of file 2 (/var/log/app.log), which was read from 0 to",
        "patterns":
          "skeleton 932024699150148 (source app.log, info level): counts 512, but 513 lines stored",
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
        "integrity": "chunk ",
        "chunks": "chunk 137438953473 (source 2): its source does not exist",
        "lines":
          "lines 137438953473 to 137438953492 (source 2): stored, but there is no such source",
      ]),
  ]
}
