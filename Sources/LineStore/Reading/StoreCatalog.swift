import LogModel
import SQLite

/// The templates, time layouts and sources of a store, as one snapshot has them.
///
/// The constant text of all templates stands in one array: rendering a line touches no other memory.
final class StoreCatalog: Sendable {
  struct Template {
    var id: Int64
    var pattern: Int64
    var skeleton: Int64
    /// The raw value of a `Severity`; 0 for none.
    var level: UInt8
    /// Which piece is the time; -1 for none.
    var timePiece: Int
    /// How many holes there are, the time among them.
    var pieces: Int
    var textStart: Int
    /// Segment `k`, the constant text before piece `k`, ends at `ends[firstEnd + k]`.
    var firstEnd: Int
  }

  struct Source {
    var name: String
    var format: String?
    /// Its place among the sources in the order of their names.
    var rank = 0
  }

  // Constants: what changes in a class is guarded at each access.
  let templates: [Template]
  let layouts: [Int64: TimeLayout]
  let sources: [Int64: Source]
  /// The constant text of all templates.
  let constants: [UInt8]
  private let ends: [Int]
  /// At each id, which are dense, the index + 1 of its template; 0 for none.
  private let places: [Int32]
  private static let maxID: Int64 = 1 << 22

  init(reading db: borrowing Connection) throws(SQLiteError) {
    var templates: [Template] = []
    var constants: [UInt8] = []
    var ends: [Int] = []
    var places: [Int32] = []
    var statement = try db.prepare(
      "SELECT id, pattern, coalesce(level, 0), timed, text, skeleton FROM template ORDER BY id")
    while try statement.step() {
      let stored = StoredTemplate(
        id: statement.integer(0), pattern: statement.integer(1),
        level: UInt8(truncatingIfNeeded: statement.int(2)), timed: statement.int(3) != 0,
        text: statement.bytes(4))
      guard stored.id >= 0 && stored.id < Self.maxID else { continue }
      templates.append(
        Template(
          id: stored.id, pattern: stored.pattern, skeleton: statement.integer(5),
          level: stored.level,
          timePiece: stored.timePiece,
          pieces: stored.segments.count - 1, textStart: constants.count, firstEnd: ends.count))
      for segment in stored.segments {
        constants.append(contentsOf: segment)
        ends.append(constants.count)
      }
      while places.count <= Int(stored.id) { places.append(0) }
      places[Int(stored.id)] = Int32(templates.count)
    }
    self.templates = templates
    self.constants = constants
    self.ends = ends
    self.places = places
    layouts = try Self.layouts(db)
    sources = try Self.sources(db)
  }

  private static func layouts(
    _ db: borrowing Connection
  ) throws(SQLiteError) -> [Int64: TimeLayout] {
    var layouts: [Int64: TimeLayout] = [:]
    var statement = try db.prepare(
      "SELECT id, kind, sep, point, digits, offset_s, suffix FROM layout")
    while try statement.step() {
      // What cannot be rendered is left out: chunks that name it are damaged.
      guard statement.int(1) <= 5, statement.int(4) <= 6, abs(statement.int(5)) <= 1_000_000
      else { continue }
      layouts[statement.integer(0)] = TimeLayout(statement, from: 1)
    }
    return layouts
  }

  private static func sources(_ db: borrowing Connection) throws(SQLiteError) -> [Int64: Source] {
    var sources: [Int64: Source] = [:]
    var statement = try db.prepare("SELECT id, name, format FROM source ORDER BY name")
    while try statement.step() {
      sources[statement.integer(0)] = Source(
        name: statement.text(1), format: statement.optionalText(2), rank: sources.count)
    }
    return sources
  }

  /// The place in `templates` of the one with this id.
  func index(ofTemplate id: Int64) -> Int? {
    guard id >= 0 && id < places.count, places[Int(id)] > 0 else { return nil }
    return Int(places[Int(id)]) - 1
  }

  /// The ids of the templates whose constant text holds `bytes`, which are not empty.
  func templates(holding bytes: [UInt8]) -> [Int64] {
    let constants = self.constants
    guard constants.span.contains(bytes) else { return [] }
    var found: [Int64] = []
    for template in templates {
      for piece in 0...template.pieces
      where constants.span.extracting(segment(template, piece)).contains(bytes) {
        found.append(template.id)
        break
      }
    }
    return found
  }

  func rank(ofSource id: Int64) -> Int { sources[id]?.rank ?? -1 }

  /// Where in `constants` the text before piece `piece` stands, or that at the end.
  func segment(_ template: Template, _ piece: Int) -> Range<Int> {
    let start = piece == 0 ? template.textStart : ends[template.firstEnd + piece - 1]
    return start..<ends[template.firstEnd + piece]
  }
}
