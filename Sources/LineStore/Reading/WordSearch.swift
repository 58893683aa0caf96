import LogModel
import SQLite

/// One word that every message wanted holds, asked of the chunks' filters before they are read.
///
/// What it rules out does not hold the word; what it lets through may.
struct WordSearch {
  private let key: UInt64
  /// Chunks with templates that hold the word in their constant text.
  private let chunksOfConstants: Set<Int64>
  /// Layouts whose times can be the word.
  private let layoutsOfTimes: Set<Int64>

  /// For the sorted `chunks`; nil for a word that no filter knows.
  init?(
    _ word: [UInt8], _ catalog: StoreCatalog, among chunks: [Int64], _ db: borrowing Connection
  ) throws(SQLiteError) {
    guard let key = WordKeys.key(word.span) else { return nil }
    self.key = key
    layoutsOfTimes = Set(
      catalog.layouts.filter { TimeMask.all(of: $0.value).contains { $0.isWord(word) } }.keys)
    chunksOfConstants = try ChunkSelection.holding(
      catalog.templates(holding: word), among: chunks, db)
  }

  func mayOpen(_ chunk: Int64, _ db: borrowing Connection) throws(SQLiteError) -> Bool {
    if chunksOfConstants.contains(chunk) { return true }
    if !layoutsOfTimes.isEmpty {
      let layout = try db.integer("SELECT layout FROM chunk WHERE first_id = ?", chunk)
      guard let layout, !layoutsOfTimes.contains(layout) else { return true }
    }
    var statement = try db.prepare("SELECT bits FROM chunk_word WHERE chunk = ?")
    try statement.bind(1, chunk)
    return try !statement.step() || WordFilter.mayHold(key, statement.bytes(0))
  }
}
