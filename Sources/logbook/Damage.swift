import LineStore
import SQLite
import Storage

/// A chunk that cannot be read, and what is to be done about it.
struct Damage {
  let text: String
  let remedy: String

  init(chunk: Int64, message: String, _ db: borrowing Connection) throws(SQLiteError) {
    let name = try db.text("SELECT name FROM source WHERE id = ?", chunk >> 36) ?? ""
    text = "\(name): \(message)"
    remedy =
      "'logbook sources reingest \(shellWord(name))' reads again what its files hold, or restore a backup"
  }

  /// The first chunk of events of errors that cannot be read.
  static func ofEvents(_ db: borrowing Connection) throws(SQLiteError) -> Damage? {
    var row = try db.prepare("SELECT first_id FROM error_chunk ORDER BY 1")
    while try row.step() {
      let chunk = row.integer(0)
      do throws(SQLiteError) {
        _ = try ErrorPruning().count(chunk: chunk, before: .min, in: db)
      } catch {
        guard error.isCorrupt else { throw error }
        return try Damage(chunk: chunk, message: error.message, db)
      }
    }
    return nil
  }
}

/// Runs what reads events by SQL, which does not say where they are damaged.
func namingDamage<Result>(
  in db: borrowing Connection, _ body: (borrowing Connection) throws -> Result
) throws -> Result {
  do { return try body(db) } catch let error as SQLiteError {
    guard error.isOfInflating, let damage = try Damage.ofEvents(db) else { throw error }
    throw Failure(damage.text, hint: damage.remedy, status: .inputOutput)
  }
}
