import Formats
import Querying
import Reporting

/// Requests of access logs.
struct AccessTally: Sendable {
  private(set) var paths = AccessPanel()
  private(set) var clients = AccessPanel()
  private(set) var agents = AccessPanel()
  private(set) var referrers = AccessPanel()
  private(set) var total = AccessPanel.Sum()
  /// By status; 0 is none.
  private(set) var statuses = [AccessPanel.Sum](repeating: AccessPanel.Sum(), count: 1000)
  /// By interval and the first digit of the status.
  private(set) var course: [[Int64]]
  private(set) var bytesCourse: [Int64]
  /// By interval.
  private(set) var times: [RequestTimes]
  private let axis: TimeAxis
  /// Which formats' lines were added; whoever adds them says so.
  var formats: Set<RequestFormat> = []
  private var reader = AccessFieldReader()
  private var gateway = GatewayFieldReader()
  private var json = RecordFieldReader(isLogfmt: false)
  private var logfmt = RecordFieldReader(isLogfmt: true)
  private var scratch: [UInt8] = []

  /// An empty one.
  init(like other: AccessTally) { self.init(other.axis) }

  init(_ axis: TimeAxis) {
    self.axis = axis
    course = [[Int64]](repeating: [Int64](repeating: 0, count: 10), count: axis.count)
    bytesCourse = [Int64](repeating: 0, count: axis.count)
    times = [RequestTimes](repeating: RequestTimes(), count: axis.count)
  }

  mutating func add(_ line: Span<UInt8>, time: Int64, _ format: RequestFormat) {
    let found =
      switch format {
      case .access: reader.fields(of: line)
      case .higress: gateway.fields(of: line)
      case .json: json.fields(of: line)
      case .logfmt: logfmt.fields(of: line)
      }
    guard let fields = found else { return }
    var sum = AccessPanel.Sum()
    sum.hits = 1
    sum.bytes = fields.bytes ?? 0
    let status = fields.status ?? 0
    if (400..<600).contains(status) { sum.refused = 1 }
    if (500..<600).contains(status) { sum.failed = 1 }
    let interval = axis.index(of: time)
    if let microseconds = fields.microseconds {
      (sum.time, sum.longest, sum.timed) = (microseconds, microseconds, 1)
      times[interval].add(microseconds)
    }
    total.add(sum)
    statuses[status].add(sum)
    course[interval][status / 100] += 1
    bytesCourse[interval] = bytesCourse[interval].addingSaturated(sum.bytes)
    if let path = fields.path { Self.add(sum, line, path, fields, &scratch, to: &paths) }
    if let host = fields.host { Self.add(sum, line, host, fields, &scratch, to: &clients) }
    if let agent = fields.agent { Self.add(sum, line, agent, fields, &scratch, to: &agents) }
    if let referrer = fields.referrer {
      Self.add(sum, line, referrer, fields, &scratch, to: &referrers)
    }
  }

  private static func add(
    _ sum: AccessPanel.Sum, _ line: Span<UInt8>, _ range: Range<Int>, _ fields: AccessFields,
    _ scratch: inout [UInt8], to panel: inout AccessPanel
  ) {
    if let count = fields.unescape(line, range, into: &scratch) {
      panel.add(sum, scratch.span, 0..<count)
    } else {
      panel.add(sum, line, range)
    }
  }

  /// To be called before anything is read of it, and before it is added to another one.
  mutating func settle() {
    paths.settle()
    clients.settle()
    agents.settle()
    referrers.settle()
  }

  mutating func add(_ other: AccessTally) {
    formats.formUnion(other.formats)
    json.add(other.json)
    logfmt.add(other.logfmt)
    paths.add(other.paths)
    clients.add(other.clients)
    agents.add(other.agents)
    referrers.add(other.referrers)
    total.add(other.total)
    for status in statuses.indices { statuses[status].add(other.statuses[status]) }
    for interval in course.indices {
      for digit in course[interval].indices {
        course[interval][digit] += other.course[interval][digit]
      }
      bytesCourse[interval] = bytesCourse[interval].addingSaturated(other.bytesCourse[interval])
      times[interval].add(other.times[interval])
    }
  }

  /// The names that records have for it.
  func names(of role: RecordFieldReader.Role) -> [String] {
    let names = json.names(of: role)
    return names + logfmt.names(of: role).filter { !names.contains($0) }
  }

  /// Of records.
  var hasOddStatuses: Bool { json.hasOddStatuses || logfmt.hasOddStatuses }

  var allTimes: RequestTimes { times.reduce(into: RequestTimes()) { $0.add($1) } }
}
