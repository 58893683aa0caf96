import Reporting
import Retention

extension Failure {
  /// What kept retention from doing all that it should, a line each.
  static func problems(of removed: Pruning.Removed) -> [Failure] {
    var failures: [Failure] = []
    if let first = removed.damaged.min(by: { $0.key < $1.key }) {
      let others = removed.damaged.count - 1
      let more = others > 0 ? ", and \(counted(Int64(others), "more chunk"))" : ""
      failures.append(
        Failure(
          "\(first.value)\(more): what is damaged is not removed", hint: "see 'logbook verify'",
          status: .inputOutput))
    }
    if let excess = removed.excess { failures.append(Failure(excess)) }
    return failures
  }

  init(_ excess: Pruning.Excess) {
    self.init(
      "the database cannot be as small as \(ByteCount(excess.size)): without old lines and counts it would take"
        + " \(ByteCount(excess.least)), "
        + (excess.table.map { "most of it for '\($0)'" } ?? "as its tables do without any lines"),
      hint: "see 'logbook status --sizes'", status: .inputOutput)
  }

  /// The user asked an ingest to stop while it removed what is old.
  static var interruptedPruning: Failure {
    Failure(
      "interrupted while old lines were removed; what was done stays",
      hint: "'logbook prune' does the rest, and so does the next 'logbook ingest'",
      status: .signal(Interruption.signal))
  }
}
