import ArgumentParsing
import Glibc
import LogModel
import Reporting
import SQLite
import Storage
import Verification

struct Backup: Command {
  static let name = "backup"
  static let abstract = "Copy the database, whole and compact, while others use it."
  static let discussion = """
    FILE is the database as it was at one moment, without free pages, and needs no file beside it. It is \
    checked, its pages and its lines, and only then gets its name. A key of hashes (logbook.db.key) is not copied.
    """
  static let arguments: [Argument<Self>] = [
    .one("FILE", help: "Where the copy goes.", sets: \.path)
  ]
  static let options: [Option<Self>] = [
    .flag("force", help: "Replace FILE if it is there.", sets: \.replaces)
  ]
  static let examples = [("logbook backup /backup/logbook-monday.db --force", "one a weekday")]
  var path = ""
  var replaces = false

  func run(_ globals: GlobalOptions) throws -> ExitStatus {
    Interruption.install()
    let workspace = try Workspace(globals)
    let store = try workspace.openForReading()
    let file = try workspace.newFile(path, replaces: replaces)
    store.db.setInterruptHandle(Interruption.handle)
    try store.wrap { db throws(SQLiteError) in try db.run("VACUUM INTO ?", file.partial) }
    try Self.check(file.partial)
    var status = stat()
    unsafe fstat(file.descriptor, &status)
    try file.finish()
    let sink = TextSink(descriptor: STDOUT_FILENO)
    sink.write("\(path): \(ByteCount(Int64(status.st_size)))\n")
    sink.flush()
    return .success
  }

  private static func check(_ path: String) throws {
    let copy = try Store.openForReading(path: path)
    copy.db.setInterruptHandle(Interruption.handle)
    guard let damage = try Verifier.damage(in: copy) else { return }
    throw Failure(
      "the copy is damaged, and not kept: \(damage)", hint: "see 'logbook verify'",
      status: .inputOutput)
  }
}
