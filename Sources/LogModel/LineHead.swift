/// What a format found in one line; every range counts bytes of that line.
package struct LineHead: Sendable {
  /// Microseconds since 1970 UTC; nil when the line shows no time that can be read.
  package var time: Int64?
  /// Where the time stands, without the quotes around it; empty when `layout` is `.none`.
  package var timeRange: Range<Int> = 0..<0
  /// Not `.none` only when `layout.render(time)` gives the bytes of `timeRange`.
  package var layout: TimeLayout = .none
  package var severity: Severity?
  /// The message: what stands behind time, level and the like; without its quotes in a JSON or logfmt line.
  package var body: Range<Int> = 0..<0
  package var role: Role = .whole
  /// The line shows an exception or a failed request, whatever its level says.
  package var mayFail = false
  /// A structured record that may show values to be counted.
  package var mayMeasure = false
  /// Of a line of an access log.
  package var request: LoggedRequest?
  /// A record of JSON or logfmt that may be about a request.
  package var mayBeRequest = false
  /// Set in a format whose runtime splits lines: whose part this one is.
  package var part: Part?

  /// Whether there is something to count in the line without a rule.
  package var isCountable: Bool { mayMeasure || mayBeRequest || request != nil }

  /// How the line takes part in a record.
  package enum Role: Sendable, Equatable {
    /// The line is a record by itself.
    case whole
    /// A record begins; the lines behind it may continue it.
    case begins
    /// The line belongs to the record before it, and more lines may.
    case continues
    /// The line belongs to the record before it and completes it.
    case ends

    /// Written out because each line calls it, see `TimeLayout`.
    @inlinable
    package static func == (one: Role, other: Role) -> Bool {
      switch (one, other) {
      case (.whole, .whole), (.begins, .begins), (.continues, .continues), (.ends, .ends): true
      default: false
      }
    }
  }

  package enum Stream: Sendable, CaseIterable { case output, errors }

  package struct Streams: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package init(_ stream: Stream) { self = stream == .output ? .output : .errors }

    package static let output = Streams(rawValue: 1)
    package static let errors = Streams(rawValue: 2)
    package static let both: Streams = [.output, .errors]
  }

  /// A line in a group of lines (see `Role`) that holds records of both streams.
  package struct Part: Sendable {
    package var stream: Stream
    /// Whether it belongs to the record before it of its own stream.
    package var continues: Bool
    /// Whether its stream's record is complete with it.
    package var isLast: Bool

    package init(stream: Stream, continues: Bool, isLast: Bool) {
      self.stream = stream
      self.continues = continues
      self.isLast = isLast
    }
  }

  package init() {}
}
