/// Numbers a chunk's templates from 0 on, in the order in which they come.
struct TemplateNumbers {
  private(set) var templates: [Int64] = []
  /// Open addressing, -1 for none; their number is a power of two.
  private var slots = [Int32](repeating: -1, count: 256)

  /// The template's number; nil for one that has none.
  func number(of template: Int64) -> Int? {
    let found = slots[slot(of: template)]
    return found < 0 ? nil : Int(found)
  }

  mutating func add(_ template: Int64) -> Int {
    let slot = slot(of: template)
    let found = slots[slot]
    if found >= 0 { return Int(found) }
    slots[slot] = Int32(truncatingIfNeeded: templates.count)
    templates.append(template)
    if templates.count * 2 > slots.count { grow() }
    return templates.count - 1
  }

  /// Where the template stands, or would stand.
  private func slot(of template: Int64) -> Int {
    let mask = slots.count - 1
    var slot =
      Int(truncatingIfNeeded: (UInt64(bitPattern: template) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while case let found = slots[slot], found >= 0, templates[Int(found)] != template {
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 4 * slots.count)
    for number in templates.indices {
      slots[slot(of: templates[number])] = Int32(truncatingIfNeeded: number)
    }
  }
}
