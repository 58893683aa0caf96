import LineStore
import SQLite

/// Each compressed chunk has a filter in `chunk_word`, and it denies no word that a row holds.
struct WordCheck {
  private(set) var faults = Faults()
  private var filters = 0

  var check: Check { faults.check("chunk_word", scope: counted(filters, "filter")) }

  /// `text` are the rows of the chunk, which have been read to their end.
  mutating func run(
    _ chunk: StoredChunk, _ text: Span<UInt8>, _ templates: TemplateIndex, _ places: Places,
    _ db: borrowing Connection
  ) throws(SQLiteError) {
    do throws(SQLiteError) {
      if let fault = try fault(chunk, text, templates, db) {
        faults.add("\(places.chunk(chunk.id)): \(fault)")
      }
    } catch {
      guard error.isDamage else { throw error }
      faults.add("\(places.chunk(chunk.id)): \(error.message)")
    }
  }

  private mutating func fault(
    _ chunk: StoredChunk, _ text: Span<UInt8>, _ templates: TemplateIndex,
    _ db: borrowing Connection
  ) throws(SQLiteError) -> String? {
    var row = try db.prepare("SELECT bits FROM chunk_word WHERE chunk = ?")
    try row.bind(1, chunk.id)
    guard try row.step() else { return chunk.isCompressed ? "has no filter" : nil }
    filters += 1
    let keys = WordKeys(rows: text, seams: templates.seams)
    let missing = WordFilter.missing(keys, in: row.bytes(0))
    return missing > 0 ? "its filter denies \(counted(missing, "word"))" : nil
  }
}
