import LogModel

/// The words of a chunk's rows that touch a parameter, each as one number: what a `WordFilter` holds.
///
/// A word here has at least `minCount` bytes. One that lies in constant text alone is not among them:
/// the templates tell of it. Nor is a part of the time, see `touchTime`.
@safe package struct WordKeys: ~Copyable {
  /// Shorter words are too common to be worth a place.
  package static let minCount = 8

  /// Whether a byte belongs to a word.
  private let classes: UnsafeMutablePointer<Bool>
  /// Open addressing, 0 for none; the size is a power of two.
  private var slots = [UInt64](repeating: 0, count: 1024)
  private(set) var count = 0
  /// A word reaches into the time of a row, so that these keys are not all of its words.
  package private(set) var touchTime = false
  private var line: [UInt8] = []

  package init() {
    unsafe classes = .allocate(capacity: 256)
    for byte in 0..<256 { unsafe classes[byte] = Word.holds(UInt8(byte)) }
  }

  /// Of a chunk's rows; `seams` are those of the templates where they are not plain.
  package init(rows text: Span<UInt8>, seams: [Int64: Seams]) {
    self.init()
    var walk = ChunkRows()
    while walk.next(text) {
      if walk.isDropped { continue }
      let parameters = text.extracting(walk.parameters)
      if let seams = seams[walk.template] {
        add(parameters, in: seams)
      } else {
        add(parameters)
      }
    }
  }

  deinit { unsafe classes.deallocate() }

  /// Adds the words of a row's parameters, as JSON text, where none reaches beyond them.
  package mutating func add(_ parameters: Span<UInt8>) { addRuns(parameters, isJSON: true) }

  /// Adds the words of a row's parameters, as JSON text, and of what they touch.
  package mutating func add(_ parameters: Span<UInt8>, in seams: Seams) {
    var line = exchange(&self.line, with: [])
    seams.weave(parameters, into: &line)
    addRuns(line.span, isJSON: false)
    if let time = line.firstIndex(of: 0) {
      let isTouched =
        time > 0 && Word.holds(line[time - 1])
        || time + 1 < line.count && Word.holds(line[time + 1])
      if isTouched { touchTime = true }
    }
    self.line = line
  }

  /// Adds the runs of word bytes, looking at every eighth byte where they are short.
  private mutating func addRuns(_ text: Span<UInt8>, isJSON: Bool) {
    unsafe text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let end = buffer.count
      var start = 0
      while start &+ Self.minCount <= end {
        var index = start &+ (Self.minCount &- 1)
        while index >= start, unsafe classes[Int(base[index])] { index &-= 1 }
        guard index < start else {
          start = index &+ 1
          continue
        }
        index = start &+ Self.minCount
        while index < end, unsafe classes[Int(base[index])] { index &+= 1 }
        let first = isJSON ? unsafe start + Self.escapeCount(base, start) : start
        if index - first >= Self.minCount {
          insert(unsafe Self.key(base + first, index - first))
        }
        start = index &+ 1
      }
    }
  }

  /// How many of the bytes at `start` belong to an escape that begins with a backslash before it.
  private static func escapeCount(_ text: UnsafePointer<UInt8>, _ start: Int) -> Int {
    var slashes = 0
    while slashes < start, unsafe text[start - 1 - slashes] == UInt8(ascii: "\\") { slashes += 1 }
    guard slashes & 1 == 1 else { return 0 }
    return unsafe text[start] == UInt8(ascii: "u") ? 5 : 1
  }

  private mutating func insert(_ key: UInt64) {
    if place(key) && count * 2 > slots.count {
      let old = slots
      slots = [UInt64](repeating: 0, count: old.count * 4)
      count = 0
      for key in old where key != 0 { _ = place(key) }
    }
  }

  /// False where the key is there already.
  private mutating func place(_ key: UInt64) -> Bool {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key) & mask
    while slots[slot] != 0 {
      if slots[slot] == key { return false }
      slot = (slot + 1) & mask
    }
    slots[slot] = key
    count += 1
    return true
  }

  /// Calls `body` with every key.
  func forEach(_ body: (UInt64) -> Void) {
    for key in slots where key != 0 { body(key) }
  }

  /// The key of a word; nil for one that is too short to have one.
  static func key(_ word: Span<UInt8>) -> UInt64? {
    guard word.count >= minCount else { return nil }
    return unsafe word.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      return unsafe key(base, buffer.count)
    }
  }

  /// Never 0. Stored filters depend on it: eight bytes at a time, the last eight overlapping, by the
  /// multiply-and-fold of wyhash.
  private static func key(_ word: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let bytes = unsafe UnsafeRawPointer(word)
    var value = 0x2D35_8DCC_AA6C_78A5 ^ UInt64(truncatingIfNeeded: count)
    var index = 0
    while index < count {
      let position = min(index, count &- minCount)
      let part = unsafe UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let product = (value ^ part).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
      value = product.high ^ product.low
      index &+= 8
    }
    let product = (value ^ 0xE703_7ED1_A0B4_28DB).multipliedFullWidth(by: 0x8EBC_6AF0_9C88_C6E3)
    return (product.high ^ product.low) | 1 << 63
  }
}
