import Glibc
import LogModel

/// The offsets from UTC that a place used and will use.
///
/// Read from the system's TZif files (RFC 8536), so that no process-wide state is involved; the
/// rule at the end of a file is expanded to the year 2100.
package struct Zone: Sendable {
  package let name: String
  /// The seconds since 1970 at which each period begins; the first is before every time.
  let starts: [Int64]
  /// Seconds east of UTC in each period.
  let offsets: [Int32]

  package static let utc = Zone(name: "UTC", starts: [.min / 4], offsets: [0])

  /// The machine's zone: `$TZ`, else `/etc/localtime`, else UTC.
  package static let local: Zone = {
    if let pointer = unsafe getenv("TZ") {
      var text = unsafe String(cString: pointer)
      if text.hasPrefix(":") { text.removeFirst() }
      if text.hasPrefix("/"), let zone = readFile(text).flatMap({ Zone(name: "local", file: $0) }) {
        return zone
      }
      if text.isEmpty { return .utc }
      if text != "local", let zone = Zone(name: text) { return zone }
      if let rule = ZoneRule(Array(text.utf8)) { return Zone(name: "local", rule: rule) }
    }
    return readFile("/etc/localtime").flatMap { Zone(name: "local", file: $0) } ?? .utc
  }()

  private init(name: String, starts: [Int64], offsets: [Int32]) {
    self.name = name
    self.starts = starts
    self.offsets = offsets
  }

  private init(name: String, rule: ZoneRule) {
    var periods = Periods(starts: [.min / 4], offsets: [rule.standard])
    periods.extend(by: rule, from: 1970)
    self.init(name: name, starts: periods.starts, offsets: periods.offsets)
  }

  /// The zone of an IANA name, `UTC`, or `local` for the machine's; nil for a name that the system
  /// does not know.
  package init?(name: String) {
    if name == "local" {
      self = .local
      return
    }
    if name == "UTC" || name == "Z" {
      self = .utc
      return
    }
    let isPlain = name.utf8.allSatisfy {
      $0.isLetter || $0.isDigit || $0 == 0x5F || $0 == 0x2B || $0 == 0x2D || $0 == 0x2F
    }
    guard isPlain, let first = name.utf8.first, first != 0x2F else { return nil }
    let file = readFile("/usr/share/zoneinfo/" + name)
    guard let file, let zone = Zone(name: name, file: file) else { return nil }
    self = zone
  }

  private init?(name: String, file: [UInt8]) {
    guard let periods = Periods(file: file) else { return nil }
    self.init(name: name, starts: periods.starts, offsets: periods.offsets)
  }

  /// Seconds east of UTC at an instant in seconds since 1970.
  package func offset(at instant: Int64) -> Int32 { offsets[period(at: instant)] }

  private func period(at instant: Int64) -> Int {
    max(starts.partitioningIndex { $0 > instant } - 1, 0)
  }

  /// What a civil time means here.
  struct Reading {
    /// Of the earlier instant when there are two; in a gap, of the time before it.
    var offset: Int32
    /// Of the later instant, when the clock showed the time twice.
    var laterOffset: Int32?
    /// The civil seconds around the time that mean exactly one instant with the same offset; empty
    /// in a fold or a gap.
    var unambiguous: Range<Int64>
  }

  /// `civil` is the civil time counted in seconds as if it were UTC.
  func reading(civil: Int64) -> Reading {
    var first: Int?
    var last: Int?
    var before = 0
    for index in period(at: civil - 172_800)...period(at: civil + 172_800) {
      let end = index + 1 < starts.count ? starts[index + 1] + Int64(offsets[index]) : .max
      if end <= civil { before = index }
      if starts[index] + Int64(offsets[index]) <= civil, civil < end {
        first = first ?? index
        last = index
      }
    }
    guard let first, let last else {
      return Reading(offset: offsets[before], laterOffset: nil, unambiguous: 0..<0)
    }
    if first != last {
      return Reading(
        offset: offsets[first], laterOffset: offsets[last], unambiguous: 0..<0)
    }
    var from = starts[first] + Int64(offsets[first])
    if first > 0 { from = max(from, starts[first] + Int64(offsets[first - 1])) }
    var until = Int64.max / 4
    if first + 1 < starts.count {
      until = starts[first + 1] + Int64(min(offsets[first], offsets[first + 1]))
    }
    return Reading(
      offset: offsets[first], laterOffset: nil, unambiguous: from..<max(from, until))
  }
}

/// The bytes of a small file; nil when it cannot be read.
private func readFile(_ path: String) -> [UInt8]? {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 1 << 17)
  var filled = 0
  while filled < bytes.count {
    let got = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe read(descriptor, buffer.baseAddress.map { unsafe $0 + filled }, buffer.count - filled)
    }
    if got < 0 { return nil }
    if got == 0 { break }
    filled += got
  }
  return Array(bytes[..<filled])
}
