/// A sum that says whether two tables count the same things, whatever their order.
///
/// Every key is mixed to 64 bits and weighed with its count; two multisets that differ have the
/// same sum by a chance of 2⁻⁶⁴. So counters of any number are compared in the memory of one.
struct Digest: Equatable {
  private var sum: UInt64 = 0
  private(set) var count: Int64 = 0

  mutating func add(_ key: Int64, count added: Int64 = 1) {
    sum &+= Self.mix(key) &* UInt64(bitPattern: added)
    count &+= added
  }

  /// The finalizer of SplitMix64.
  private static func mix(_ key: Int64) -> UInt64 {
    var mixed = UInt64(bitPattern: key) &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
