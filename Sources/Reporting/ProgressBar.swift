/// A line that tells how far a long task is, rewritten in place on a terminal.
package struct ProgressBar: Sendable {
  /// What is being done: `Reading`.
  package var label: String
  /// Bytes to be done; nil where nobody knows.
  package var total: Int64?

  package init(label: String, total: Int64?) {
    self.label = label
    self.total = total
  }

  /// Takes the line away again.
  package static let erasure = "\r\u{1B}[K"

  /// The line after `done` bytes, with what is needed to overwrite the one before.
  ///
  /// - Parameter width: the terminal's columns; the bar takes what the figures leave.
  package func frame(done: Int64, elapsedMicroseconds: Int64, width: Int) -> String {
    Self.erasure + elided(line(done: done, elapsedMicroseconds, width: width), to: width - 1)
  }

  private func line(done: Int64, _ elapsedMicroseconds: Int64, width: Int) -> String {
    let perSecond =
      elapsedMicroseconds > 0 ? Double(done) / Double(elapsedMicroseconds) * 1_000_000 : 0
    let rate = elapsedMicroseconds > 0 ? "  \(ByteCount(Int64(perSecond)))/s" : ""
    guard let total, total > 0 else { return "\(label)  \(ByteCount(done))\(rate)" }
    let part = min(1, Double(done) / Double(total))
    let percent = String(Int(part * 100))
    var figures = String(repeating: " ", count: 3 - percent.count) + percent + " %"
    figures += "  \(ByteCount(done)) of \(ByteCount(total))\(rate)"
    if perSecond >= 1, done < total {
      let left = Double(total - done) / perSecond * 1_000_000
      if left < 1e12 { figures += "  \(ElapsedTime(microseconds: Int64(left))) left" }
    }
    let room = min(20, width - 1 - displayWidth(label) - displayWidth(figures) - 6)
    guard room >= 5 else { return "\(label)  \(figures)" }
    let drawn = bar(part, of: 1, width: room)
    let rest = String(repeating: " ", count: room - drawn.count)
    return "\(label)  ▕\(drawn)\(rest)▏  \(figures)"
  }
}
