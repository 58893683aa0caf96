import JSON

/// Decides about lines that are JSON but say nothing of tokens, at the speed at which they are read.
enum Prefilter {
  /// False when the text is of no wire format; true for some that are of none, too.
  ///
  /// Names of token counts hold `oken`, and the kinds of lines that hold none but matter have an
  /// underscore between letters that are rarely found around one: so one pass looks for `k` and `_`. What a
  /// user says to an agent holds neither, but the `I` of `sessionId`.
  static func mayMatter(_ line: Span<UInt8>) -> Bool {
    if line.hasPrefix(#"{"parentUuid":"#, at: 0) || line.hasPrefix(#"{"type":"user","#, at: 0) {
      return true
    }
    var index = 0
    while index &+ 8 <= line.count {
      let word = unsafe UInt64(
        littleEndian: line.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      if zeroBytes(word ^ 0x6B6B_6B6B_6B6B_6B6B) | zeroBytes(word ^ 0x5F5F_5F5F_5F5F_5F5F)
        | zeroBytes(word ^ 0x4949_4949_4949_4949) != 0
      {
        for place in index..<index &+ 8 where isMark(line, place) { return true }
      }
      index &+= 8
    }
    while index < line.count {
      if isMark(line, index) { return true }
      index &+= 1
    }
    return false
  }

  /// Whether the byte is the `k`, the underscore or the `I` of a word that matters.
  @inline(__always)
  private static func isMark(_ line: Span<UInt8>, _ place: Int) -> Bool {
    guard line[place] == 0x6B || line[place] == 0x5F || line[place] == 0x49, place > 0,
      place &+ 2 < line.count
    else { return false }
    let around =
      UInt32(line[place &- 1]) << 24 | UInt32(line[place]) << 16
      | UInt32(line[place &+ 1]) << 8 | UInt32(line[place &+ 2])
    return switch around {
    case 0x6F6B_656E: true  // token
    case 0x695F_6C6F: true  // ai_log
    case 0x6E5F_6D65: line.hasPrefix("session_meta", at: place &- 7)
    case 0x6E5F_636F: line.hasPrefix("turn_context", at: place &- 4)
    case 0x655F_6974: line.hasPrefix("response_item", at: place &- 8)
    case 0x745F_6D73: line.hasPrefix("event_msg", at: place &- 5)
    case 0x725F_6167: line.hasPrefix("inter_agent_communication", at: place &- 5)
    case 0x6E49_6422: isOfUser(line, place)  // sessionId"
    case 0x645F_6964: line.contains("\"thread.started\"")  // thread_id
    default: false
    }
  }

  /// Many logs have the ids of their own sessions.
  private static func isOfUser(_ line: Span<UInt8>, _ place: Int) -> Bool {
    line.hasPrefix("\"session", at: place &- 8) && line.contains("\"user\"")
  }

  /// The high bit of each byte that is zero; bits above the lowest one set may be wrong.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }
}
