import Configuration
import Glibc
import Ingestion
import LogModel
import Reporting
import Retention
import Storage
import Tailing

// `ingest --follow`: the same run again and again, when something has changed, or after a while.

extension Ingest {
  /// Milliseconds to collect what is written: a busy log does not make a run of every line.
  private static let settling = 1000

  /// Ends with SIGTERM or SIGINT, when what was read is stored.
  func follow(_ globals: GlobalOptions) throws -> ExitStatus {
    let wakeup = Interruption.installWaking()
    var workspace = try Workspace(globals)
    var requests = try self.requests(workspace)
    let service = ServiceNotification()
    var watch = DirectoryWatch()
    var complaint = ""
    var isReady = false
    var isToBeTold = true
    while !Interruption.isRequested {
      let followed = FollowedFiles(requests, own: workspace.ownPaths)
      watch.watch(followed.folders)
      do {
        try round(requests, workspace, &complaint)
      } catch {
        // Nothing of a round that broke off is stored: the next one reads it.
        if Interruption.isRequested, case StorageError.interrupted = error { break }
        let failure = Failure(error)
        // What is wrong from the beginning is for a person; later it may pass.
        guard isReady || failure.status == .locked else { throw failure }
        complain(failure, &complaint)
      }
      if isToBeTold { service.ready("following \(counted(followed.files.count, "file"))") }
      (isReady, isToBeTold) = (true, false)
      if !Interruption.isRequested {
        let end = watch.wait(
          milliseconds: Int(pause(workspace).milliseconds), wakeup: wakeup,
          matters: followed.matters)
        // What comes in this time is read with what has come.
        if end == .changed {
          _ = watch.wait(milliseconds: Self.settling, wakeup: wakeup) { _, _ in false }
        }
      }
      drain(wakeup)
      guard Interruption.takeReload() else { continue }
      service.reloading()
      isToBeTold = true
      do {
        let new = try Workspace(globals)
        (requests, workspace) = (try self.requests(new), new)
      } catch {
        complain(Failure(error), &complaint)
      }
    }
    service.stopping()
    return .success
  }

  /// How long nothing need be noticed before the next round: a host is looked at more often, perhaps.
  private func pause(_ workspace: Workspace) -> Duration {
    let hosts = paths.isEmpty ? workspace.configuration?.hosts ?? [] : []
    return hosts.reduce(interval) { min($0, max($1.interval, .seconds(1))) }
  }

  /// Tells what was read, and what is wrong unless it was told already.
  private func round(
    _ requests: [IngestRequest], _ workspace: Workspace, _ complaint: inout String
  ) throws {
    let started = currentTime()
    let (summary, pruning) = try ingest(requests, workspace, IngestProgress())
    let pruned = try? pruning.get()
    let failures =
      summary.problems.map { Failure($0) } + summary.limitHits.map { Failure($0) }
      + summary.overflowing.map { Failure(overflowing: $0) }
      + (pruned.map { Failure.problems(of: $0) } ?? [])
    let text = failures.map(\.message).joined(separator: "\n")
    if text != complaint { for failure in failures { StandardError.write(failure) } }
    complaint = text
    if summary.records > 0 || summary.sync != nil || pruned != nil {
      summary.writeRound(outputFormat, duration: currentTime() - started, pruned: pruned)
    }
    if case .failure(let error) = pruning, !(error is PruneCancelled) { throw error }
  }

  private func complain(_ failure: Failure, _ complaint: inout String) {
    if failure.message != complaint { StandardError.write(failure) }
    complaint = failure.message
  }

  private func drain(_ wakeup: Int32) {
    var bytes = [UInt8](repeating: 0, count: 64)
    while unsafe read(wakeup, &bytes, bytes.count) > 0 {}
  }
}

/// What is to be read of, as the kernel names it.
private struct FollowedFiles {
  private(set) var folders: Set<Path> = []
  private(set) var files: Set<Path> = []
  private let own: Set<Path>

  init(_ requests: [IngestRequest], own: [Path]) {
    self.own = Set(own.map { $0.directory.real?.appending($0.name) ?? $0 })
    for request in requests {
      let expansion = PathExpansion(of: request.paths, excluding: request.exclude)
      folders.formUnion(expansion.folders.compactMap(\.real))
      folders.formUnion(request.paths.compactMap(\.directory.real))
      for match in expansion.files {
        // Where a link leads to.
        guard let file = match.path.real else { continue }
        files.insert(file)
        folders.insert(file.directory)
      }
    }
  }

  /// Whether a run may find something new for it.
  func matters(_ file: Path, isWrite: Bool) -> Bool {
    isWrite ? files.contains(file) : !own.contains(file)
  }
}
