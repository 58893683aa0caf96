/// When a run ends although there is more to read; nil is no limit.
///
/// It ends at the end of a block of records, and what was read until then is stored.
package struct IngestLimits {
  /// Of (decompressed) log text.
  package var bytes: Int64?
  package var microseconds: Int64?
  /// How long a generation of which nothing is stored is remembered once its file is gone.
  package var forgetAfter: Int64 = 400 * 86_400_000_000

  /// Whether somebody has asked to end now.
  package var isEnded: (() -> Bool)?

  package init() {}

  var isLimited: Bool { bytes != nil || microseconds != nil }
}

/// What a run may still read, shared out among the families that are still to come.
///
/// Each gets an equal part of what is left. The smallest backlog comes first, so what it does not need
/// is the others': no family waits for a larger one, and all of the budget is used.
struct Budget {
  private var bytes: Int64?
  private let deadline: Int64?
  private let isEnded: (() -> Bool)?
  private var familyBytes = Int64.max
  private var familyDeadline = Int64.max
  /// However late it is, a run gets somewhere: to the end of a block.
  private var hasBegun = false

  init(_ limits: IngestLimits, now: Int64) {
    bytes = limits.bytes
    deadline = limits.microseconds.map { now + $0 }
    isEnded = limits.isEnded
  }

  /// Begins with a family when `families` are left, it among them.
  mutating func begin(families: Int, now: Int64) {
    let count = Int64(families)
    if let bytes { familyBytes = bytes / count + (bytes % count > 0 ? 1 : 0) }
    if let deadline { familyDeadline = now + max(0, deadline - now) / count }
  }

  /// What may be read of the family's next file.
  func allowance(now: () -> Int64) -> Int {
    hasBegun && isLate(now) ? 0 : Int(max(0, familyBytes))
  }

  func isLate(_ now: () -> Int64) -> Bool {
    isEnded?() ?? false || deadline != nil && now() >= familyDeadline
  }

  /// A file was left in its middle: what is newer waits, for the order's sake.
  mutating func endFamily() { familyBytes = 0 }

  mutating func spend(_ count: Int64) {
    hasBegun = true
    guard let left = bytes else { return }
    bytes = max(0, left - count)
    familyBytes -= count
  }
}
