extension Damage {
  /// Skeletons, and what patterns they are of.
  static let patterns: [Damage] = [
    Damage(
      "a skeleton's text", sql: "UPDATE skeleton SET text = text || '!' WHERE \(error)",
      [
        "patterns": "skeleton 2220123832750374: its text has the id "
      ]),
    Damage(
      "a skeleton's pattern",
      sql: "UPDATE skeleton SET pattern = 932024699150148 WHERE \(error)",
      [
        "patterns":
          "skeleton 2220123832750374: is of pattern 932024699150148, but belongs to 2220123832750374",
        "templates": "template 2: its pattern 2220123832750374 is not that of its skeleton",
      ]),
    Damage(
      "a template's pattern", sql: "UPDATE template SET pattern = 932024699150148 WHERE id = 2",
      [
        "templates": "template 2: its pattern 932024699150148 is not that of its skeleton"
      ]),
    Damage(
      "a pattern pinned by nobody", sql: "INSERT INTO pattern_pin VALUES ('<*>')",
      [
        "patterns": "skeleton 932024699150148: is of pattern 932024699150148, but belongs to "
      ]),
    Damage(
      "a skeleton's count",
      sql: "UPDATE skeleton_source SET count = count + 1 WHERE source = 2 AND level = 5",
      [
        "patterns": "pattern 2220123832750374: count is 66, but its skeletons have 67"
      ]),
    Damage(
      "an hour's count",
      sql: "UPDATE skeleton_hour SET count = count + 1 WHERE source = 2 AND level = 5",
      [
        "patterns":
          "skeleton 2220123832750374 (source access.log, error level): skeleton_hour does not have"
      ]),
    Damage(
      "lines of an hour in other minutes",
      sql:
        "UPDATE skeleton_hour SET m00 = m05, m05 = m00, m25 = m30, m30 = m25 WHERE source = 2 AND level = 5",
      [
        "patterns":
          "skeleton 2220123832750374 (source access.log, error level): skeleton_hour does not have"
      ]),
    Damage(
      "a skeleton's first time",
      sql: "UPDATE skeleton_source SET first_us = first_us + 1 WHERE source = 2 AND level = 5",
      [
        "patterns": "skeleton 2220123832750374 (source access.log, error level): from "
      ]),
  ]

  private static let error = "id = 2220123832750374"
}
