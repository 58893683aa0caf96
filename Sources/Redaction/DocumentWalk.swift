import JSON

/// A walk over one document, value by value and without recursion.
struct DocumentWalk {
  /// Behind the document, or where it breaks.
  private(set) var end: Int
  private(set) var isWhole = false
  /// It breaks in, or right behind, something that was said.
  private(set) var isInContent = false

  /// What a value is.
  private enum Mode {
    case plain
    /// Content whose structure stays.
    case blocks
    /// The payload of an event: its structure, its numbers and the names of the protocol stay.
    case event
    /// The same, of what went wrong.
    case failure
    /// Content of which nothing stays.
    case opaque
    /// The same, where it spans lines: then its members stay, and no name.
    case deep
    /// A name or a number of the protocol, within content.
    case kept

    var isContent: Bool { self != .plain && self != .kept }
    var isEvent: Bool { self == .event || self == .failure }
  }

  private struct Frame {
    var isObject: Bool
    var mode: Mode
    var isPayload: Bool
    var start: Int
    /// What the object is; asked for only where it matters.
    var record: AgentRecord??
  }

  private let view: TextView
  private var frames: [Frame] = []
  private var mode = Mode.plain
  private var isPayload = false

  private init(_ view: TextView, at start: Int) {
    self.view = view
    end = start
  }

  static func run(_ view: TextView, at start: Int, _ scan: inout RecordScan) -> DocumentWalk {
    var walk = DocumentWalk(view, at: start)
    while walk.value(&scan), walk.close() {
      if walk.frames.isEmpty {
        walk.isWhole = true
        break
      }
      guard walk.separator(&scan) else { break }
    }
    if !walk.isWhole, walk.frames.contains(where: \.mode.isEvent) { walk.isInContent = true }
    return walk
  }

  private var next: UInt8 { end < view.count ? view.bytes[end] : 0 }

  private mutating func skipSpace() { end = JSONCursor.skippingSpace(view.bytes.span, end) }

  /// Reads a value, or the beginnings of values in values; false where there is none.
  private mutating func value(_ scan: inout RecordScan) -> Bool {
    while true {
      skipSpace()
      switch next {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = next == UInt8(ascii: "{")
        if mode == .kept { mode = .opaque }
        if mode == .opaque, let isDone = replaceWhole(&scan) { return isDone }
        frames.append(Frame(isObject: isObject, mode: mode, isPayload: isPayload, start: end))
        if isObject, mode == .plain, scan.dropsContent, frames.count > 1, record == .call {
          frames[frames.count - 1].mode = .event
        }
        end += 1
        skipSpace()
        if next == UInt8(ascii: isObject ? "}" : "]") { return true }
        if isObject, !key(&scan) { return false }
      case UInt8(ascii: "\""): return string(&scan)
      case 0x2D, 0x30...0x39, 0x61...0x7A, 0x49, 0x4E:
        bare(&scan)
        return true
      default: return false
      }
    }
  }

  /// Closes what ends here; false at something else than a bracket or a comma.
  private mutating func close() -> Bool {
    while let frame = frames.last {
      skipSpace()
      if next == UInt8(ascii: ",") { return true }
      guard next == UInt8(ascii: frame.isObject ? "}" : "]"), end < view.count else { return false }
      frames.removeLast()
      end += 1
    }
    return true
  }

  private mutating func separator(_ scan: inout RecordScan) -> Bool {
    guard let frame = frames.last else { return false }
    end += 1
    mode = frame.mode
    isPayload = frame.isPayload
    return frame.isObject ? key(&scan) : true
  }

  /// Reads a name and its colon, and decides what its value is.
  private mutating func key(_ scan: inout RecordScan) -> Bool {
    skipSpace()
    guard let frame = frames.last, next == UInt8(ascii: "\"") else { return false }
    let bytes = view.bytes
    let text = bytes.span
    guard let quote = JSONCursor.stringEnd(text, end + 1), quote < view.count else { return false }
    let name = end + 1..<quote
    let colon = JSONCursor.skippingSpace(text, quote + 1)
    guard colon < view.count, text[colon] == UInt8(ascii: ":") else { return false }
    let start = JSONCursor.skippingSpace(text, colon + 1)
    let first = start < view.count ? text[start] : 0
    if frame.mode == .deep {
      scan.drop(view, name)
      mode = .deep
    } else if !scan.dropsContent {
      scan.string(view, name, isKey: true, isOpen: false)
      mode = .plain
    } else if let known = mode(of: name, in: frame, first) {
      scan.string(view, name, isKey: true, isOpen: false)
      mode = known
    } else {
      // No name of the protocol: it was said, too.
      scan.drop(view, name)
      mode = .opaque
    }
    end = start
    return true
  }

