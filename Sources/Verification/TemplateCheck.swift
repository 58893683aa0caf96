import SQLite

/// A template's columns say what its text says.
struct TemplateCheck {
  /// The view's `format()` takes so many parameters.
  private static let maxHoles = 64
  /// A line stored whole, or in two parts around its time.
  private static let catchAlls: [[UInt8]] = ["%s", "\u{1}%s", "%s\u{1}%s"].map { Array($0.utf8) }

  static func run(_ db: borrowing Connection) throws(SQLiteError) -> Check {
    var faults = Faults()
    var templates = 0
    var row = try db.prepare(
      """
      SELECT t.id, t.holes, t.timed, t.level, t.hash IS NULL, t.text,
        (SELECT k.pattern FROM skeleton k WHERE k.id = t.skeleton), t.pattern,
        t.base, b.holes - 1 = t.holes AND b.timed = t.timed AND b.skeleton = t.skeleton AND b.level IS t.level
      FROM template t LEFT JOIN template b ON b.id = t.base ORDER BY t.id
      """)
    while try row.step() {
      templates += 1
      let id = row.integer(0)
      if row.optionalInteger(6) != row.integer(7) {
        faults.add("template \(id): its pattern \(row.integer(7)) is not that of its skeleton")
      }
      if let base = row.optionalInteger(8), row.optionalInteger(9) != 1 {
        faults.add("template \(id): is no special case of template \(base)")
      }
      if let level = row.optionalInteger(3), !(1...6).contains(level) {
        faults.add("template \(id): level is \(level)")
      }
      if ![0, 1].contains(row.integer(2)) {
        faults.add("template \(id): timed is \(row.integer(2))")
      }
      let text = row.bytes(5)
      guard let parts = parts(of: text) else {
        faults.add("template \(id): a percent sign in its text is neither %s nor %%")
        continue
      }
      if parts.holes != row.int(1) || parts.holes > maxHoles {
        faults.add("template \(id): holes is \(row.int(1)), but its text has \(parts.holes)")
      }
      // A text without a time may hold that byte as itself.
      if row.integer(2) != 0 && parts.marks != 1 {
        faults.add(
          "template \(id): is timed, but its text has \(counted(parts.marks, "mark")) of the time")
      }
      if row.integer(4) != 0 && !catchAlls.contains(where: { isEqual($0, text) }) {
        faults.add("template \(id): has no hash, and is no catch-all")
      }
    }
    return faults.check("templates", scope: counted(templates, "template"))
  }

  /// The number of `%s` and of 0x01; nil where another `%` stands alone.
  private static func parts(of text: Span<UInt8>) -> (holes: Int, marks: Int)? {
    var holes = 0
    var marks = 0
    var index = 0
    while index < text.count {
      if text[index] == 1 { marks += 1 }
      guard text[index] == UInt8(ascii: "%") else {
        index += 1
        continue
      }
      guard index + 1 < text.count else { return nil }
      switch text[index + 1] {
      case UInt8(ascii: "s"): holes += 1
      case UInt8(ascii: "%"): break
      default: return nil
      }
      index += 2
    }
    return (holes, marks)
  }

  private static func isEqual(_ bytes: [UInt8], _ text: Span<UInt8>) -> Bool {
    bytes.count == text.count && bytes.indices.allSatisfy { bytes[$0] == text[$0] }
  }
}
