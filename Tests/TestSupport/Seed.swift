import Glibc

/// Where tests that try many things begin.
///
/// Always at the same place, so that what stops a change is in the change. `SEED=random` begins elsewhere,
/// as `make soak` does, and prints where; `SEED=1` begins at 1.
package enum Seed {
  package static let value: UInt64 = {
    guard let text = unsafe getenv("SEED") else { return 20_261_122 }
    if let seed = UInt64(unsafe String(cString: text)) { return seed }
    let seed = UInt64.random(in: 0..<1_000_000_000)
    print("SEED=\(seed)")
    return seed
  }()
}
