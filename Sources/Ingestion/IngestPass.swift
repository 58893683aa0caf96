import LogModel
import SQLite
import Storage
import Tailing

// One look at all files: each that is due is read, those that are gone are marked.

extension IngestRun {
  mutating func read(
    _ due: [Candidate], _ survey: borrowing Survey, _ store: borrowing Store
  ) throws {
    paths.merge(survey.paths) { $1 }
    presence = [:]
    replaced = Dictionary(survey.gone.map { ($0.path, $0) }) { $1 }
    bytesDue += due.reduce(0) { $0 + $1.status.size }
    // A file that was moved into another folder stays among those that it was written with.
    var groups: [Int64: [Candidate]] = [:]
    var order: [Int64] = []
    for candidate in due {
      let group = try survey.source(of: candidate) ?? source(of: candidate, store)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(candidate)
    }
    if limits.isLimited {
      let sizes = groups.mapValues { $0.reduce(0) { $0 + survey.unread($1) } }
      order.sort { (sizes[$0] ?? 0, $0) < (sizes[$1] ?? 0, $1) }
    }
    for (index, group) in order.enumerated() {
      budget.begin(families: order.count - index, now: clock())
      let files = FileOrder.sorted(groups[group] ?? [], requests)
      for candidate in files {
        let key = Survey.FileKey(device: candidate.status.device, inode: candidate.status.inode)
        if budget.allowance(now: clock) == 0 {
          summary.lagBytes += survey.unread(candidate)
          isStopped = true
          continue
        }
        visited.insert(key)
        // A file that never stands still is for the next run.
        if rewrites[key, default: 0] > 2 { continue }
        do {
          try read(candidate, store)
        } catch let error as RewrittenFile {
          rewrites[key, default: 0] += 1
          throw error
        } catch let error as FileError {
          // It went between the look and the opening; the next run sees where to.
          if !error.isMissing { summary.problems.append(.unreadable(candidate.path, error)) }
        } catch let error as SourceError {
          summary.problems.append(.failed(candidate.path, error))
        }
        bytesDone += candidate.status.size
        progress(min(bytesDone, bytesDue), bytesDue)
      }
      try closeSource()
      try endArchives(store)
      if isBatchFull { try commit(store) }
    }
  }

  /// What no file of their families has taken over by now ends with the archives.
  private mutating func endArchives(_ store: borrowing Store) throws {
    guard !isStopped else { return }
    for id in openArchives {
      guard let row = try row(id, store) else { continue }
      var ended = row
      try giveUpTexts(of: &ended, store)
      guard ended != row else { continue }
      batch.adopt(row)
      batch.update(ended)
    }
    openArchives = []
  }

  /// Reads standard input, or what was emitted, to its end, as a generation of its own.
  mutating func readStandardInput(_ request: Int, _ store: borrowing Store) throws {
    do {
      let emitted = requests[request].emitted
      let descriptor = try emitted == nil ? FileDescriptor.standardInput() : .empty()
      let status = try descriptor.status()
      let candidate = Candidate(
        path: standardInput, status: status, request: request, isExplicit: true)
      let bytes = try ByteSource(descriptor, behind: emitted?.text)
      try read(stream: bytes, candidate, store)
      batch.rows.emitted += emitted?.ids ?? []
    } catch let error as FileError {
      summary.problems.append(.unreadable(standardInput, error))
    } catch let error as SourceError {
      summary.problems.append(.failed(standardInput, error))
    }
    try closeSource()
    try commit(store)
  }

  mutating func markMissing(_ known: FileRow, _ store: borrowing Store) throws {
    // A copy may have taken the row over; then it is at a path again.
    guard let row = try row(known.id, store), row.device == known.device,
      row.inode == known.inode, row.state != .superseded
    else { return }
    if let copy = try equalCopy(of: row, store) { return try move(row, to: copy, store) }
    var gone = row
    gone.state = .missing
    if row.state == .active, gone.compression == nil {
      gone.lostBytes = max(0, gone.size - gone.offset - gone.openBytes)
    }
    try closeOpenRecord(&gone, store)
    try giveUpTexts(of: &gone, store)
    batch.adopt(row)
    batch.update(gone)
    report(gone)
  }

  /// A file that is still there and holds all that is stored of `row`, and no more.
  func equalCopy(of row: FileRow, _ store: borrowing Store) throws -> FileRow? {
    guard row.state != .copy else { return nil }
    return try copies(of: row, store).first {
      guard $0.start == Int64(row.storedEnd), let status = try? FileStatus(of: $0.path) else {
        return false
      }
      return status.inode == $0.inode && status.device == $0.device && status.isSame(as: $0)
    }
  }

  /// The generation lives on in its copy, which may be the file that is written to.
  mutating func move(
    _ row: FileRow, to copy: FileRow, _ store: borrowing Store
  ) throws {
    var moved = row
    if copy.compression != nil { try closeOpenRecord(&moved, store) }
    moved.take(placeOf: copy)
    batch.adopt(row)
    batch.update(moved)
    abandon(copy)
  }

  /// The rest of a file is for the next run.
  mutating func leave(_ candidate: Candidate, _ row: FileRow) {
    isStopped = true
    // How much an archive still holds, only inflating it would show.
    let left = row.compression == nil ? row.size - row.offset : row.size
    summary.lagBytes += max(0, left)
  }

  /// Forgets generations that are long gone and of which nothing is stored.
  mutating func forget(_ scope: Scope, _ store: borrowing Store) throws {
    guard !isDryRun, committed != nil || !batch.isEmpty else { return }
    let rows = try store.wrap { db throws(SQLiteError) in
      try FileTable().forgettable(before: now - limits.forgetAfter, in: db)
    }
    for row in rows where scope.covers(row.path) {
      guard (try? FileStatus(of: row.path.directory))?.kind == .directory else { continue }
      batch.rows.forgotten.append(row.id)
    }
  }

  mutating func report(_ row: FileRow) {
    guard row.lostBytes > 0 else { return }
    summary.lostBytes += row.lostBytes
    summary.problems.append(.lost(row.path, bytes: row.lostBytes))
  }

  /// The record is complete as it stands, and nothing follows.
  mutating func closeOpenRecord(_ row: inout FileRow, _ store: borrowing Store) throws {
    if let line = row.openLine {
      try readClosedRecord(&row, store)
      row.closeOpenRecord()
      batch.rows.closed.append(line)
    }
  }
}