  private mutating func mode(of name: Range<Int>, in frame: Frame, _ first: UInt8) -> Mode? {
    guard name.contains(where: { view.bytes[$0] == UInt8(ascii: "\\") }) else {
      let bytes = view.bytes
      return mode(of: name, bytes.span, in: frame, first)
    }
    let plain = view.decoded(name, isOpen: false)
    let bytes = plain.bytes
    return mode(of: 0..<bytes.count, bytes.span, in: frame, first)
  }

  private mutating func mode(
    of name: Range<Int>, _ text: Span<UInt8>, in frame: Frame, _ first: UInt8
  ) -> Mode? {
    isPayload = frame.isPayload
    let isText = first == UInt8(ascii: "\"")
    switch frame.mode {
    case .plain, .event, .failure:
      switch ContentNames.role(text, name) {
      case .blocks?: return .blocks
      case .items?: return first == UInt8(ascii: "[") ? .blocks : .opaque
      case .said?: return first == UInt8(ascii: "[") ? .blocks : isText ? .opaque : frame.mode
      case .opaque?: return .opaque
      case .message?:
        return isText && (frame.isPayload || isNotice) ? .opaque : frame.mode
      case .fragment?: return isText ? .opaque : frame.mode
      case .event?: return .event
      case .reason?: return isNotice ? .opaque : frame.mode
      case .cause?: return isNotice || frame.mode.isEvent ? .failure : frame.mode
      case .list?: return first == UInt8(ascii: "[") ? .opaque : frame.mode
      case .spoken? where isText || first == UInt8(ascii: "{") || first == UInt8(ascii: "["):
        if frame.mode == .failure, isText { return .kept }
        return frame.mode.isEvent || record?.isSpoken == true ? .opaque : frame.mode
      case .payload?:
        isPayload = true
        switch record {
        case .event?, .stream?: return .event
        case .state?: return .opaque
        case .notice?, .call?, nil: return frame.mode
        }
      case .spoken?, nil:
        guard frame.mode.isEvent else { return .plain }
        switch ContentNames.eventRole(text, name) {
        case .kept?: return isText ? .kept : frame.mode
        case .opaque?: return .opaque
        case nil: return frame.mode
        }
      }
    case .blocks:
      switch ContentNames.blockRole(text, name) {
      case .kept?: return .kept
      case .blocks?: return .blocks
      case nil: return ContentNames.role(text, name) == nil ? nil : .opaque
      }
    case .opaque, .deep, .kept: return frame.mode
    }
  }

  /// What the object is whose member is looked at.
  private var record: AgentRecord? {
    mutating get {
      guard let frame = frames.last else { return nil }
      if let record = frame.record { return record }
      let bytes = view.bytes
      let found = AgentRecord(bytes.span, at: frame.start)
      frames[frames.count - 1].record = .some(found)
      return found
    }
  }

  private var isNotice: Bool { mutating get { record == .notice } }

  /// Replaces an object or an array in one piece; nil where it must be walked through.
  private mutating func replaceWhole(_ scan: inout RecordScan) -> Bool? {
    guard let behind = JSONCursor.valueEnd(view.bytes.span, end) else {
      isInContent = true
      scan.drop(view, end..<view.count)
      end = view.count
      return false
    }
    let range = end..<behind
    if JSONCursor.skippingSpace(view.bytes.span, end + 1) == behind - 1 {
      end = behind
      return true
    }
    guard view.places(range).count == 1, !range.contains(where: { view.bytes[$0] == 0x0A }) else {
      mode = .deep
      return nil
    }
    scan.drop(view, range, isValue: true)
    isInContent = true
    end = behind
    return true
  }

  private mutating func string(_ scan: inout RecordScan) -> Bool {
    let quote = JSONCursor.stringEnd(view.bytes.span, end + 1)
    let range = end + 1..<min(quote ?? view.count, view.count)
    end = quote.map { $0 + 1 } ?? view.count
    isInContent = mode.isContent
    if isInContent, !UsageLimit.isAll(of: view.bytes[range]) {
      scan.drop(view, range)
    } else {
      scan.string(view, range, isKey: false, isOpen: quote == nil && view.isOpen)
    }
    return quote != nil
  }

  private mutating func bare(_ scan: inout RecordScan) {
    let start = end
    while end < view.count, Self.isBare(view.bytes[end]) { end += 1 }
    let range = start..<end
    isInContent = mode.isContent && !(mode.isEvent && view.bytes[start] < UInt8(ascii: "A"))
    guard isInContent else { return scan.bare(view, range) }
    let isLiteral = ["true", "false", "null"].contains { view.bytes[range].elementsEqual($0.utf8) }
    if !isLiteral { scan.drop(view, range, isValue: true) }
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }
}
