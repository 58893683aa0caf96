import Glibc
import TestSupport
import Testing

/// Random things happen to a family of logs; whatever they are, every record is stored once.
@Suite struct `Random histories` {
  @Test func `random file actions against a list of what was written`() {
    let soak = unsafe getenv("MODEL_SECONDS").flatMap { Int(unsafe String(cString: $0)) }
    let started = time(nil)
    var round: UInt64 = 0
    repeat {
      // SEED alone replays the first history, the one that a failure names.
      let seed = Seed.value &+ round
      let steps = Array(0..<40 as Range<UInt64>)
      if History.of(seed, steps).failure != nil {
        let history = Self.shrink(seed, steps)
        Issue.record(
          """
          SEED=\(seed), the steps without which it does not fail:
          \(history.actions.joined(separator: "\n"))
          \(history.failure ?? "it does not fail every time")
          """)
        return
      }
      round += 1
      // Without a time the histories are the same ones on a fast machine and on a slow one.
    } while soak.map { time(nil) - started < $0 } ?? (round < 24)
  }

  /// Leaves out every step, halves first, without which it fails as well.
  private static func shrink(_ seed: UInt64, _ all: [UInt64]) -> History {
    var steps = all
    var history = History.of(seed, steps)
    var size = steps.count / 2
    while size > 0 {
      var start = 0
      while start < steps.count {
        var fewer = steps
        fewer.removeSubrange(start..<min(start + size, steps.count))
        let shorter = History.of(seed, fewer)
        if shorter.failure != nil {
          (steps, history) = (fewer, shorter)
        } else {
          start += size
        }
      }
      size /= 2
    }
    return history
  }
}
