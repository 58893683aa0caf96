package import LogModel

/// What a host says of itself at one time, as read from the files below `root`.
///
/// What is missing, or is not as the kernel writes it, takes only its own metrics away.
package struct HostReading: Sendable {
  /// A value that is what it is.
  package struct Level: Sendable, Equatable {
    package var metric: HostMetric
    /// Empty where the metric has no label.
    package var label: String
    package var value: Double
  }

  /// A number that only grows, of which the rate is what matters.
  package struct Counter: Sendable, Equatable {
    package var metric: HostMetric
    package var label: String
    package var value: Int64
    /// Of which `value` is a part; nil: its rate is by time.
    package var whole: Int64?

    package init(_ metric: HostMetric, _ label: String, _ value: Int64, of whole: Int64? = nil) {
      self.metric = metric
      self.label = label
      self.value = value
      self.whole = whole
    }
  }

  /// Microseconds since 1970.
  package let time: Int64
  /// Microseconds since the host was started; nil where it does not say.
  package private(set) var uptime: Int64?
  package private(set) var levels: [Level] = []
  package private(set) var counters: [Counter] = []

  /// More disks, interfaces or processors than this are not looked at.
  static let maxEntries = 512

  /// Whether there is anything of a kernel to be seen below `root`.
  package static func isHost(root: Path) -> Bool { HostFiles(root: root).names("proc") != nil }

  /// Looks now; `time` is what the clock says.
  package init(root: Path = Path("/"), time: Int64) {
    self.time = time
    let files = HostFiles(root: root)
    readUptime(files)
    readProcessors(files)
    readLoad(files)
    readMemory(files)
    readFileSystems(files)
    readDisks(files)
    readInterfaces(files)
    readProcesses(files)
    readSelf(files)
  }

  mutating func add(_ metric: HostMetric, _ value: Double?) { add(metric, "", value) }

  mutating func add(_ metric: HostMetric, _ label: String, _ value: Double?) {
    guard let value, value.isFinite, abs(value) < 1e18 else { return }
    levels.append(Level(metric: metric, label: label, value: Self.rounded(value)))
  }

  mutating func count(_ counter: Counter?) {
    if let counter { counters.append(counter) }
  }

  /// Two decimals: no metric here is more exact.
  static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private mutating func readUptime(_ files: HostFiles) {
    guard let seconds = files.lines("proc/uptime").first?.first.flatMap({ HostFiles.real($0) }),
      seconds >= 0, seconds < 1e12
    else { return }
    uptime = Int64((seconds * 1e6).rounded())
    add(.uptime, seconds.rounded(.down))
  }
}

extension HostReading {
  /// The rates since the counters stood so, at a time and so long after the host was started.
  ///
  /// A counter that was not there has none, nor has one that has begun anew; none has where the host
  /// was started in between.
  package func rates(
    since counters: [Counter], time: Int64, uptime: Int64?
  ) -> [Level] {
    var elapsed = self.time - time
    if let now = self.uptime, let then = uptime {
      guard now >= then else { return [] }
      // No leap of the clock is in it.
      elapsed = now - then
    }
    struct Key: Hashable {
      var metric: HostMetric
      var label: String
    }
    let before = Dictionary(
      counters.map { (Key(metric: $0.metric, label: $0.label), $0) }, uniquingKeysWith: { $1 })
    return self.counters.compactMap { counter in
      let key = Key(metric: counter.metric, label: counter.label)
      guard let last = before[key], counter.value >= last.value else { return nil }
      let value: Double
      if let whole = counter.whole {
        guard let then = last.whole, whole > then else { return nil }
        value = min(100, 100 * Double(counter.value - last.value) / Double(whole - then))
      } else {
        // Of a shorter time the kernel's own clocks are too coarse.
        guard elapsed >= 500_000 else { return nil }
        let rate =
          Double(counter.value - last.value) / (Double(elapsed) / 1e6) * counter.metric.scale
        value = counter.metric == .diskBusyPercent ? min(100, rate) : rate
      }
      guard value < 1e18 else { return nil }
      return Level(
        metric: counter.metric, label: counter.label, value: Self.rounded(value))
    }
  }
}
