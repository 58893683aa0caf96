/// What Claude Code says in a model's place when a limit is reached: no conversation, but the reason
/// why a turn failed, and when the limit is lifted.
enum UsageLimit {
  private static let notice = "Claude AI usage limit reached|"

  /// Whether a text is that and nothing else, up to the digits of the time.
  static func isAll(of text: ArraySlice<UInt8>) -> Bool {
    let time = text.dropFirst(notice.utf8.count)
    return (1...10).contains(time.count) && text.starts(with: notice.utf8)
      && time.allSatisfy { (0x30...0x39).contains($0) }
  }
}
