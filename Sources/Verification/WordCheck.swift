import LineStore
import SQLite

/// `chunk_word` denies no word that a row holds.
///
/// A filter may be missing: then searches open the chunk.
struct WordCheck {
  private(set) var faults = Faults()
  private var filters = 0

  var check: Check { faults.check("chunk_word", scope: counted(filters, "filter")) }

  /// `text` are the rows of the chunk, which have been read to their end.
  mutating func run(
    _ chunk: Int64, _ text: Span<UInt8>, _ templates: TemplateIndex, _ places: Places,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    do throws(SQLiteError) {
      if let fault = try fault(chunk, text, templates, db) {
        faults.add("\(places.chunk(chunk)): \(fault)")
      }
    } catch {
      guard error.isDamage else { throw error }
      faults.add("\(places.chunk(chunk)): \(error.message)")
    }
  }

  private mutating func fault(
    _ chunk: Int64, _ text: Span<UInt8>, _ templates: TemplateIndex, _ db: borrowing Connection
  ) throws(SQLiteError) -> String? {
    var row = try db.prepare("SELECT bits FROM chunk_word WHERE chunk = ?")
    try row.bind(1, chunk)
    guard try row.step() else { return nil }
    filters += 1
    let keys = WordKeys(rows: text, seams: templates.seams)
    if keys.touchTime { return "has a filter, though words touch its times" }
    let missing = WordFilter.missing(keys, in: row.bytes(0))
    return missing > 0 ? "its filter denies \(counted(missing, "word"))" : nil
  }
}
