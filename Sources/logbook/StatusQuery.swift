/// What `status` asks; how much more the files hold is seen on disk.
enum StatusQuery {
  static let sources = """
    SELECT s.name AS source,
      (SELECT count(*) FROM file f WHERE f.source = s.id AND f.state IN ('active', 'finished', 'error')) AS files,
      coalesce(f.lines, 0) AS lines, coalesce(c.records, 0) AS records, coalesce(f.bytes, 0) AS bytes,
      0 AS lag_bytes,
      strftime('%Y-%m-%dT%H:%M:%S', c.last_us/1000000, 'unixepoch') || '.'
        || substr(1000000 + c.last_us%1000000, 2) || 'Z' AS last_line,
      (SELECT error FROM file f WHERE f.source = s.id AND error IS NOT NULL ORDER BY seen_us DESC LIMIT 1)
        AS last_error,
      coalesce(f.rejects, 0) AS rejects, coalesce(f.lost_bytes, 0) AS lost_bytes,
      coalesce(f.hole_bytes, 0) AS hole_bytes, coalesce(f.cut_bytes, 0) AS cut_bytes,
      coalesce(f.sanitized, 0) AS sanitized, coalesce(f.damaged, 0) AS damaged,
      0 AS lag_s, round(1.0 - 1.0 * f.unparsed / f.lines, 4) AS parsed, coalesce(r.lines, 0) AS pruned, s.id
    FROM source s
      LEFT JOIN (SELECT source, sum(count) - coalesce(sum(t.lines), 0) AS records, max(max_us) AS last_us
          FROM chunk LEFT JOIN thinned t ON t.chunk = first_id GROUP BY source) c
        ON c.source = s.id
      LEFT JOIN (SELECT source, sum(lines) AS lines, sum(bytes_stored + bytes_skipped + open_bytes) AS bytes,
          sum(rejects) AS rejects, sum(lost_bytes) AS lost_bytes, sum(unparsed) AS unparsed,
          sum(bytes_skipped - bytes_cut) AS hole_bytes, sum(bytes_cut) AS cut_bytes,
          sum(sanitized) AS sanitized, sum(compression IS NOT NULL AND error IS NOT NULL) AS damaged
        FROM file GROUP BY source) f
        ON f.source = s.id
      LEFT JOIN retention r ON r.source = s.id
    ORDER BY s.name
    """

  static let files = """
    SELECT s.name AS source, CAST(f.path AS TEXT) AS path, f.state, f.lines,
      f.bytes_stored + f.bytes_skipped + f.open_bytes AS bytes, 0 AS lag_bytes,
      strftime('%Y-%m-%dT%H:%M:%S', f.last_us/1000000, 'unixepoch') || '.'
        || substr(1000000 + f.last_us%1000000, 2) || 'Z' AS last_line,
      f.error AS last_error, f.rejects, f.lost_bytes, f.bytes_skipped - f.bytes_cut AS hole_bytes,
      f.bytes_cut AS cut_bytes, f.sanitized, f.compression IS NOT NULL AND f.error IS NOT NULL AS damaged,
      0 AS lag_s, round(1.0 - 1.0 * f.unparsed / f.lines, 4) AS parsed, f.id
    FROM file f JOIN source s ON s.id = f.source
    WHERE f.state IN ('active', 'finished', 'error', 'copy')
    ORDER BY s.name, f.id
    """

  static let sizes = """
    SELECT name, sum(pgsize) AS bytes, sum(pgsize - unused) AS used_bytes,
      round(1.0 * sum(pgsize) / (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size), 4) AS share
    FROM dbstat GROUP BY name
    UNION ALL
    SELECT 'free pages', freelist_count * page_size, 0, round(1.0 * freelist_count / page_count, 4)
    FROM pragma_freelist_count, pragma_page_size, pragma_page_count
    ORDER BY bytes DESC, name
    """
}
