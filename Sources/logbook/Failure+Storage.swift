import Glibc
import SQLite
import Storage

extension Failure {
  init(_ error: StorageError) {
    switch error {
    case .missing(let path):
      self.init(
        place: path, isWritten: false, otherwise: "there is no database \(path)",
        hint: "make one with 'logbook ingest PATH', or name another with --db")
    case .notADatabase(let path):
      self.init(
        "\(path) is not a database, or is damaged", hint: "name another file with --db",
        status: .inputOutput)
    case .damaged(let path, let error):
      self.init(
        "\(path): \(error.message)", hint: "see 'logbook status'", status: .inputOutput)
    case .foreign(let path):
      self.init(
        "\(path) is a database of another program", hint: "name another file with --db",
        status: .inputOutput)
    case .newerSchema(let path, let found, let known):
      self.init(
        "\(path) was made by a newer logbook (schema \(found), this one knows \(known))",
        hint: "update logbook", status: .inputOutput)
    case .olderSchema(let path, let found, let known):
      self.init(
        "\(path) has schema \(found) of \(known)", hint: "run 'logbook migrate'",
        status: .inputOutput)
    case .cannotOpen(let path, let code):
      self.init(place: path, isWritten: true, otherwise: "cannot open \(path): \(text(code))")
    case .cannotLock(let path, let code):
      self.init(place: path, isWritten: true, otherwise: "cannot lock \(path): \(text(code))")
    case .locked(let path):
      self.init("another run is writing: \(path) is locked", status: .locked)
    case .interrupted:
      self.init(
        "interrupted while another run was writing; what was committed stays",
        status: .signal(Interruption.signal))
    case .diskFull(let path):
      self.init(
        "the disk is full: \(path) could not grow",
        hint: "make room and run again; nothing is lost and nothing will be doubled",
        status: .inputOutput)
    case .readOnly(let path):
      self.init(
        place: path, isWritten: true, otherwise: "cannot write \(path)",
        hint: "name another file with --db")
    case .database(let path, let error):
      self.init("\(path): \(error.message)", status: .inputOutput)
    }
  }

  /// What kept a reader from opening a store, who need not be able to write.
  init(reading error: StorageError) {
    switch error {
    case .readOnly(let path): self.init(unreadable: path, error)
    case .olderSchema(let path, found: 0, _):
      self.init(
        "\(path) is empty: nothing has been stored yet",
        hint: "make it with 'logbook ingest PATH'; where that is going on, try again in a moment",
        status: .inputOutput)
    case .database(let path, let reason) where reason.primaryCode == cannotOpen:
      self.init(unreadable: path, error)
    case .database(let path, _) where refusal(path + "/.", F_OK) == nil:
      self.init(place: path, isWritten: false, otherwise: "")
    default: self.init(error)
    }
  }

  private init(unreadable path: String, _ error: StorageError) {
    let folder = folder(of: path)
    if let reason = refusal(path, R_OK) {
      self.init("cannot read \(path): \(reason)", status: .inputOutput)
    } else if refusal(folder, W_OK) != nil, refusal(path + "-shm", F_OK) != nil {
      // SQLite reads a write-ahead log through this file, and cannot make it.
      self.init(
        "cannot read \(path): \(path)-shm is missing, and \(folder) is not writable",
        hint: "run 'logbook ingest' once as the owner, or copy the file", status: .inputOutput)
    } else {
      self.init(error)
    }
  }

  /// A folder that is missing, or in which nothing can be made, says more about a file that could not
  /// be opened than `message`.
  private init(
    place path: String, isWritten: Bool, otherwise message: String, hint: String? = nil
  ) {
    let folder = folder(of: path)
    let elsewhere = "name another file with --db"
    if unsafe access(folder, F_OK) != 0, errno == ENOENT {
      self.init(
        "there is no folder \(folder)",
        hint: isWritten ? "mkdir -p \(shellWord(folder)), or \(elsewhere)" : elsewhere,
        status: .inputOutput)
    } else if refusal(path + "/.", F_OK) == nil {
      self.init("\(path) is a folder", hint: elsewhere, status: .inputOutput)
    } else if let reason = refusal(folder + "/.", X_OK) {
      self.init("cannot open folder \(folder): \(reason)", hint: elsewhere, status: .inputOutput)
    } else if isWritten, refusal(path, F_OK) != nil, let reason = refusal(folder, W_OK) {
      self.init("cannot write in \(folder): \(reason)", hint: elsewhere, status: .inputOutput)
    } else {
      self.init(message, hint: hint, status: .inputOutput)
    }
  }
}

/// SQLITE_CANTOPEN.
private let cannotOpen: Int32 = 14

/// Why `path` cannot be used so; nil when it can.
private func refusal(_ path: String, _ mode: Int32) -> String? {
  unsafe access(path, mode) == 0 ? nil : text(errno)
}

private func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

extension Failure {
  /// A warning: the work goes on.
  init(onNetwork fileSystem: String, path: String) {
    self.init(
      "warning: \(path) is on a network file system (\(fileSystem)): readers wait while it is written",
      hint: "a local disk is faster and safer", status: .success)
  }
}
