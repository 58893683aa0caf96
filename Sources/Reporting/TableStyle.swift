import Glibc

/// What a table may assume of the place where it is shown.
package struct TableStyle: Sendable, Equatable {
  /// Columns into which a row has to fit; nil elides nothing.
  package var width: Int?
  package var color: Bool
  /// Of times that are shown in a limited width; others are left as they are.
  package var precision: TimePrecision
  /// Each record is a block of lines, a name and its value, even if it would fit into a row.
  package var isVertical: Bool
  /// Dollars are shown to the billionth, as they are billed, and not to the millionth.
  package var hasFineMoney: Bool

  /// - Parameter isTerminal: a terminal of unknown width is taken to have 80 columns.
  package init(
    width: Int? = nil, isTerminal: Bool = false, color: Bool = false,
    precision: TimePrecision = .milliseconds, isVertical: Bool = false,
    hasFineMoney: Bool = false
  ) {
    self.width = width ?? (isTerminal ? 80 : nil)
    self.color = color
    self.precision = precision
    self.isVertical = isVertical
    self.hasFineMoney = hasFineMoney
  }

  /// The style for what `descriptor` leads to; `noColor` is whether `NO_COLOR` is set.
  package init(descriptor: Int32, noColor: Bool) {
    guard isatty(descriptor) == 1 else {
      self.init()
      return
    }
    var size = winsize()
    let isKnown = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    self.init(width: isKnown ? Int(size.ws_col) : nil, isTerminal: true, color: !noColor)
  }
}
