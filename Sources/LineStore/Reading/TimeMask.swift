import LogModel

/// What the times of a layout can look like, byte by byte: more than they ever do, never less.
struct TimeMask {
  private enum Place {
    case digit
    case blankOrDigit
    case monthLetter
    case byte(UInt8)
  }

  private var places: [Place] = []
  var count: Int { places.count }

  /// The masks of a layout: one, but for seconds since 1970, whose width varies.
  static func all(of layout: TimeLayout) -> [TimeMask] {
    switch layout.kind {
    case .none: []
    case .epoch: (1...12).map { TimeMask(layout, secondsWidth: $0) }
    default: [TimeMask(layout, secondsWidth: 0)]
    }
  }

  private init(_ layout: TimeLayout, secondsWidth: Int) {
    switch layout.kind {
    case .none: break
    case .iso, .slash:
      let dash = layout.kind == .iso ? UInt8(ascii: "-") : UInt8(ascii: "/")
      places += [.digit, .digit, .digit, .digit, .byte(dash), .digit, .digit, .byte(dash)]
      places += [.digit, .digit, .byte(layout.separator)] + Self.clock
    case .apache:
      places += [.digit, .digit, .byte(UInt8(ascii: "/"))] + Self.month
      places += [.byte(UInt8(ascii: "/")), .digit, .digit, .digit, .digit, .byte(layout.separator)]
      places += Self.clock
    case .syslog:
      places += Self.month
      places += [.byte(0x20), .blankOrDigit, .digit, .byte(0x20)] + Self.clock
    case .epoch:
      places += [Place](repeating: .digit, count: secondsWidth)
    }
    if layout.digits > 0 {
      places.append(.byte(layout.point))
      places += [Place](repeating: .digit, count: Int(layout.digits))
    }
    for index in 0..<layout.suffix.count { places.append(.byte(layout.suffix[index])) }
  }

  private static let month = [Place](repeating: .monthLetter, count: 3)
  private static let clock: [Place] = [
    .digit, .digit, .byte(0x3A), .digit, .digit, .byte(0x3A), .digit, .digit,
  ]
  private static let monthLetters = Set(TimeLayout.monthNames.map(ASCII.lowercase))

  /// Whether the bytes may stand from place `offset` on.
  func fits(_ bytes: ArraySlice<UInt8>, at offset: Int, ignoringCase: Bool) -> Bool {
    guard offset >= 0 && offset + bytes.count <= places.count else { return false }
    for (index, byte) in bytes.enumerated() {
      switch places[offset + index] {
      case .digit: guard byte &- 0x30 <= 9 else { return false }
      case .blankOrDigit: guard byte == 0x20 || byte &- 0x30 <= 9 else { return false }
      case .monthLetter:
        guard Self.monthLetters.contains(ASCII.lowercase(byte)) else { return false }
      case .byte(let expected):
        guard byte == (ignoringCase ? ASCII.lowercase(expected) : expected) else { return false }
      }
    }
    return true
  }
}

extension TimeMask {
  /// Whether the bytes may be one of the words that the time consists of, from edge to edge.
  func isWord(_ bytes: [UInt8]) -> Bool {
    var start = 0
    for index in 0...places.count where index == places.count || !isInWord(index) {
      if index - start == bytes.count && fits(bytes[...], at: start, ignoringCase: false) {
        return true
      }
      start = index + 1
    }
    return false
  }

  private func isInWord(_ index: Int) -> Bool {
    if case .byte(let byte) = places[index] { Word.holds(byte) } else { true }
  }
}

enum ASCII {
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  static func lowercase(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  /// Replaces `output` with `bytes` in lower case.
  static func lowercase(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
    if output.count < bytes.count {
      output = [UInt8](repeating: 0, count: bytes.count)
    } else {
      output.removeLast(output.count - bytes.count)
    }
    unsafe output.withUnsafeMutableBufferPointer { target in
      unsafe bytes.withUnsafeBufferPointer { source in
        for index in source.indices {
          let byte = unsafe source[index]
          unsafe target[index] = byte | (byte &- 0x41 < 26 ? 0x20 : 0)
        }
      }
    }
  }
}
