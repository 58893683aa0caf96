/// The faults that one check finds: the first few are kept, the others counted.
struct Faults: Sendable {
  private static let named = 3

  private(set) var first: [String] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  /// Faults from here on are counted only.
  var isFull: Bool { first.count == Self.named }

  mutating func add(_ fault: String) {
    count += 1
    if first.count < Self.named { first.append(fault) }
  }

  /// The check's row; `scope` says what was looked at, where nothing is wrong.
  func check(_ name: String, scope: String) -> Check {
    guard count > 0 else { return Check(name: name, isOK: true, detail: scope) }
    var detail = first.joined(separator: "; ")
    if count > first.count { detail += "; and \(count - first.count) more" }
    return Check(name: name, isOK: false, detail: detail)
  }
}

/// `1 line`, `2 lines`.
func counted(_ count: some BinaryInteger, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}
