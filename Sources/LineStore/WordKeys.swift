import CBytes
import LogModel

/// The words of a chunk's rows that touch a parameter, each as one number: what a `WordFilter` holds.
///
/// A word here has at least `minCount` bytes. One that lies in constant text alone is not among them:
/// the templates tell of it. Nor is a part of the time, see `touchTime`.
@safe package struct WordKeys: ~Copyable {
  /// Shorter words are too common to be worth a place.
  package static let minCount = 8

  /// Open addressing, 0 for none; `mask` is the highest index, their number a power of two.
  private var slots = unsafe Self.emptySlots(1024)
  private var mask = 1023
  private(set) var count = 0
  /// A word reaches into the time of a row, so that these keys are not all of its words.
  private(set) var touchTime = false
  private var line: [UInt8] = []

  package init() {}

  deinit { unsafe slots.deallocate() }

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

  /// Adds the words of rows' parameters, as JSON text, where none reaches beyond them.
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

  /// Adds the runs of word bytes, 64 bytes at a time.
  private mutating func addRuns(_ text: Span<UInt8>, isJSON: Bool) {
    unsafe text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let end = buffer.count
      var start = 0
      /// Bytes of a word that reach up to `start`.
      var open = 0
      while start < end {
        var bits = unsafe logbook_word_bytes(base + start, end &- start)
        if open > 0 {
          let rest = (~bits).trailingZeroBitCount
          open &+= rest
          if rest < 64 {
            unsafe addWord(base, start &+ rest &- open, open, isJSON)
            bits &= ~0 << rest
            open = 0
          }
        }
        if open == 0 {
          open = (~bits).leadingZeroBitCount
          bits &= ~0 >> open
          var runs = bits & bits >> 1
          runs &= runs >> 2
          runs &= runs >> 4
          while runs != 0 {
            let first = runs.trailingZeroBitCount
            let count = (~(bits >> first)).trailingZeroBitCount
            unsafe addWord(base, start &+ first, count, isJSON)
            runs &= ~0 << (first &+ count)
          }
        }
        start &+= 64
      }
      if open > 0 { unsafe addWord(base, end &- open, open, isJSON) }
    }
  }

  @inline(__always)
  private mutating func addWord(
    _ text: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ isJSON: Bool
  ) {
    guard count >= Self.minCount else { return }
    let skipped = isJSON ? unsafe Self.escapeCount(text, start) : 0
    guard count &- skipped >= Self.minCount else { return }
    insert(unsafe Self.key(text + start + skipped, count &- skipped))
  }

  /// How many of the bytes at `start` belong to an escape that begins with a backslash before it.
  private static func escapeCount(_ text: UnsafePointer<UInt8>, _ start: Int) -> Int {
    guard start > 0, unsafe text[start - 1] == UInt8(ascii: "\\") else { return 0 }
    var slashes = 1
    while slashes < start, unsafe text[start - 1 - slashes] == UInt8(ascii: "\\") { slashes += 1 }
    guard slashes & 1 == 1 else { return 0 }
    return unsafe text[start] == UInt8(ascii: "u") ? 5 : 1
  }

  @inline(__always)
  private mutating func insert(_ key: UInt64) {
    var slot = Int(truncatingIfNeeded: key) & mask
    while case let found = unsafe slots[slot], found != 0 {
      if found == key { return }
      slot = (slot &+ 1) & mask
    }
    unsafe slots[slot] = key
    count &+= 1
    if count * 2 > mask { grow() }
  }

  private mutating func grow() {
    let old = unsafe slots
    let oldMask = mask
    mask = 4 * mask + 3
    unsafe slots = Self.emptySlots(mask + 1)
    count = 0
    for slot in 0...oldMask {
      let key = unsafe old[slot]
      if key != 0 { insert(key) }
    }
    unsafe old.deallocate()
  }

  private static func emptySlots(_ count: Int) -> UnsafeMutablePointer<UInt64> {
    let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    unsafe slots.initialize(repeating: 0, count: count)
    return unsafe slots
  }

  /// Calls `body` with every key.
  func forEach(_ body: (UInt64) -> Void) {
    for slot in 0...mask {
      let key = unsafe slots[slot]
      if key != 0 { body(key) }
    }
  }

  /// The key of a word; nil for one that is too short to have one.
  static func key(_ word: Span<UInt8>) -> UInt64? {
    guard word.count >= minCount else { return nil }
    return unsafe word.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil }
      return unsafe key(base, buffer.count)
    }
  }

  /// Never 0.
  ///
  /// Stored filters depend on it: eight bytes at a time, the last eight overlapping, by the
  /// multiply-and-fold of wyhash.
  @inline(__always)
  private static func key(_ word: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let bytes = unsafe UnsafeRawPointer(word)
    var value = 0x2D35_8DCC_AA6C_78A5 ^ UInt64(truncatingIfNeeded: count)
    var index = 0
    let last = count &- minCount
    repeat {
      let part = unsafe UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: min(index, last), as: UInt64.self))
      let product = (value ^ part).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
      value = product.high ^ product.low
      index &+= minCount
    } while index < count
    return value | 1 << 63
  }
}
